// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject } from "@flux-ts/kube-core";
import { objectIn, objectsAt, textAt } from "../shape.ts";

const OF_STRINGS: ReadonlySet<string> = new Set(
  (
    "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor " +
    "byte password date duration datetime k8sshortname k8slongname"
  ).split(" "),
);
const OF_NUMBERS: Readonly<Record<string, readonly string[]>> = { integer: ["int32", "int64"], number: ["float", "double"] };

/** Formats in a definition's schemas that nothing checks, each once, in the order of their first place. */
export function unknownFormats(spec: JsonObject): readonly string[] {
  const found = new Set<string>();
  for (const version of objectsAt(spec, "versions")) {
    const schema = objectIn(objectIn(version, "schema") ?? {}, "openAPIV3Schema");
    if (schema) visit(schema, found);
  }
  return [...found];
}

function visit(schema: JsonObject, found: Set<string>): void {
  const [format, type] = [textAt(schema, "format"), textAt(schema, "type")];
  if (format !== "" && !isKnown(format, type)) found.add(format);
  for (const key of ["items", "additionalProperties", "not"]) {
    const child = objectIn(schema, key);
    if (child) visit(child, found);
  }
  for (const key of ["properties", "patternProperties", "definitions"]) {
    for (const child of Object.values(objectIn(schema, key) ?? {})) if (isJsonObject(child)) visit(child, found);
  }
  for (const key of ["allOf", "anyOf", "oneOf"]) for (const child of objectsAt(schema, key)) visit(child, found);
}

function isKnown(format: string, type: string): boolean {
  if (type === "" || type === "string") return OF_STRINGS.has(format.replaceAll("-", ""));
  return (Object.hasOwn(OF_NUMBERS, type) ? OF_NUMBERS[type] : undefined)?.includes(format) ?? false;
}
