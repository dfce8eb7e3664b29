// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, getKey, isJsonObject } from "@flux-ts/kube-core";
import { CommandError } from "../command.ts";

/** The value at a path of fields; undefined when there is none. */
export function fieldAt(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const key of path) value = isJsonObject(value) ? getKey(value, key) : undefined;
  return value ?? undefined;
}

/** Text at a path of fields; empty when there is none. */
export function textAt(object: unknown, ...path: readonly string[]): string {
  const value = fieldAt(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The objects of a list at a path of fields. */
export function listAt(object: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const value = fieldAt(object, ...path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The HelmRelease with a name, or the only one. @throws {CommandError} */
export function findRelease(objects: readonly JsonObject[], name: string | undefined, namespace: string): JsonObject {
  const releases = objects.filter(
    (object) => textAt(object, "kind") === "HelmRelease" && textAt(object, "apiVersion").startsWith("helm.toolkit.fluxcd.io/"),
  );
  const all = name === undefined ? releases : releases.filter((object) => textAt(object, "metadata", "name") === name);
  // The namespace only tells apart what has the same name.
  const named = all.length > 1 && name !== undefined ? all.filter((object) => textAt(object, "metadata", "namespace") === namespace) : all;
  const [first, second] = named;
  if (first === undefined)
    throw new CommandError(name === undefined ? "the files hold no HelmRelease" : `the files hold no HelmRelease '${name}'`);
  if (name === undefined && second !== undefined) throw new CommandError("the files hold several HelmReleases: tell the name of one");
  return first;
}
