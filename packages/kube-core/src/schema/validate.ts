// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../go-quote.ts";
import type { JsonObject } from "../json-object.ts";
import { deepEqual, stringifyJson } from "../json.ts";
import { Correlation } from "./correlation.ts";
import type { FieldError } from "./field-error.ts";
import { tooLongDetail, tooManyDetail } from "./field-error.ts";
import { effectiveFormat, hasFormat, isKnownFormat } from "./formats.ts";
import type { JsonKind } from "./json-kind.ts";
import { jsonKind, toDouble } from "./json-kind.ts";
import { PatternCache } from "./pattern-cache.ts";
import type { Problem } from "./problem.ts";
import { problem, toFieldErrors } from "./problem.ts";
import type { Schema } from "./schema.ts";
import { withSortedKeys } from "./sorted-keys.ts";
import { checkNumber, isJsonInteger } from "./validate-number.ts";

export interface ValidateOptions {
  /** Where the value stands in its object: `status`, `spec.template`; default the object as a whole. Messages do not show it, fields do. */
  readonly base?: string;
  /** The value that this one replaces: errors of parts that did not change are not told (ratcheting). */
  readonly correlation?: Correlation;
  /** Compiled patterns, to be kept with the schema. */
  readonly patterns?: PatternCache;
}

/**
 * Checks a value against the value validations of a schema: types, formats, bounds, patterns, enums, required fields,
 * `allOf`, `anyOf`, `oneOf`, `not`. CEL rules, list keys and embedded objects are checked elsewhere.
 *
 * Messages, causes and their order agree with kube-apiserver; errors that it tells about no field have the field `<nil>`.
 *
 * @see k8s.io/kube-openapi pkg/validation/validate; apiextensions-apiserver pkg/apiserver/validation
 */
export function validateValue(schema: Schema, value: unknown, options: ValidateOptions = {}): FieldError[] {
  const run: Run = { patterns: options.patterns ?? new PatternCache(), out: [] };
  checkNode(run, schema, value, "", options.correlation);
  return run.out.length === 0 ? [] : toFieldErrors(run.out, options.base ?? "");
}

/** {@link validateValue} for an update: what did not change is not told. */
export function validateUpdate(
  schema: Schema,
  value: unknown,
  old: unknown,
  options: Omit<ValidateOptions, "correlation"> = {},
): FieldError[] {
  return validateValue(schema, value, { ...options, correlation: new Correlation(value, old, schema) });
}

interface Run {
  readonly patterns: PatternCache;
  readonly out: Problem[];
}

/** Checks one node; its errors go when it did not change. Returns how many checks passed, by which `anyOf` tells the best branch. */
function checkNode(run: Run, schema: Schema, value: unknown, path: string, correlation: Correlation | undefined): number {
  const before = run.out.length;
  const passed = check(run, schema, value, path, correlation);
  if (run.out.length > before && correlation?.isEqual === true) run.out.length = before;
  return passed;
}

function check(run: Run, schema: Schema, value: unknown, path: string, correlation: Correlation | undefined): number {
  const kind = jsonKind(value);
  const types = typesOf(schema);
  if (kind === "null") {
    const isAllowed = types === undefined || schema.nullable === true;
    if (!isAllowed) run.out.push(typeProblem(path, types.join(","), "null"));
    checkEnum(run, schema, value, path);
    return isAllowed ? 1 : 0;
  }
  const format = schema.format === undefined ? undefined : effectiveFormat(schema);
  let passed = 1;
  if (types !== undefined || format !== undefined) passed += 1 + checkType(run, types ?? [], format, kind, value, path);
  passed += 2;
  if (schema.allOf ?? schema.anyOf ?? schema.oneOf ?? schema.not) passed += checkBranches(run, schema, value, path);
  passed += 1;
  switch (kind) {
    case "string":
      passed += 1 + checkString(run, schema, format, value as string, path);
      break;
    case "integer":
    case "number":
      checkNumber(schema, format, value, path, run.out);
      passed += 2;
      break;
    case "array":
      passed += 2 + checkArray(run, schema, value as readonly unknown[], path, correlation);
      break;
    case "object":
      passed += 1;
      break;
    case "boolean":
  }
  if (schema.enum !== undefined && schema.enum.length > 0) checkEnum(run, schema, value, path);
  passed += 1;
  if (kind === "object") passed += checkObject(run, schema, value as JsonObject, path, correlation);
  return passed;
}

