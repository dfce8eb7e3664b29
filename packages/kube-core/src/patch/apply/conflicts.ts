// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../../go-quote.ts";
import { compareText } from "../../json-object.ts";
import type { StatusCause } from "../../status.ts";
import type { FieldSet } from "./field-set.ts";
import { forEachPath, hasPath, printPath } from "./field-set.ts";
import type { Manager } from "./managers.ts";
import { identityText } from "./managers.ts";
import type { PathElement } from "./path-element.ts";

/** A path that an apply would change and that somebody else owns. */
export interface ApplyConflict {
  readonly manager: Manager;
  readonly path: readonly PathElement[];
}

/** The conflicts in a set, path by path. */
export function conflictsOf(manager: Manager, set: FieldSet): ApplyConflict[] {
  const conflicts: ApplyConflict[] = [];
  forEachPath(set, (path) => conflicts.push({ manager, path: [...path] }));
  return conflicts;
}

/** Those whose path is not in the set. */
export function conflictsOutside(conflicts: readonly ApplyConflict[], allowed: FieldSet): readonly ApplyConflict[] {
  return conflicts.filter(({ path }) => !hasPath(allowed, path));
}

/**
 * `Apply failed with 1 conflict: conflict with "m1": .spec.replicas`; more than one are listed by manager.
 *
 * @see apimachinery managedfields/internal NewConflictError
 */
export function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${printManager(first.manager)}: ${printPath(first.path)}`;
  }
  const byManager = new Map<string, { readonly manager: Manager; readonly lines: string[] }>();
  for (const { manager, path } of conflicts) {
    const identity = identityText(manager);
    const group = byManager.get(identity) ?? { manager, lines: [] };
    group.lines.push(`- ${printPath(path)}`);
    byManager.set(identity, group);
  }
  const parts = [...byManager]
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([, { manager, lines }]) => [`conflicts with ${printManager(manager)}:`, ...lines]);
  return `Apply failed with ${conflicts.length} conflicts: ${parts.join("\n")}`;
}

/** One cause for each path. */
export function conflictCauses(conflicts: readonly ApplyConflict[]): StatusCause[] {
  return conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${printManager(manager)}`,
    field: printPath(path),
  }));
}

function printManager({ name, operation, apiVersion, subresource }: Manager): string {
  const who = subresource === "" ? goQuote(name) : `${goQuote(name)} with subresource ${goQuote(subresource)}`;
  return operation === "Update" ? `${who} using ${apiVersion}` : who;
}
