// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { decodeObjectMeta, fieldErrorMessage } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "../resource.ts";
import { quote } from "../status-errors.ts";
import type { DecodedObject } from "./decode-object.ts";
import { DecodeProblem } from "./decode-problem.ts";

/** Reads a value as a custom resource: pruned and defaulted by its schema. @throws {DecodeProblem} for metadata of wrong types */
export function decodeCustom(definition: ResourceDefinition, value: Readonly<Record<string, unknown>>): DecodedObject {
  const { custom } = definition;
  const given = { ...value, metadata: value["metadata"] ?? {} } as unknown as KubeObject; // its kind was checked, its metadata is next
  if (!custom) return { object: given, strictProblems: [] };
  const { object, unknownFields, error } = custom.decode(given);
  if (error) throw new DecodeProblem(fieldErrorMessage(error));
  const meta = decodeObjectMeta(object.metadata);
  if (meta.error !== undefined) throw new DecodeProblem(meta.error);
  return {
    object: { ...object, metadata: meta.metadata as KubeObject["metadata"] }, // decoded as one
    strictProblems: [...meta.unknownFields.map((field) => `metadata.${field}`).toSorted(), ...unknownFields].map(
      (field) => `unknown field ${quote(field)}`,
    ),
  };
}
