// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "@flux-ts/kube-core";
import { FieldReader, decodeYaml, failDecode } from "../chart/decode.ts";

/** What rules look at of an object. */
export interface LintedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
}

/** The objects of a stream of YAML documents. @throws {DecodeError} */
export function readObjects(text: string): LintedObject[] {
  return text
    .split(/^---.*$/m)
    .map(decodeYaml)
    .filter((value) => value !== null)
    .map((value) => {
      if (!isJsonObject(value)) failDecode(value, "value of type rules.k8sYamlStruct");
      const fields = new FieldReader(value, "rules.k8sYamlStruct", ["apiVersion", "Kind", "Metadata"]);
      const metadata = new FieldReader(fields.raw("Metadata"), "rules.k8sYamlStruct", ["Namespace", "Name"], "Metadata");
      return { apiVersion: fields.text("apiVersion"), kind: fields.text("Kind"), name: metadata.text("Name"), value };
    });
}
