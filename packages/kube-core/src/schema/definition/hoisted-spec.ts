// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import type { JsonObject } from "../../json-object.ts";
import { getKey, isJsonObject } from "../../json-object.ts";
import type { Schema } from "../schema.ts";

/** A version of a definition. What all versions share stands in {@link HoistedSpec} instead. */
export interface HoistedVersion {
  readonly name: string;
  readonly raw: JsonObject;
  /** `undefined`: none, or shared. */
  readonly schema: JsonObject | undefined;
  readonly subresources: JsonObject | undefined;
  readonly columns: readonly JsonObject[];
  readonly selectableFields: readonly JsonObject[];
}

/**
 * The spec of a CustomResourceDefinition as errors show it: what is the same in all versions stands at the top, so its
 * errors are told of `spec.validation`, `spec.subresources`, `spec.additionalPrinterColumns`, `spec.selectableFields`.
 *
 * @see apiextensions-apiserver pkg/apis/apiextensions/v1 Convert_v1_CustomResourceDefinitionSpec_To_apiextensions
 */
export interface HoistedSpec {
  /** Name of the first version. */
  readonly version: string | undefined;
  readonly schema: JsonObject | undefined;
  readonly subresources: JsonObject | undefined;
  readonly columns: readonly JsonObject[];
  readonly selectableFields: readonly JsonObject[];
  readonly versions: readonly HoistedVersion[];
}

export function hoistSpec(spec: JsonObject): HoistedSpec {
  const raws = listOf(spec, "versions");
  const [first] = raws;
  if (first === undefined)
    return { version: undefined, schema: undefined, subresources: undefined, columns: [], selectableFields: [], versions: [] };
  const isShared = (field: string): boolean => raws.every((raw) => deepEqual(normal(raw[field]), normal(first[field])));
  const shares = {
    schema: isShared("schema"),
    subresources: isShared("subresources"),
    additionalPrinterColumns: isShared("additionalPrinterColumns"),
    selectableFields: isShared("selectableFields"),
  };
  const parts = (raw: JsonObject, wanted: boolean): Omit<HoistedVersion, "name" | "raw"> => ({
    schema: shares.schema === wanted ? objectOf(raw, "schema") : undefined,
    subresources: shares.subresources === wanted ? objectOf(raw, "subresources") : undefined,
    columns: shares.additionalPrinterColumns === wanted ? listOf(raw, "additionalPrinterColumns") : [],
    selectableFields: shares.selectableFields === wanted ? listOf(raw, "selectableFields") : [],
  });
  return {
    ...parts(first, true),
    version: textOf(first, "name"),
    versions: raws.map((raw) => ({ ...parts(raw, false), name: textOf(raw, "name"), raw: withoutShared(raw, shares) })),
  };
}

/** The schema of a version, wherever it stands. */
export function versionSchema(spec: HoistedSpec, name: string): Schema | undefined {
  const version = spec.versions.find((one) => one.name === name);
  return openApiOf(version?.schema ?? (version === undefined ? undefined : spec.schema));
}

/** All schemas of a definition. */
export function allSchemas(spec: HoistedSpec): Schema[] {
  return [spec.schema, ...spec.versions.map(({ schema }) => schema)].map(openApiOf).filter((schema) => schema !== undefined);
}

export function openApiOf(validation: JsonObject | undefined): Schema | undefined {
  const schema = validation === undefined ? undefined : getKey(validation, "openAPIV3Schema");
  // What a user wrote: the checks below read every field as if it could be anything.
  return isJsonObject(schema) ? (schema as Schema) : undefined;
}

export function objectOf(object: JsonObject, key: string): JsonObject | undefined {
  const value = getKey(object, key);
  return isJsonObject(value) ? value : undefined;
}

export function listOf(object: JsonObject, key: string): readonly JsonObject[] {
  const value = getKey(object, key);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textOf(object: JsonObject | undefined, key: string): string {
  const value = object === undefined ? undefined : getKey(object, key);
  return typeof value === "string" ? value : "";
}

function normal(value: unknown): unknown {
  return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

function withoutShared(raw: JsonObject, shares: Readonly<Record<string, boolean>>): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([field]) => shares[field] !== true));
}
