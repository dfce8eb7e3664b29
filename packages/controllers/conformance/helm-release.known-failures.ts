// SPDX-License-Identifier: Apache-2.0
export const knownFailures: Readonly<Record<string, string>> = {};
