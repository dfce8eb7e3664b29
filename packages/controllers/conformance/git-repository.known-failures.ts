// SPDX-License-Identifier: Apache-2.0

/** Cases that are known to fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {};
