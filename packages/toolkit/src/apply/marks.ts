// SPDX-License-Identifier: Apache-2.0
import type { Mark } from "./metadata.ts";

/** The labels or annotations with which an object says how it wants to be treated. @see spec §1.7, G-SSA-6, G-PRN-2 */
export interface Marks {
  /** Neither applied nor changed. */
  readonly excluded: readonly Mark[];
  /** Created when missing, then left alone. */
  readonly ifNotPresent: readonly Mark[];
  /** What others own stays theirs. */
  readonly merged: readonly Mark[];
  /** Recreated when an immutable field changes. */
  readonly forced: readonly Mark[];
  /** Not deleted. */
  readonly kept: readonly Mark[];
}

/** @param group `kustomize.toolkit.fluxcd.io` */
export function marksOf(group: string): Marks {
  const reconcileDisabled = { key: `${group}/reconcile`, value: "disabled" };
  const ssa = (value: string): Mark => ({ key: `${group}/ssa`, value });
  return {
    excluded: [reconcileDisabled, ssa("Ignore")],
    ifNotPresent: [ssa("IfNotPresent")],
    merged: [ssa("Merge")],
    forced: [{ key: `${group}/force`, value: "enabled" }],
    kept: [{ key: `${group}/prune`, value: "disabled" }, reconcileDisabled, ssa("Ignore")],
  };
}
