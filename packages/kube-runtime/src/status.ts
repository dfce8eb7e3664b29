// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ExactNumber, getKey, isConflict, isJsonObject, isNotFound, refOf, setKey, toTimestamp } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import type { ConditionValue, SummaryRule } from "./conditions.ts";
import { conditionsOf, summarize, withCondition, withoutCondition } from "./conditions.ts";

/** What is to change in a status. */
export interface StatusChange {
  /** Top-level fields; undefined removes. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By type; undefined removes. Conditions that are not named are somebody else's and stay. */
  readonly conditions: ReadonlyMap<string, ConditionValue | undefined>;
  /** Ready is made out of the conditions afterwards. */
  readonly summary?: SummaryRule;
}

/** The status that an object has after a change. `now` is in milliseconds. */
export function changedStatus(object: KubeObject, change: StatusChange, now: number): Readonly<Record<string, unknown>> {
  const status: Record<string, unknown> = isJsonObject(object.status) ? { ...object.status } : {};
  for (const [field, value] of Object.entries(change.fields)) {
    if (value === undefined) delete status[field];
    else setKey(status, field, value);
  }
  const at = { generation: object.metadata.generation ?? 0, timestamp: toTimestamp(now) };
  let conditions = conditionsOf(object);
  for (const [type, value] of change.conditions) {
    if (type === "Ready" && change.summary !== undefined) continue;
    conditions = value === undefined ? withoutCondition(conditions, type) : withCondition(conditions, type, value, at);
  }
  if (change.summary !== undefined) {
    const ready = summarize(conditions, "Ready", change.summary) ?? change.conditions.get("Ready");
    if (ready !== undefined) conditions = withCondition(conditions, "Ready", ready, at);
  }
  if (conditions.length > 0) status["conditions"] = conditions;
  else if (change.conditions.size > 0) delete status["conditions"];
  return status;
}

/** The merge patch that makes `after` out of `before`; undefined when they are equal. Lists are taken whole. */
export function mergePatch(before: unknown, after: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const old = isJsonObject(before) ? before : {};
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(old)) if (!Object.hasOwn(after, key)) setKey(patch, key, null);
  for (const [key, value] of Object.entries(after)) {
    const was = getKey(old, key);
    if (isJsonObject(value) && isJsonObject(was)) {
      const inner = mergePatch(was, value);
      if (inner !== undefined) setKey(patch, key, inner);
    } else if (!isEqual(was, value)) setKey(patch, key, value);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
  }
  return a instanceof ExactNumber && b instanceof ExactNumber && a.text === b.text;
}

/** Who writes a status, and when. */
export interface StatusWriter {
  readonly client: Client;
  readonly fieldManager: string;
  readonly now: () => number;
}

/**
 * Writes a change of an object's status: one merge patch on `/status`, none when nothing changes. The patch holds
 * only for the version it was made from; when somebody else wrote meanwhile, the change is made anew on top of theirs.
 *
 * @returns the object afterwards; undefined when it is gone (or another of the same name took its place)
 * @throws {ApiError} what the server says otherwise; a conflict only after five in a row
 */
export async function writeStatus(writer: StatusWriter, object: KubeObject, change: StatusChange): Promise<KubeObject | undefined> {
  const ref = refOf(object);
  let current = object;
  for (let attempt = 1; ; attempt += 1) {
    const status = mergePatch(current.status, changedStatus(current, change, writer.now()));
    if (status === undefined) return current;
    const { resourceVersion } = current.metadata;
    try {
      return await writer.client.patch(
        ref,
        { metadata: resourceVersion === undefined ? {} : { resourceVersion }, status },
        { type: "merge", subresource: "status", fieldManager: writer.fieldManager },
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (!isConflict(error) || attempt >= 5) throw error;
    }
    const latest = await writer.client.find(ref);
    if (latest === undefined || latest.metadata.uid !== object.metadata.uid) return undefined;
    // What was reconciled is an older generation: conditions must say so.
    current = {
      ...latest,
      metadata: { ...latest.metadata, ...(object.metadata.generation === undefined ? {} : { generation: object.metadata.generation }) },
    };
  }
}
