// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, pathSegmentProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";

/** A reference to an object of any kind: group, kind, name. */
export function typedReference(reference: JsonObject, path: string, problems: Problems): void {
  if (hasAt(reference, "apiGroup")) {
    problems.invalidFor(`${path}.apiGroup`, reference["apiGroup"], dns1123SubdomainProblems(textAt(reference, "apiGroup")));
  }
  requireSegments(reference, path, problems, "kind", "name");
}

/** Fields that must be there and fit into a URL's path. */
export function requireSegments(owner: JsonObject, path: string, problems: Problems, ...names: readonly string[]): void {
  for (const name of names) {
    const value = textAt(owner, name);
    if (value === "") problems.required(`${path}.${name}`);
    else problems.invalidFor(`${path}.${name}`, value, pathSegmentProblems(value));
  }
}
