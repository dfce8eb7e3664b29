// SPDX-License-Identifier: Apache-2.0
import { get, isMapping, isNull, scalarText } from "../mapping.ts";

/** Fields that tell items of Kubernetes' lists apart, the likeliest first. */
const identities = ["name", "key", "containerPort", "port", "mountPath", "devicePath", "ip", "topologyKey", "type", "uid"] as const;

/**
 * For each item of `after` the index of the item of `before` that it was: the very same, else one with the same name (or
 * what else tells items apart), else, in lists of one length, the one at its place.
 */
export function pairItems(before: readonly unknown[], after: readonly unknown[]): readonly (number | undefined)[] {
  const free = new Set(before.keys());
  const out: (number | undefined)[] = after.map(() => undefined);
  const match = (keyOf: (item: unknown) => unknown): void => {
    const known = new Map<unknown, number[]>();
    for (const index of free) {
      const key = keyOf(before[index]);
      if (key === undefined) continue;
      const same = known.get(key);
      if (same === undefined) known.set(key, [index]);
      else same.push(index);
    }
    for (const [index, item] of after.entries()) {
      if (out[index] !== undefined) continue;
      const found = known.get(keyOf(item))?.shift();
      if (found === undefined) continue;
      out[index] = found;
      free.delete(found);
    }
  };
  match((item) => (isMapping(item) || Array.isArray(item) ? item : `=${scalarText(item)}`));
  if (free.size > 0) match(identityOf);
  if (before.length === after.length) {
    for (const [index, found] of out.entries()) {
      if (found === undefined && free.has(index) && isMapping(before[index]) && isMapping(after[index])) out[index] = index;
    }
  }
  return out;
}

function identityOf(item: unknown): string | undefined {
  const field = identities.find((name) => !isNull(get(item, name)));
  return field === undefined ? undefined : `${field}=${scalarText(get(item, field))}`;
}
