// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../../json-object.ts";
import { isJsonObject } from "../../json-object.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, elementPath, forbidden, invalidValue, notSupported, requiredValue } from "../field-error.ts";
import { resolveFieldPath } from "../field-path.ts";
import type { Schema, SchemaRule } from "../schema.ts";
import { goRule } from "./go-structs.ts";
import { checkListType } from "./list-type.ts";
import { childCardinality, costDetail, RULE_COST_LIMIT, SchemaCost } from "./rule-cost.ts";
import type { CompiledRule, RuleCompiler } from "./rule-compiler.ts";
import { propertyPath } from "./structural.ts";

export interface OpenApiOptions {
  /** Things that an earlier version of the definition already got wrong are not told of an update. */
  readonly requireValidTypes: boolean;
  readonly requireAtomicSets: boolean;
  readonly requireListMapKeys: boolean;
  /** The schema did not change: rules are not measured one by one. */
  readonly isUnchanged: boolean;
  /** Absent: rules are not compiled, because the schema is not structural. */
  readonly rules: RuleCompiler | undefined;
}

/**
 * Checks what a CustomResourceDefinition's schema may use of OpenAPI, its list and map types, and its CEL rules.
 *
 * @see apiextensions-apiserver pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema
 */
export function validateOpenApiSchema(schema: Schema, path: string, options: OpenApiOptions): FieldError[] {
  const cost = new SchemaCost();
  const run: Run = { options, cost };
  const place: Place = { isRoot: true, cardinality: 1, hasRuleContext: options.rules !== undefined, isInsideMeta: false };
  const { schemaErrors, ruleErrors } = walk(run, schema, path, place);
  return [...schemaErrors, ...ruleErrors, ...cost.errors(path)];
}

interface Run {
  readonly options: OpenApiOptions;
  readonly cost: SchemaCost;
}

interface Place {
  readonly isRoot: boolean;
  readonly isInsideMeta: boolean;
  readonly forbidsDefaults?: string;
  /** The first schema above whose parts cannot be told apart between two revisions. */
  readonly uncorrelatable?: string;
  /** How often a value can appear here; undefined: without a bound. */
  readonly cardinality: number | undefined;
  /** False inside `allOf`, `anyOf`, `oneOf`, `not`. */
  readonly hasRuleContext: boolean;
}

interface Found {
  readonly schemaErrors: FieldError[];
  readonly ruleErrors: FieldError[];
}

function walk(run: Run, schema: Schema, path: string, place: Place): Found {
  const found: Found = { schemaErrors: [], ruleErrors: [] };
  checkKeywords(run, schema, path, place, found.schemaErrors);
  walkChildren(run, schema, path, place, found);
  checkTypes(run, schema, path, found.schemaErrors);
  checkRules(run, schema, path, place, found);
  return found;
}

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

