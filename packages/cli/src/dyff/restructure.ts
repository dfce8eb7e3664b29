// SPDX-License-Identifier: Apache-2.0
import { compareText, ExactNumber, isJsonObject } from "@flux-ts/kube-core";

/** Keys that stand first in a map, in this order. The list that a map shares most keys with counts, of several the first. */
const KEY_ORDERS: readonly (readonly string[])[] = [
  ["name", "director_uuid", "releases", "instance_groups", "networks", "resource_pools", "compilation"],
  ["name", "url", "version", "sha1"],
  ["jobs", "resources", "resource_types"],
  ["name", "type", "source"],
  ["get"],
  ["put"],
  ["task"],
  ["releases", "instance_groups", "configuration", "variables"],
  ["auth", "templates"],
  ["name"],
  ["key"],
  ["id"],
];

/**
 * Keys in the order in which dyff shows what was added or removed: known ones first, then the flat before the deep. A map that
 * has no known key stays in the order of its names.
 *
 * @returns maps in place of objects, since these would order keys themselves
 * @see gonvenience/ytbx v1.4.7 RestructureObject
 */
export function restructure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restructure);
  const entries = entriesOf(value);
  return entries === undefined ? value : new Map(ordered(entries).map(([key, field]) => [key, restructure(field)]));
}

type Entries = readonly (readonly [string, unknown])[];

/** Of an object sorted by name, of a map in its own order. */
export function entriesOf(value: unknown): Entries | undefined {
  // Nothing but names and values of YAML is in these maps.
  if (value instanceof Map) return [...(value as ReadonlyMap<string, unknown>)];
  if (!isJsonObject(value) || value instanceof ExactNumber) return undefined;
  return Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
}

function ordered(entries: Entries): Entries {
  const keys = entries.map(([key]) => key);
  const hits = KEY_ORDERS.map((order) => order.filter((key) => keys.includes(key)));
  const most = Math.max(...hits.map(({ length }) => length));
  if (most === 0) return entries;
  const first = hits.find(({ length }) => length === most) ?? [];
  const known = first.flatMap((key) => entries.filter(([name]) => name === key));
  const others = entries.filter(([key]) => !first.includes(key));
  return [...known, ...others.toSorted(([, a], [, b]) => depthOf(a) - depthOf(b))];
}

/** How many keys and indexes lead to the deepest scalar. */
function depthOf(value: unknown): number {
  const inner = Array.isArray(value) ? value : entriesOf(value)?.map(([, field]) => field);
  return inner === undefined || inner.length === 0 ? 0 : 1 + Math.max(...inner.map(depthOf));
}
