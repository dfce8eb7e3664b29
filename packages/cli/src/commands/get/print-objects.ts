// SPDX-License-Identifier: Apache-2.0
import { gvkOf, stringifyJson, stringifyYaml } from "@flux-ts/kube-core";
import type { Invocation } from "../../command.ts";
import type { FluxObject } from "../kinds.ts";

/**
 * Prints objects as `-o json`, `yaml` or `name` asks, as kubectl would.
 *
 * @param isOne prints the object itself, not a list of it
 * @returns false when a table is asked for
 */
export function printObjects(objects: readonly FluxObject[], { flags, io }: Invocation, isOne: boolean): boolean {
  const shown = objects.map(withoutManagedFields);
  const [first] = shown;
  const document =
    isOne && first !== undefined ? first : { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items: shown };
  switch (flags.string("output")) {
    case "json":
      io.stdout(`${stringifyJson(document, { indent: 4 })}\n`);
      return true;
    case "yaml":
      io.stdout(stringifyYaml(document));
      return true;
    case "name":
      io.stdout(shown.map((object) => `${qualifiedKind(object)}/${object.metadata.name ?? ""}\n`).join(""));
      return true;
    default:
      return false;
  }
}

function qualifiedKind(object: FluxObject): string {
  const { group, kind } = gvkOf(object);
  return `${kind.toLowerCase()}.${group}`;
}

function withoutManagedFields(object: FluxObject): FluxObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
