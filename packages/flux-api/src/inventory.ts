// SPDX-License-Identifier: Apache-2.0
import type { Infer } from "@flux-ts/kube-core";
import { array, object, string } from "@flux-ts/kube-core/schema";

const entry = object(
  {
    id: string({ description: "`<namespace>_<name>_<group>_<kind>`." }),
    v: string({ description: "API version, without the group." }),
  },
  { description: "An object that was applied." },
);

/** The objects that an applier is responsible for. @see kustomize-controller api/v1 ResourceInventory */
export const inventory = (description: string) =>
  object({ entries: array(entry, { description: "One for each object." }) }, { description });

/** An entry of `status.inventory.entries`. */
export type InventoryEntry = Infer<typeof entry>;
