// SPDX-License-Identifier: Apache-2.0

/** Cases that fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "own/schema/local file ref (message)": "Schemas in other files are never looked for; the message says so.",
};