const INT_OR_STRING = ["integer", "string"] as const;

function typesOf(schema: Schema): readonly string[] | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return INT_OR_STRING;
  return schema.type === undefined ? undefined : [schema.type];
}

function checkType(run: Run, types: readonly string[], format: string | undefined, kind: JsonKind, value: unknown, path: string): number {
  const isFloatInteger = kind === "number" && types.includes("integer") && isJsonInteger(toDouble(value));
  const isNumber = (kind === "integer" && types.includes("number")) || isFloatInteger;
  const matches = types.includes(kind) || isNumber;
  const isText = kind === "string" || kind === "array";
  if (!isText && format !== undefined && !matches) {
    const found = kind === "integer" ? "int64" : kind === "number" ? "float64" : "";
    if (found !== format) {
      run.out.push(typeProblem(path, format, found));
      return 0;
    }
  }
  if (isText && format !== undefined && !types.includes("number") && !types.includes("integer")) return 1;
  if (matches) return 1;
  run.out.push(typeProblem(path, types.join(","), kind));
  return 0;
}

function typeProblem(path: string, type: string, found: string): Problem {
  return problem("FieldValueTypeInvalid", path, found, `${path} in body must be of type ${type}: ${goQuote(found)}`);
}

function checkString(run: Run, schema: Schema, format: string | undefined, text: string, path: string): number {
  const bounds = stringProblem(run, schema, text, path);
  if (bounds !== undefined) run.out.push(bounds);
  if (format === undefined || !isKnownFormat(format)) return 0;
  if (!hasFormat(format, text)) {
    run.out.push(problem("FieldValueTypeInvalid", path, text, `${path} in body must be of type ${format}: ${goQuote(text)}`));
  }
  return 1;
}

/** The first of: too long, too short, another pattern. */
function stringProblem(run: Run, schema: Schema, text: string, path: string): Problem | undefined {
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined && exceeds(text, maxLength)) {
    return problem("FieldValueTooLong", path, "", tooLongDetail(maxLength));
  }
  if (minLength !== undefined && text.length < 2 * minLength && countCharacters(text) < minLength) {
    return problem("FieldValueInvalid", path, text, `${path} in body should be at least ${minLength} chars long`);
  }
  if (pattern === undefined || pattern === "") return undefined;
  const mismatch = run.patterns.mismatch(pattern, text);
  if (mismatch === undefined) return undefined;
  const shown = mismatch.compileError === undefined ? pattern : `${pattern}, but pattern is invalid: ${mismatch.compileError}`;
  return problem("FieldValueInvalid", path, text, `${path} in body should match '${shown}'`);
}

function exceeds(text: string, limit: number): boolean {
  return text.length > limit && countCharacters(text) > limit;
}

/** Code points, which is what Go's `utf8.RuneCount` tells. */
function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** Go converts the value to the type of the one allowed: 1.5 becomes 1, and 97 becomes "a". */
function isEnumValue(allowed: unknown, value: unknown): boolean {
  if (allowed === null) return false;
  if (deepEqual(allowed, value)) return true;
  const kind = jsonKind(value);
  if (kind === "number" && jsonKind(allowed) === "integer") return Math.trunc(toDouble(value)) === toDouble(allowed);
  return (
    kind === "integer" && typeof allowed === "string" && allowed.codePointAt(0) === toDouble(value) && Array.from(allowed).length === 1
  );
}

function checkEnum(run: Run, schema: Schema, value: unknown, path: string): void {
  const allowed = schema.enum ?? [];
  if (allowed.length === 0) return;
  if (value !== null && allowed.some((one) => isEnumValue(one, value))) return;
  const shown = allowed.map((one) => goQuote(typeof one === "string" ? one : stringifyJson(one, { sortKeys: true, escapeHtml: true })));
  run.out.push(problem("FieldValueNotSupported", path, withSortedKeys(value), `supported values: ${shown.join(", ")}`));
}

