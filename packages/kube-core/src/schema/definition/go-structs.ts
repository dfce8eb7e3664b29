// SPDX-License-Identifier: Apache-2.0
// How messages print parts of a CustomResourceDefinition: the fields of Go structs, with Go's names, in Go's order.
import type { JsonObject } from "../../json-object.ts";
import { getKey, isJsonObject, setKey } from "../../json-object.ts";
import { withSortedKeys } from "../sorted-keys.ts";

type Kind = "text" | "flag" | "value" | "schema" | "schemas" | "schemaMap";

const SCHEMA_FIELDS: readonly (readonly [string, string, Kind])[] = [
  ["ID", "id", "text"],
  ["Schema", "$schema", "text"],
  ["Ref", "$ref", "value"],
  ["Description", "description", "text"],
  ["Type", "type", "text"],
  ["Nullable", "nullable", "flag"],
  ["Format", "format", "text"],
  ["Title", "title", "text"],
  ["Default", "default", "value"],
  ["Maximum", "maximum", "value"],
  ["ExclusiveMaximum", "exclusiveMaximum", "flag"],
  ["Minimum", "minimum", "value"],
  ["ExclusiveMinimum", "exclusiveMinimum", "flag"],
  ["MaxLength", "maxLength", "value"],
  ["MinLength", "minLength", "value"],
  ["Pattern", "pattern", "text"],
  ["MaxItems", "maxItems", "value"],
  ["MinItems", "minItems", "value"],
  ["UniqueItems", "uniqueItems", "flag"],
  ["MultipleOf", "multipleOf", "value"],
  ["Enum", "enum", "value"],
  ["MaxProperties", "maxProperties", "value"],
  ["MinProperties", "minProperties", "value"],
  ["Required", "required", "value"],
  ["Items", "items", "schema"],
  ["AllOf", "allOf", "schemas"],
  ["OneOf", "oneOf", "schemas"],
  ["AnyOf", "anyOf", "schemas"],
  ["Not", "not", "schema"],
  ["Properties", "properties", "schemaMap"],
  ["AdditionalProperties", "additionalProperties", "schema"],
  ["PatternProperties", "patternProperties", "schemaMap"],
  ["Dependencies", "dependencies", "value"],
  ["AdditionalItems", "additionalItems", "schema"],
  ["Definitions", "definitions", "schemaMap"],
  ["ExternalDocs", "externalDocs", "value"],
  ["Example", "example", "value"],
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", "value"],
  ["XEmbeddedResource", "x-kubernetes-embedded-resource", "flag"],
  ["XIntOrString", "x-kubernetes-int-or-string", "flag"],
  ["XListMapKeys", "x-kubernetes-list-map-keys", "value"],
  ["XListType", "x-kubernetes-list-type", "value"],
  ["XMapType", "x-kubernetes-map-type", "value"],
  ["XValidations", "x-kubernetes-validations", "value"],
];

/** The names of the fields that a schema sets, as Go calls them, in Go's order. */
export function setSchemaFields(schema: JsonObject): string[] {
  return SCHEMA_FIELDS.filter(([, name]) => isSet(getKey(schema, name))).map(([goName]) => goName);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return false;
  return !(Array.isArray(value) && value.length === 0) && !(isJsonObject(value) && Object.keys(value).length === 0);
}

/** @see apiextensions JSONSchemaProps */
export function goSchema(schema: JsonObject): JsonObject {
  return Object.fromEntries(SCHEMA_FIELDS.map(([goName, name, kind]) => [goName, goSchemaField(goName, kind, getKey(schema, name))]));
}

function goSchemaField(goName: string, kind: Kind, value: unknown): unknown {
  if (kind === "text") return value ?? "";
  if (kind === "flag") return value ?? false;
  if (value === undefined || value === null) return null;
  if (goName === "XValidations") return (value as readonly JsonObject[]).map(goRule);
  if (goName === "Items")
    return { Schema: isJsonObject(value) ? goSchema(value) : null, JSONSchemas: Array.isArray(value) ? value.map(goSchema) : null };
  if (goName === "AdditionalProperties" || goName === "AdditionalItems") {
    return { Allows: value !== false, Schema: isJsonObject(value) ? goSchema(value) : null };
  }
  if (kind === "schema") return isJsonObject(value) ? goSchema(value) : null;
  if (kind === "schemas") return (value as readonly JsonObject[]).map(goSchema);
  if (kind === "schemaMap") {
    const map: Record<string, unknown> = {};
    for (const [name, child] of Object.entries(withSortedKeys(value) as JsonObject)) setKey(map, name, goSchema(child as JsonObject));
    return map;
  }
  return withSortedKeys(value);
}

/** @see apiextensions ValidationRule */
export function goRule(rule: JsonObject): JsonObject {
  return {
    Rule: rule["rule"] ?? "",
    Message: rule["message"] ?? "",
    MessageExpression: rule["messageExpression"] ?? "",
    Reason: rule["reason"] ?? null,
    FieldPath: rule["fieldPath"] ?? "",
    OptionalOldSelf: rule["optionalOldSelf"] ?? null,
  };
}

/** @see apiextensions CustomResourceDefinitionVersion */
export function goVersion(version: JsonObject): JsonObject {
  const schema = getKey(version, "schema");
  const subresources = getKey(version, "subresources");
  return {
    Name: version["name"] ?? "",
    Served: version["served"] ?? false,
    Storage: version["storage"] ?? false,
    Deprecated: version["deprecated"] ?? false,
    DeprecationWarning: version["deprecationWarning"] ?? null,
    Schema: isJsonObject(schema)
      ? { OpenAPIV3Schema: isJsonObject(schema["openAPIV3Schema"]) ? goSchema(schema["openAPIV3Schema"]) : null }
      : null,
    Subresources: isJsonObject(subresources) ? goSubresources(subresources) : null,
    AdditionalPrinterColumns: goList(version["additionalPrinterColumns"], goColumn),
    SelectableFields: goList(version["selectableFields"], (field) => ({ JSONPath: field["jsonPath"] ?? "" })),
  };
}

function goList(list: unknown, print: (item: JsonObject) => JsonObject): readonly JsonObject[] | null {
  return Array.isArray(list) && list.length > 0 ? list.map(print) : null;
}

function goSubresources(subresources: JsonObject): JsonObject {
  const scale = subresources["scale"];
  return {
    Status: isJsonObject(subresources["status"]) ? {} : null,
    Scale: isJsonObject(scale)
      ? {
          SpecReplicasPath: scale["specReplicasPath"] ?? "",
          StatusReplicasPath: scale["statusReplicasPath"] ?? "",
          LabelSelectorPath: scale["labelSelectorPath"] ?? null,
        }
      : null,
  };
}

function goColumn(column: JsonObject): JsonObject {
  return {
    Name: column["name"] ?? "",
    Type: column["type"] ?? "",
    Format: column["format"] ?? "",
    Description: column["description"] ?? "",
    Priority: column["priority"] ?? 0,
    JSONPath: column["jsonPath"] ?? "",
  };
}