function checkKeywords({ options }: Run, schema: Schema, path: string, place: Place, errors: FieldError[]): void {
  const raw = schema as JsonObject;
  const type = typeof raw["type"] === "string" ? raw["type"] : "";
  if (options.requireValidTypes && type !== "" && !TYPES.includes(type)) errors.push(notSupported(childPath(path, "type"), type, TYPES));
  if (schema.default !== undefined && schema.default !== null && place.forbidsDefaults !== undefined) {
    errors.push(forbidden(childPath(path, "default"), `must not be set ${place.forbidsDefaults}`));
  }
  const isPresent = (field: string): boolean => {
    const value = raw[field];
    const isEmpty = value === undefined || value === null || value === "" || (isJsonObject(value) && Object.keys(value).length === 0);
    return !isEmpty || ((field === "additionalItems" || field === "dependencies") && value !== undefined && value !== null);
  };
  for (const field of ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]) {
    if (isPresent(field)) errors.push(forbidden(childPath(path, field), `${field} is not supported`));
  }
  if (type === "null") errors.push(forbidden(childPath(path, "type"), "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(raw["items"]) && raw["items"].length > 0) {
    errors.push(forbidden(childPath(path, "items"), "items must be a schema object and not an array"));
  }
  if (place.isInsideMeta && schema["x-kubernetes-embedded-resource"] === true) {
    errors.push(forbidden(childPath(path, "x-kubernetes-embedded-resource"), "must not be used inside of resource meta"));
  }
  if (schema.uniqueItems === true) {
    errors.push(
      forbidden(childPath(path, "uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"),
    );
  }
}

function walkChildren(run: Run, schema: Schema, path: string, place: Place, found: Found): void {
  const { properties, additionalProperties, items } = schema;
  const below: Place = {
    ...place,
    isRoot: false,
    cardinality: childCardinality(schema, place.cardinality),
  };
  const visit = (child: Schema, at: string, childPlace: Place): void => {
    const errors = walk(run, child, at, childPlace);
    found.schemaErrors.push(...errors.schemaErrors);
    found.ruleErrors.push(...errors.ruleErrors);
  };
  if (additionalProperties !== undefined) {
    const at = childPath(path, "additionalProperties");
    if (Object.keys(properties ?? {}).length > 0 && additionalProperties !== true) {
      found.schemaErrors.push(forbidden(at, "additionalProperties and properties are mutual exclusive"));
    }
    if (typeof additionalProperties === "object") {
      const meta = place.isInsideMeta ? { forbidsDefaults: "inside additionalProperties applying to object metadata" } : {};
      visit(additionalProperties, at, { ...below, ...meta });
    }
  }
  for (const [name, property] of Object.entries(properties ?? {})) {
    const isMeta = (place.isRoot || schema["x-kubernetes-embedded-resource"] === true) && ["metadata", "kind", "apiVersion"].includes(name);
    visit(property, propertyPath(path, name), {
      ...below,
      ...(isMapTypeKnown(schema) ? {} : { uncorrelatable: place.uncorrelatable ?? path }),
      isInsideMeta: place.isInsideMeta || isMeta,
      ...(isMeta && place.isRoot ? { forbidsDefaults: `in top-level ${name}` } : {}),
    });
  }
  const logic: Place = { ...place, isRoot: false, hasRuleContext: false };
  if (schema.not !== undefined) visit(schema.not, childPath(path, "not"), logic);
  for (const kind of ["allOf", "oneOf", "anyOf"] as const) {
    for (const [index, branch] of (schema[kind] ?? []).entries()) visit(branch, elementPath(childPath(path, kind), index), logic);
  }
  const itemsPlace: Place = schema["x-kubernetes-list-type"] === "map" ? below : { ...below, uncorrelatable: place.uncorrelatable ?? path };
  if (Array.isArray(items)) {
    for (const [index, item] of items.entries()) visit(item as Schema, elementPath(childPath(path, "items"), index), itemsPlace);
  } else if (items !== undefined) visit(items, childPath(path, "items"), itemsPlace);
}

function isMapTypeKnown(schema: Schema): boolean {
  const type = schema["x-kubernetes-map-type"];
  return type === undefined || type === "granular" || type === "atomic";
}

function checkTypes({ options }: Run, schema: Schema, path: string, errors: FieldError[]): void {
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    errors.push(invalidValue(childPath(path, "x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
  }
  const mapType = schema["x-kubernetes-map-type"] as string | undefined;
  if (mapType !== undefined && schema.type !== "object") {
    const detail = "must be object if x-kubernetes-map-type is specified";
    errors.push(
      schema.type === undefined
        ? requiredValue(childPath(path, "type"), detail)
        : invalidValue(childPath(path, "type"), schema.type, detail),
    );
  }
  if (mapType !== undefined && !["atomic", "granular"].includes(mapType)) {
    errors.push(notSupported(childPath(path, "x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
  }
  checkListType(schema, path, options, errors);
}

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

function checkRules(run: Run, schema: Schema, path: string, place: Place, found: Found): void {
  const rules = schema["x-kubernetes-validations"] ?? [];
  if (rules.length === 0) return;
  const at = childPath(path, "x-kubernetes-validations");
  for (const [index, rule] of rules.entries()) checkRuleText(schema, rule, elementPath(at, index), found.schemaErrors);
  // A schema with errors cannot always be given a type in CEL.
  const { rules: compiler, isUnchanged } = run.options;
  if (found.schemaErrors.length > 0 || !place.hasRuleContext || compiler === undefined) return;
  const compiled = compiler.compile(schema, place.isRoot || schema["x-kubernetes-embedded-resource"] === true);
  if (compiled === undefined) {
    const detail =
      "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations";
    found.ruleErrors.push({ type: "InternalError", field: at, detail });
    return;
  }
  for (const [index, result] of compiled.entries()) {
    const rule = rules[index];
    if (rule !== undefined) checkCompiled(run, rule, result, elementPath(at, index), place, isUnchanged, found.ruleErrors);
  }
}

function checkRuleText(schema: Schema, rule: SchemaRule, path: string, errors: FieldError[]): void {
  const { message = "", messageExpression = "", reason, fieldPath = "" } = rule;
  const text = (rule.rule ?? "").trim();
  const shown = message.trim();
  if (text === "") errors.push(requiredValue(childPath(path, "rule"), "rule is not specified"));
  else if (message !== "" && shown === "") errors.push(invalidValue(childPath(path, "message"), message, "must be non-empty if specified"));
  else if (hasLineBreak(shown)) errors.push(invalidValue(childPath(path, "message"), message, "must not contain line breaks"));
  else if (hasLineBreak(text) && shown === "") {
    errors.push(requiredValue(childPath(path, "message"), "message must be specified if rule contains line breaks"));
  }
  if (messageExpression !== "" && messageExpression.trim() === "") {
    errors.push(requiredValue(childPath(path, "messageExpression"), "messageExpression must be non-empty if specified"));
  }
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(childPath(path, "reason"), reason, REASONS));
  if (fieldPath === "") return;
  const at = childPath(path, "fieldPath");
  if (fieldPath.trim() === "") errors.push(invalidValue(at, fieldPath, "must be non-empty if specified"));
  if (hasLineBreak(fieldPath)) errors.push(invalidValue(at, fieldPath, "must not contain line breaks"));
  if (typeof resolveFieldPath(fieldPath, schema) === "string") errors.push(invalidValue(at, fieldPath, "must be a valid path"));
}

function hasLineBreak(text: string): boolean {
  return /[\n\r]/.test(text);
}

function checkCompiled(
  run: Run,
  rule: SchemaRule,
  result: CompiledRule,
  path: string,
  place: Place,
  isUnchanged: boolean,
  errors: FieldError[],
): void {
  const at = childPath(path, "rule");
  const cost = result.maxCost === 0 ? 0 : result.maxCost * (place.cardinality ?? result.maxCardinality);
  if (!isUnchanged && cost > RULE_COST_LIMIT) errors.push(forbidden(at, costDetail("estimated rule cost", cost, RULE_COST_LIMIT)));
  run.cost.add(at, cost);
  const printed = goRule({ ...rule });
  if (result.error !== undefined) {
    const { isMissing, detail } = result.error;
    errors.push(isMissing ? requiredValue(at, detail) : invalidValue(at, printed, detail));
  }
  const message = result.messageExpression;
  if (message?.error !== undefined) errors.push(invalidValue(childPath(path, "messageExpression"), printed, message.error));
  else if (message !== undefined) {
    const messagePath = childPath(path, "messageExpression");
    if (!isUnchanged && message.maxCost > RULE_COST_LIMIT) {
      errors.push(forbidden(messagePath, costDetail("estimated messageExpression cost", message.maxCost, RULE_COST_LIMIT)));
    }
    run.cost.add(messagePath, message.maxCost);
  }
  if (!result.usesOldSelf) {
    if (rule.optionalOldSelf !== undefined) {
      errors.push(invalidValue(childPath(path, "optionalOldSelf"), rule.optionalOldSelf, "may not be set if oldSelf is not used in rule"));
    }
  } else if (place.uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`;
    errors.push(invalidValue(at, rule.rule, detail));
  }
}
