// SPDX-License-Identifier: Apache-2.0

/** Scenarios that fail, each with the reason. */
export const knownFailures: Readonly<Record<string, string>> = {};