function checkArray(run: Run, schema: Schema, list: readonly unknown[], path: string, correlation: Correlation | undefined): number {
  const { items, minItems, maxItems } = schema;
  let passed = 0;
  if (items !== undefined) {
    for (let index = 0; index < list.length; index++) {
      passed += checkNode(run, items, list[index], `${path}[${index}]`, correlation?.item(index));
    }
  }
  if (minItems !== undefined && list.length < minItems) {
    run.out.push(problem("FieldValueInvalid", path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) {
    run.out.push(problem("FieldValueTooMany", path, list.length, tooManyDetail(maxItems)));
  }
  if (schema.uniqueItems === true && hasDuplicates(list)) {
    run.out.push(problem("FieldValueInvalid", path, "", `${path} in body shouldn't contain duplicates`));
  }
  return passed;
}

function hasDuplicates(list: readonly unknown[]): boolean {
  return new Set(list.map((item) => stringifyJson(item, { sortKeys: true }))).size < list.length;
}

function checkObject(run: Run, schema: Schema, object: JsonObject, path: string, correlation: Correlation | undefined): number {
  const { properties, additionalProperties, required, minProperties, maxProperties } = schema;
  const keys = Object.keys(object);
  let passed = 0;
  if (minProperties !== undefined && keys.length < minProperties) {
    run.out.push(problem("FieldValueInvalid", path, keys.length, `${path} in body should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    run.out.push(problem("FieldValueTooMany", path, keys.length, tooManyDetail(maxProperties)));
  }
  for (const key of keys) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property !== undefined) {
      const isTypeMeta = path === "" && (key === "kind" || key === "apiVersion");
      passed += checkNode(
        run,
        property,
        object[key],
        path === "" ? key : `${path}.${key}`,
        isTypeMeta ? undefined : correlation?.field(key),
      );
    } else if (additionalProperties === false) {
      run.out.push(problem("FieldValueInvalid", path, key, `${path}.${key} in body is a forbidden property`));
    } else if (typeof additionalProperties === "object") {
      passed += checkNode(run, additionalProperties, object[key], `${path}.${key}`, correlation?.field(key));
    }
  }
  for (const name of required ?? []) {
    if (!Object.hasOwn(object, name)) run.out.push(problem("FieldValueRequired", `${path}.${name}`, "", ""));
  }
  return passed;
}

/** `anyOf`, `oneOf`, `allOf`, `not`. Of branches that fail, the errors of the one with the most passed checks are told. They do not let unchanged values pass. */
function checkBranches(run: Run, schema: Schema, value: unknown, path: string): number {
  const tryBranch = (branch: Schema): Branch => {
    const out: Problem[] = [];
    const passed = check({ ...run, out }, branch, value, path, undefined);
    return { passed, problems: out };
  };
  let passed = 0;
  const tell = (text: string): void => {
    run.out.push(problem("FieldValueInvalid", undefined, "", `${goQuote(path)} ${text}`));
  };
  const keep = (branch: Branch | undefined): void => {
    if (branch === undefined) return;
    passed += branch.passed;
    run.out.push(...branch.problems);
  };
  if (schema.anyOf !== undefined && schema.anyOf.length > 0) {
    const { first, best } = tryAll(schema.anyOf, tryBranch, true);
    if (first === undefined) tell("must validate at least one schema (anyOf)");
    keep(first ?? best);
  }
  if (schema.oneOf !== undefined && schema.oneOf.length > 0) {
    const { first, best, valid } = tryAll(schema.oneOf, tryBranch, false);
    if (valid === 1) keep(first);
    else {
      tell(`must validate one and only one schema (oneOf). ${valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`}`);
      keep(valid === 0 ? best : undefined);
    }
  }
  if (schema.allOf !== undefined && schema.allOf.length > 0) {
    const branches = schema.allOf.map(tryBranch);
    for (const branch of branches) keep(branch);
    const valid = branches.filter((branch) => branch.problems.length === 0).length;
    if (valid < branches.length) tell(`must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
  }
  if (schema.not !== undefined && tryBranch(schema.not).problems.length === 0) tell("must not validate the schema (not)");
  return passed;
}

interface Branch {
  readonly passed: number;
  readonly problems: readonly Problem[];
}

function tryAll(
  schemas: readonly Schema[],
  tryBranch: (schema: Schema) => Branch,
  stopsAtFirst: boolean,
): { readonly first: Branch | undefined; readonly best: Branch | undefined; readonly valid: number } {
  let first: Branch | undefined;
  let best: Branch | undefined;
  let valid = 0;
  for (const schema of schemas) {
    const branch = tryBranch(schema);
    if (branch.problems.length === 0) {
      valid++;
      first ??= branch;
      if (stopsAtFirst) break;
    } else if (valid === 0 && (best === undefined || branch.passed > best.passed)) best = branch;
  }
  return { first, best, valid };
}
