// SPDX-License-Identifier: Apache-2.0

/** Cases that fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {};
