// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { objectIn, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { mode, nonReservedPath, requireText } from "../validation/scalars.ts";
import { fieldSelector, resourceFieldSelector } from "./environment.ts";

const VOLUME_FIELDS: readonly string[] = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/** A key of a ConfigMap or Secret as a file. */
export function keyToPath(item: JsonObject, path: string, problems: Problems): void {
  requireText(item, path, problems, "key", "path");
  nonReservedPath(textAt(item, "path"), at(path, "path"), problems);
  mode(item, "mode", path, problems);
}

/** A field of the pod, or a resource of a container, as a file. */
export function downwardFile(file: JsonObject, path: string, problems: Problems): void {
  requireText(file, path, problems, "path");
  nonReservedPath(textAt(file, "path"), at(path, "path"), problems);
  const [field, resource] = [objectIn(file, "fieldRef"), objectIn(file, "resourceFieldRef")];
  if (field) {
    fieldSelector(field, VOLUME_FIELDS, at(path, "fieldRef"), problems);
    if (resource) problems.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
  } else if (resource) resourceFieldSelector(resource, true, at(path, "resourceFieldRef"), problems);
  else problems.required(path, "one of fieldRef and resourceFieldRef is required");
  mode(file, "mode", path, problems);
}
