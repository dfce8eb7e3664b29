// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "@flux-ts/kube-core";

/** The order in which metadata is written. @see apimachinery meta/v1 ObjectMeta */
const META_ORDER = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const;

/** A patched document as messages print it: the fields of the object by name, those of its metadata as they are always written. */
export function inGoOrder(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(document).toSorted()) ordered[key] = document[key];
  const { metadata } = document;
  if (!isJsonObject(metadata)) return ordered;
  const known = META_ORDER.filter((key) => Object.hasOwn(metadata, key)).map((key) => [key, metadata[key]] as const);
  const rest = Object.entries(metadata).filter(([key]) => !META_ORDER.includes(key as (typeof META_ORDER)[number]));
  return { ...ordered, metadata: Object.fromEntries([...known, ...rest]) };
}
