// SPDX-License-Identifier: Apache-2.0
import { kindOrder, orderFirst, orderLast } from "../fieldspecs/kind-order.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { SortOptions } from "../kustomization.ts";
import type { Resource } from "../resource.ts";
import type { Gvk, ResourceId } from "../resource-id.ts";
import { formatGvk } from "../resource-id.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Orders the resources: `fifo` as they were read, `legacy` by kind, then group, version, namespace and name.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see kustomize SortOrderTransformer
 */
export function sortResources(options: SortOptions): Transformer {
  if (options.order !== "fifo" && options.order !== "legacy") {
    throw new KustomizeError("INVALID_KUSTOMIZATION", "the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  if (options.order === "fifo" && options.legacySortOptions !== undefined) {
    throw new KustomizeError(
      "INVALID_KUSTOMIZATION",
      "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
    );
  }
  if (options.order === "fifo") return () => {};
  const first = options.legacySortOptions === undefined ? orderFirst : (options.legacySortOptions.orderFirst ?? []);
  const last = options.legacySortOptions === undefined ? orderLast : (options.legacySortOptions.orderLast ?? []);
  return (resources) => {
    resources.list = resources.list
      .map((resource) => ({ resource, rank: kindOrder(resource.kind, first, last), gvk: gvkText(resource.id), id: idText(resource.id) }))
      .toSorted((a, b) => a.rank - b.rank || compareGvk(a, b) || compareText(a.id, b.id))
      .map(({ resource }) => resource);
  };
}

interface Ranked {
  readonly resource: Resource;
  readonly gvk: string;
}

function compareGvk(a: Ranked, b: Ranked): number {
  const [left, right] = [a.resource.id, b.resource.id];
  // A Namespace of the core group comes before others of that kind, whatever their group's name.
  const isReversed = left.kind === "Namespace" && right.kind === "Namespace" && (left.group === "" || right.group === "");
  return isReversed ? compareText(b.gvk, a.gvk) : compareText(a.gvk, b.gvk);
}

function gvkText({ group, version, kind }: Gvk): string {
  return `${group || "~G"}_${version || "~V"}_${kind || "~K"}`;
}

function idText(id: ResourceId): string {
  return `${formatGvk(id)}|${id.namespace || "~X"}|${id.name || "~N"}`;
}

/** By UTF-8 bytes, as Go compares: for the names of resources, by UTF-16 unit is the same. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
