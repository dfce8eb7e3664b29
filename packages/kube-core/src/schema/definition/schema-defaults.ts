// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import { isJsonObject } from "../../json-object.ts";
import { coerceEmbedded, validateEmbedded } from "../embedded.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, fieldErrorMessage, invalidValue } from "../field-error.ts";
import { pruneValue } from "../prune.ts";
import type { Schema } from "../schema.ts";
import { withSortedKeys } from "../sorted-keys.ts";
import { validateValue } from "../validate.ts";
import type { RuleCompiler } from "./rule-compiler.ts";
import { propertyPath } from "./structural.ts";

export interface DefaultsOptions {
  readonly requirePruned: boolean;
  readonly rules: RuleCompiler | undefined;
}

/**
 * Checks that the defaults of a structural schema are valid and hold no unknown fields.
 *
 * @see apiextensions-apiserver pkg/apiserver/schema/defaulting ValidateDefaults
 */
export function validateDefaults(schema: Schema, path: string, options: DefaultsOptions): FieldError[] {
  const root = { ...schema, "x-kubernetes-embedded-resource": true };
  const errors: FieldError[] = [];
  walk(root, path, { root, surround: identity, isInsideMeta: false }, options, errors);
  return errors;
}

interface Place {
  /** The schema of the resource that surrounds this node. */
  readonly root: Schema;
  /** Builds that resource around a value at this node. */
  readonly surround: (value: unknown) => unknown;
  readonly isInsideMeta: boolean;
}

function identity(value: unknown): unknown {
  return value;
}

function walk(schema: Schema, path: string, place: Place, options: DefaultsOptions, errors: FieldError[]): void {
  const isResource = schema["x-kubernetes-embedded-resource"] === true;
  const here: Place = isResource ? { root: schema, surround: identity, isInsideMeta: false } : place;
  if (schema.default !== undefined && schema.default !== null) checkDefault(schema, childPath(path, "default"), here, options, errors);
  const { surround } = here;
  if (schema.items !== undefined) {
    walk(schema.items, childPath(path, "items"), { ...here, surround: (value) => surround([value]) }, options, errors);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = isResource && (name === "metadata" || name === "apiVersion" || name === "kind");
    const below: Place = { ...here, isInsideMeta: here.isInsideMeta || isMeta, surround: (value) => surround({ [name]: value }) };
    walk(property, propertyPath(path, name), below, options, errors);
  }
}

function checkDefault(schema: Schema, path: string, place: Place, options: DefaultsOptions, errors: FieldError[]): void {
  const value = schema.default;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const metaErrors = place.isInsideMeta ? surroundingErrors(value, path, place) : embeddedErrors(schema, value, path, isEmbedded);
  if (!place.isInsideMeta && options.requirePruned && !deepEqual(pruneValue(schema, value, { isRoot: isEmbedded }).value, value)) {
    errors.push(invalidValue(path, withSortedKeys(value), "must not have unknown fields"));
  }
  if (metaErrors.length > 0) {
    errors.push(...metaErrors);
    return;
  }
  const invalid = validateValue(schema, value, { base: path });
  if (invalid.length > 0) {
    errors.push(...invalid);
    return;
  }
  const rules = options.rules?.checker(schema, schema === place.root);
  if (rules === undefined) return;
  // As an update that changes nothing, then as a creation: rules with an optional oldSelf see both.
  const unchanged = rules.check(value, value, { base: path });
  errors.push(...unchanged.errors);
  if (unchanged.errors.length === 0) errors.push(...rules.check(value, undefined, { base: path }).errors);
}

function embeddedErrors(schema: Schema, value: unknown, path: string, isEmbedded: boolean): FieldError[] {
  const { error } = coerceEmbedded(schema, value, { isRoot: isEmbedded, base: path });
  return error === undefined ? validateEmbedded(schema, value, { isRoot: isEmbedded, base: path }) : [error];
}

/** A default inside of metadata is judged by the metadata that it makes. */
function surroundingErrors(value: unknown, path: string, { root, surround }: Place): FieldError[] {
  const built = surround(value);
  const object = { kind: "Validation", apiVersion: "validation/v1", ...(isJsonObject(built) ? built : {}) };
  const { error } = coerceEmbedded(root, object);
  const problems = error === undefined ? validateEmbedded(root, object, { isRoot: true }) : [error];
  if (problems.length === 0) return [];
  const texts = [...new Set(problems.map(fieldErrorMessage))];
  const text = texts.length === 1 || error !== undefined ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
  return [invalidValue(path, withSortedKeys(value), `must result in valid metadata: ${text}`)];
}
