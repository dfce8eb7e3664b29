// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import type { JsonObject } from "../../json-object.ts";
import { getKey, isJsonObject } from "../../json-object.ts";
import { dns1035LabelProblems, dns1123SubdomainProblems } from "../../names.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, elementPath, forbidden, invalidValue, notSupported, requiredValue } from "../field-error.ts";
import { parseRequestUri } from "../go-url.ts";
import type { Schema } from "../schema.ts";
import {
  validateColumns,
  validateConversion,
  validateDeprecation,
  validateNames,
  validateSelectableFields,
  validateSubresources,
} from "./definition-parts.ts";
import { goSchema, goVersion, setSchemaFields } from "./go-structs.ts";
import type { HoistedSpec } from "./hoisted-spec.ts";
import { allSchemas, hoistSpec, objectOf, openApiOf, textOf, versionSchema } from "./hoisted-spec.ts";
import { hasNonAtomicItems, itemProblems } from "./list-type.ts";
import type { OpenApiOptions } from "./open-api-schema.ts";
import { validateOpenApiSchema } from "./open-api-schema.ts";
import type { RuleCompiler } from "./rule-compiler.ts";
import { validateDefaults } from "./schema-defaults.ts";
import { childSchemas, structuralObstacle, validateStructural } from "./structural.ts";

export interface DefinitionOptions {
  /** `ruleCompiler` of `@flux-ts/kube-core/cel`; without it CEL rules are taken as they are. */
  readonly rules?: RuleCompiler | undefined;
  /** The definition that is replaced; absent at creation. What it already got wrong in some ways is not told again. */
  readonly old?: unknown;
}

/** How deep schemas may nest. */
const MAX_DEPTH = 250;

/**
 * Checks a CustomResourceDefinition (v1), defaults filled in, all but its metadata. That its name must be
 * `<plural>.<group>` is told by {@link definitionNameProblems}.
 *
 * Errors about what all versions share stand at `spec.validation` and the like, as kube-apiserver tells them.
 *
 * @see apiextensions-apiserver pkg/apis/apiextensions/validation ValidateCustomResourceDefinition, …Update
 */
export function validateCustomResourceDefinition(definition: unknown, options: DefinitionOptions = {}): FieldError[] {
  if (!isJsonObject(definition)) return [invalidValue("", definition ?? null, "must be an object")];
  const spec = objectOf(definition, "spec") ?? {};
  const hoisted = hoistSpec(spec);
  const old = isJsonObject(options.old) ? options.old : undefined;
  const oldSpec = old === undefined ? undefined : hoistSpec(objectOf(old, "spec") ?? {});
  if (allSchemas(hoisted).some((schema) => nests(schema, MAX_DEPTH))) {
    return [forbidden("spec.versions", `schemas may not nest deeper than ${MAX_DEPTH} levels`)];
  }
  return [
    ...validateSpec(spec, hoisted, leniency(oldSpec), options.rules, oldSpec),
    ...(old === undefined ? [] : immutableFields(spec, old)),
    ...validateNames(objectOf(objectOf(definition, "status") ?? {}, "acceptedNames") ?? {}, "status.acceptedNames"),
    ...validateStoredVersions(definition, hoisted),
    ...validateApproval(definition, old),
    ...validatePreserveUnknownFields(spec, old),
  ];
}

/** What is wrong with the name of a definition. */
export function definitionNameProblems(name: string, definition: unknown): string[] {
  const spec = isJsonObject(definition) ? (objectOf(definition, "spec") ?? {}) : {};
  const wanted = `${textOf(objectOf(spec, "names"), "plural")}.${textOf(spec, "group")}`;
  const problems = dns1123SubdomainProblems(name);
  return name === wanted ? problems : [...problems, 'must be spec.names.plural+"."+spec.group'];
}

interface Leniency extends Pick<OpenApiOptions, "requireValidTypes" | "requireAtomicSets" | "requireListMapKeys"> {
  readonly requireSchema: boolean;
  readonly requirePruned: boolean;
}

/** Persisted definitions are not judged more strictly than when they were created. */
function leniency(old: HoistedSpec | undefined): Leniency {
  const schemas = old === undefined ? [] : allSchemas(old);
  const none = (has: (schema: Schema) => boolean): boolean => !schemas.some((schema) => someSchema(schema, has));
  return {
    requireSchema: old === undefined || old.versions.every(({ name }) => versionSchema(old, name) !== undefined),
    requirePruned: !schemas.some((schema) =>
      validateDefaults(schema, "", { requirePruned: true, rules: undefined }).some(
        ({ detail }) => detail === "must not have unknown fields",
      ),
    ),
    requireValidTypes: none(
      (schema) => schema.type !== undefined && !["array", "boolean", "integer", "number", "object", "string"].includes(schema.type),
    ),
    requireAtomicSets: none(hasNonAtomicItems),
    requireListMapKeys: none((schema) => itemProblems(schema, "").length > 0),
  };
}

