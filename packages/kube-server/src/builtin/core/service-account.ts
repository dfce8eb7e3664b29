// SPDX-License-Identifier: Apache-2.0
import type { KindBehaviour } from "../kind-behaviour.ts";
import { serviceAccountTable } from "./tables.ts";

/** v1 ServiceAccount. */
export const serviceAccount: KindBehaviour = { printer: serviceAccountTable };
