// SPDX-License-Identifier: Apache-2.0

/** None. */
export const knownFailures: Readonly<Record<string, string>> = {};
