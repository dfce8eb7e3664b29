// SPDX-License-Identifier: Apache-2.0
import type { Call } from "@flux-ts/testbed/call-cases";

/** Ours for upstream's functions that the cases call. */
export const calls: Readonly<Record<string, Call>> = {};
