// SPDX-License-Identifier: Apache-2.0

/** Scenarios that fail, each with its reason. */
export const knownFailures: Readonly<Record<string, string>> = {};
