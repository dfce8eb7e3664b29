// SPDX-License-Identifier: Apache-2.0
import type { KindBehaviour } from "./kind-behaviour.ts";

/** The behaviour of each built-in kind, by its name in the type table. A kind that is not listed has none of its own. */
export const KINDS: Readonly<Record<string, KindBehaviour>> = {};
