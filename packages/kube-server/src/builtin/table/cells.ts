// SPDX-License-Identifier: Apache-2.0
import { formatLabelSelector, labelSelectorOf, type JsonObject, type KubeObject, type LabelSelectorObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { age } from "./age.ts";

/** What cells show for nothing. */
export const NONE = "<none>";
export const UNSET = "<unset>";

/** Parts of an object that most tables show. */
export const nameOf = (object: KubeObject): string => object.metadata.name ?? "";
export const ageOf = (object: KubeObject, now: number): string => age(object.metadata.creationTimestamp, now);
export const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");
export const statusOf = (object: KubeObject): JsonObject => objectAt(object, "status");
export const countAt = (owner: JsonObject, key: string): number => numberAt(owner, key) ?? 0;
export const textOr = (owner: JsonObject, key: string, missing: string): string => (hasAt(owner, key) ? textAt(owner, key) : missing);
export const isBeingDeleted = (object: KubeObject): boolean => hasAt(objectAt(object, "metadata"), "deletionTimestamp");

/** Names and images of the containers of a pod template. */
export function containersOf(template: JsonObject): readonly [names: string, images: string] {
  const containers = objectsAt(objectAt(template, "spec"), "containers");
  const join = (key: string): string => containers.map((container) => textAt(container, key)).join(",");
  return [join("name"), join("image")];
}

/** A LabelSelector object as text: `<none>` when it selects everything or is not there. */
export function selectorText(owner: JsonObject, key = "selector"): string {
  const selector = objectIn(owner, key);
  if (!selector) return NONE;
  try {
    // A decoded object has the shape; what is wrong inside makes labelSelectorOf throw.
    return formatLabelSelector(labelSelectorOf(selector as LabelSelectorObject)) || NONE;
  } catch {
    return "<error>";
  }
}

/** Labels as text, sorted: `a=1,b=2`. */
export function labelsText(map: JsonObject): string {
  const texts = Object.entries(map).map(([key, value]) => `${key}=${String(value)}`);
  return texts.length === 0 ? NONE : texts.sort().join(",");
}

/** The first of a list, and how many more there are. */
export function firstOf(list: readonly string[], limit: number, total: number, empty: string, separator = ","): string {
  const shown = list.slice(0, limit).join(separator);
  if (list.length > limit) return `${shown} + ${total - limit} more...`;
  return shown === "" ? empty : shown;
}
