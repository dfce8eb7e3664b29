// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { gvkOf } from "@flux-ts/kube-core";
import type { ObjectId } from "./object-id.ts";
import { idOf, subjectOf } from "./object-id.ts";

/** What was done to an object. `skipped`: nothing, because the user said so; `unknown`: asked for, but not known to be done. */
export type Action = "created" | "configured" | "unchanged" | "deleted" | "skipped" | "unknown";

/** One object and what was done to it. */
export interface Change {
  readonly id: ObjectId;
  /** The version of the API, without the group. */
  readonly version: string;
  readonly action: Action;
}

export function changeOf(object: KubeObject, action: Action): Change {
  return { id: idOf(object), version: gvkOf(object).version, action };
}

/**
 * One line for each change: `ConfigMap/default/hello configured`. The text of events and messages.
 * @see fluxcd/pkg ssa/changeset.go; spec G-SSA-10
 */
export function formatChanges(changes: readonly Change[]): string {
  return changes.map(({ id, action }) => `${subjectOf(id)} ${action}`).join("\n");
}

/** The changes that did something: unchanged and skipped objects left out. */
export function effective(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ action }) => action === "created" || action === "configured" || action === "deleted");
}

/** Subjects by what was done to them: how logs show a change set with the gate `GroupChangeLog`. */
export function groupChanges(changes: readonly Change[]): Readonly<Partial<Record<Action, readonly string[]>>> {
  const groups: Partial<Record<Action, string[]>> = {};
  for (const { id, action } of changes) (groups[action] ??= []).push(subjectOf(id));
  return groups;
}