function validateSpec(
  spec: JsonObject,
  hoisted: HoistedSpec,
  lenient: Leniency,
  rules: RuleCompiler | undefined,
  oldSpec: HoistedSpec | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const group = textOf(spec, "group");
  const groupProblems = dns1123SubdomainProblems(group);
  if (group === "") errors.push(requiredValue("spec.group"));
  else if (groupProblems.length > 0) errors.push(invalidValue("spec.group", group, groupProblems.join(",")));
  else if (!group.includes(".")) errors.push(invalidValue("spec.group", group, "should be a domain with at least one dot"));
  const scope = textOf(spec, "scope");
  if (scope === "") errors.push(requiredValue("spec.scope"));
  else if (scope !== "Cluster" && scope !== "Namespaced") errors.push(notSupported("spec.scope", scope, ["Cluster", "Namespaced"]));
  if (openApiOf(hoisted.schema) === undefined) {
    for (const [index, version] of hoisted.versions.entries()) {
      if (openApiOf(version.schema) !== undefined || (!lenient.requireSchema && version.raw["served"] !== true)) continue;
      const detail = lenient.requireSchema ? "" : "because otherwise all fields are pruned";
      errors.push(requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`, detail));
    }
  }
  if (spec["preserveUnknownFields"] === true && hasDefaults(hoisted)) {
    errors.push(invalidValue("spec.preserveUnknownFields", true, "must be false in order to use defaults in the schema"));
  }
  for (const [index, version] of hoisted.versions.entries()) {
    const path = elementPath("spec.versions", index);
    const nameProblems = dns1035LabelProblems(version.name);
    if (nameProblems.length > 0) errors.push(invalidValue(childPath(path, "name"), version.name, nameProblems.join(",")));
    errors.push(...validateDeprecation(version.raw, path));
    const hasStatus = objectOf(version.subresources ?? hoisted.subresources ?? {}, "status") !== undefined;
    const isUnchanged = deepEqual(
      versionSchema(hoisted, version.name),
      oldSpec === undefined ? null : versionSchema(oldSpec, version.name),
    );
    errors.push(...validateValidation(version.schema, hasStatus, childPath(path, "schema"), { ...lenient, isUnchanged, rules }));
    errors.push(...validateSubresources(version.subresources, childPath(path, "subresources")));
    errors.push(...validateColumns(version.columns, childPath(path, "additionalPrinterColumns")));
    if (version.selectableFields.length > 0) {
      const schema = openApiOf(version.schema);
      const at = childPath(path, "selectableFields");
      if (schema === undefined) errors.push(invalidValue(at, "", "may only be set when `version.schema.openAPIV3Schema` is not included"));
      else
        errors.push(
          ...validateSelectableFields(version.selectableFields, schema, at, hadSameFields(oldSpec, version.name, version.selectableFields)),
        );
    }
  }
  errors.push(...validateVersions(hoisted), ...requiredNames(spec));
  const names = objectOf(spec, "names") ?? {};
  errors.push(...validateNames(names, "spec.names"));
  const hasAnyStatus = [hoisted, ...hoisted.versions].some(({ subresources }) => objectOf(subresources ?? {}, "status") !== undefined);
  const isUnchanged =
    oldSpec !== undefined &&
    hoisted.version !== undefined &&
    deepEqual(versionSchema(hoisted, hoisted.version), versionSchema(oldSpec, hoisted.version));
  errors.push(...validateValidation(hoisted.schema, hasAnyStatus, "spec.validation", { ...lenient, isUnchanged, rules }));
  errors.push(...validateSubresources(hoisted.subresources, "spec.subresources"));
  errors.push(...validateColumns(hoisted.columns, "spec.additionalPrinterColumns"));
  if (hoisted.selectableFields.length > 0) {
    const schema = openApiOf(hoisted.schema);
    const at = "spec.selectableFields";
    if (schema === undefined) errors.push(invalidValue(at, "", "may only be set when validations.schema is included"));
    else
      errors.push(
        ...validateSelectableFields(
          hoisted.selectableFields,
          schema,
          at,
          deepEqual(oldSpec?.selectableFields ?? [], hoisted.selectableFields),
        ),
      );
  }
  const conversion = objectOf(spec, "conversion");
  if (spec["preserveUnknownFields"] === true && conversion !== undefined && textOf(conversion, "strategy") !== "None") {
    errors.push(
      invalidValue("spec.conversion.strategy", textOf(conversion, "strategy"), "must be None if spec.preserveUnknownFields is true"),
    );
  }
  return [...errors, ...validateConversion(conversion, "spec.conversion")];
}

function hasDefaults(hoisted: HoistedSpec): boolean {
  const schemas = [hoisted, ...hoisted.versions].map(({ schema }) => openApiOf(schema));
  return schemas.some((schema) => schema !== undefined && someSchema(schema, (one) => (one.default ?? null) !== null));
}

function hadSameFields(old: HoistedSpec | undefined, name: string, fields: readonly JsonObject[]): boolean {
  return deepEqual(old?.versions.find((version) => version.name === name)?.selectableFields ?? [], fields);
}

function validateVersions(hoisted: HoistedSpec): FieldError[] {
  const errors: FieldError[] = [];
  const names = hoisted.versions.map(({ name }) => name);
  const printed = hoisted.versions.map(({ raw }) => goVersion(raw));
  if (new Set(names).size < names.length) errors.push(invalidValue("spec.versions", printed, "must contain unique version names"));
  if (hoisted.versions.filter(({ raw }) => raw["storage"] === true).length !== 1) {
    errors.push(invalidValue("spec.versions", printed, "must have exactly one version marked as storage version"));
  }
  const first = hoisted.version;
  if (first === undefined || first === "") return errors;
  const problems = dns1035LabelProblems(first);
  if (problems.length > 0) errors.push(invalidValue("spec.version", first, problems.join(",")));
  return errors;
}

function requiredNames(spec: JsonObject): FieldError[] {
  const names = objectOf(spec, "names");
  const kind = textOf(names, "kind");
  return ["plural", "singular", "kind", "listKind"]
    .filter((field) => textOf(names, field) === "" && !(field === "singular" && kind !== "") && !(field === "listKind" && kind !== ""))
    .map((field) => requiredValue(`spec.names.${field}`));
}

const ROOT_FIELDS = [
  "Description",
  "Type",
  "Format",
  "Title",
  "Maximum",
  "ExclusiveMaximum",
  "Minimum",
  "ExclusiveMinimum",
  "MaxLength",
  "MinLength",
  "Pattern",
  "MaxItems",
  "MinItems",
  "UniqueItems",
  "MultipleOf",
  "Required",
  "Items",
  "Properties",
  "ExternalDocs",
  "Example",
  "XPreserveUnknownFields",
  "XValidations",
];

function validateValidation(
  validation: JsonObject | undefined,
  hasStatus: boolean,
  path: string,
  options: Leniency & Pick<OpenApiOptions, "isUnchanged" | "rules">,
): FieldError[] {
  const schema = openApiOf(validation);
  if (schema === undefined) return [];
  const errors: FieldError[] = [];
  const at = childPath(path, "openAPIV3Schema");
  if (hasStatus) errors.push(...rootProblems(schema, at));
  if (schema.nullable === true) errors.push(forbidden(childPath(at, "nullable"), "nullable cannot be true at the root"));
  const obstacle = structuralObstacle(schema);
  const structuralErrors = obstacle === undefined ? structuralProblems(schema, at, options) : [];
  errors.push(...structuralErrors);
  const isStructural = obstacle === undefined && structuralErrors.length === 0;
  errors.push(...validateOpenApiSchema(schema, at, { ...options, rules: isStructural ? options.rules : undefined }));
  return errors.length === 0 && obstacle !== undefined ? [invalidValue(at, "", obstacle)] : errors;
}

function structuralProblems(
  schema: Schema,
  path: string,
  { requirePruned, rules }: Leniency & Pick<OpenApiOptions, "rules">,
): FieldError[] {
  const errors = validateStructural(schema, path);
  return errors.length > 0 ? errors : validateDefaults(schema, path, { requirePruned, rules });
}

/** With a status subresource, the status' own schema must tell all that is validated of it. */
function rootProblems(schema: Schema, path: string): FieldError[] {
  const raw = schema as JsonObject;
  for (const field of setSchemaFields(raw)) {
    if (field === "Type") {
      if (schema.type === "object") continue;
      const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      return [invalidValue(childPath(path, "type"), schema.type, detail)];
    }
    if (ROOT_FIELDS.includes(field)) continue;
    const detail = `only [${ROOT_FIELDS.join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [invalidValue(path, goSchema(raw), detail)];
  }
  return [];
}

function immutableFields(spec: JsonObject, old: JsonObject): FieldError[] {
  const oldSpec = objectOf(old, "spec") ?? {};
  const conditions = objectOf(old, "status")?.["conditions"];
  const isEstablished =
    Array.isArray(conditions) && conditions.some((one: JsonObject) => one["type"] === "Established" && one["status"] === "True");
  const names = objectOf(spec, "names");
  const oldNames = objectOf(oldSpec, "names");
  const fields: readonly (readonly [string, string, string])[] = [
    ...(isEstablished
      ? [
          ["spec.scope", textOf(spec, "scope"), textOf(oldSpec, "scope")] as const,
          ["spec.names.kind", textOf(names, "kind"), textOf(oldNames, "kind")] as const,
        ]
      : []),
    ["spec.group", textOf(spec, "group"), textOf(oldSpec, "group")],
    ["spec.names.plural", textOf(names, "plural"), textOf(oldNames, "plural")],
  ];
  return fields.filter(([, now, before]) => now !== before).map(([path, now]) => invalidValue(path, now, "field is immutable"));
}

/** @see ValidateCustomResourceDefinitionStoredVersions */
function validateStoredVersions(definition: JsonObject, hoisted: HoistedSpec): FieldError[] {
  const path = "status.storedVersions";
  const stored = getKey(objectOf(definition, "status") ?? {}, "storedVersions");
  const list = Array.isArray(stored) ? stored.map(String) : storageVersions(hoisted);
  if (list.length === 0) return [invalidValue(path, null, "must have at least one stored version")];
  const errors: FieldError[] = [];
  for (const { name, raw } of hoisted.versions) {
    if (raw["storage"] === true && !list.includes(name)) errors.push(invalidValue(path, list, `must have the storage version ${name}`));
  }
  for (const [index, name] of list.entries()) {
    if (hoisted.versions.some((version) => version.name === name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalidValue(elementPath(path, index), name, detail));
  }
  return errors;
}

/** A new definition has stored its storage version, the first one that says so. */
function storageVersions(hoisted: HoistedSpec): string[] {
  const storage = hoisted.versions.find(({ raw }) => raw["storage"] === true);
  return storage === undefined ? [] : [storage.name];
}

const APPROVED = "api-approved.kubernetes.io";

type Approval = "invalid" | "approved" | "bypassed" | "missing";

/** Groups of the Kubernetes community need an annotation. @see validateAPIApproval */
function validateApproval(definition: JsonObject, old: JsonObject | undefined): FieldError[] {
  const group = textOf(objectOf(definition, "spec"), "group");
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return [];
  const state = approvalOf(definition);
  if (old !== undefined && approvalOf(old) === state) return [];
  const path = elementPath("metadata.annotations", APPROVED);
  const link = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (state === "missing") return [requiredValue(path, `protected groups must have approval annotation "${APPROVED}", ${link}`)];
  if (state !== "invalid") return [];
  const detail = `protected groups must have approval annotation "${APPROVED}" with either a URL or a reason starting with "unapproved", ${link}`;
  return [invalidValue(path, annotationOf(definition), detail)];
}

function approvalOf(definition: JsonObject): Approval {
  const annotation = annotationOf(definition);
  if (annotation === "") return "missing";
  if (annotation.startsWith("unapproved")) return "bypassed";
  const url = parseRequestUri(annotation);
  return url !== undefined && url.host !== "" && url.scheme !== "" ? "approved" : "invalid";
}

function annotationOf(definition: JsonObject): string {
  return textOf(objectOf(objectOf(definition, "metadata") ?? {}, "annotations"), APPROVED);
}

function validatePreserveUnknownFields(spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  const hadIt = old !== undefined && objectOf(old, "spec")?.["preserveUnknownFields"] === true;
  if (hadIt || spec["preserveUnknownFields"] !== true) return [];
  const detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalidValue("spec.preserveUnknownFields", true, detail)];
}

function someSchema(schema: Schema, has: (schema: Schema) => boolean): boolean {
  return has(schema) || childSchemas(schema).some((child) => someSchema(child, has));
}

function nests(schema: Schema, depth: number): boolean {
  let level: readonly Schema[] = [schema];
  for (let left = depth; left > 0 && level.length > 0; left--) level = level.flatMap(childSchemas);
  return level.length > 0;
}
