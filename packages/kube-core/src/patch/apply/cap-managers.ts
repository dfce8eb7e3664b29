// SPDX-License-Identifier: Apache-2.0
import { compareText } from "../../json-object.ts";
import { union } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import { identityText, managerKey, secondsOf } from "./managers.ts";

/** How many entries of updates are kept apart. */
const MAX_UPDATE_MANAGERS = 10;
const OLD_UPDATES = "ancient-changes";

/**
 * Folds the oldest updates of each version into one entry until no more than ten entries of updates are left.
 *
 * @see apimachinery managedfields/internal capManagersManager
 */
export function capUpdateManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= MAX_UPDATE_MANAGERS) return managers;
  updaters.sort(
    ([, left], [, right]) => secondsOf(left.time) - secondsOf(right.time) || compareText(identityText(left), identityText(right)),
  );
  const result = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [key, manager] of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, key);
      continue;
    }
    fold(result, first, key, manager);
    count--;
  }
  return result;
}

/** Moves the first manager of the version into its bucket, if it is not there yet, and the given one into that. */
function fold(managers: Map<string, Manager>, first: string, key: string, manager: Manager): void {
  const { apiVersion } = manager;
  const identity = { name: OLD_UPDATES, operation: "Update" as const, apiVersion, subresource: "" };
  const bucketKey = managerKey(identity);
  const bucket = managers.get(bucketKey) ?? managers.get(first);
  if (!managers.has(bucketKey)) managers.delete(first);
  managers.delete(key);
  managers.set(bucketKey, { ...identity, time: manager.time, set: bucket === undefined ? manager.set : union(manager.set, bucket.set) });
}
