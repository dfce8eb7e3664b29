// SPDX-License-Identifier: Apache-2.0
import { getKey } from "../json-object.ts";
import type { KubeObject } from "../object.ts";
import { Correlation } from "./correlation.ts";
import { defaultValue, dropNulls } from "./defaults.ts";
import { coerceEmbedded, validateEmbedded } from "./embedded.ts";
import type { FieldError } from "./field-error.ts";
import { NO_FIELD } from "./field-error.ts";
import { validateListKeys } from "./list-keys.ts";
import { PatternCache } from "./pattern-cache.ts";
import { pruneValue } from "./prune.ts";
import type { RuleChecker } from "./rule-checker.ts";
import type { ScalePaths } from "./scale-fields.ts";
import { validateScaleSpec, validateScaleStatus } from "./scale-fields.ts";
import type { Schema } from "./schema.ts";
import { validateValue } from "./validate.ts";

export interface CustomResourceSchemaInput {
  /** `openAPIV3Schema` of one version. */
  readonly schema: Schema;
  /** From `compileRules(schema)` of `@flux-ts/kube-core/cel`; without it, CEL rules are not checked. */
  readonly rules?: RuleChecker | undefined;
  readonly scale?: ScalePaths | undefined;
}

export interface DecodedResource {
  readonly object: KubeObject;
  /** What was dropped, in the order in which strict decoding tells it. */
  readonly unknownFields: readonly string[];
  /** An embedded resource whose metadata cannot be read: the request is a bad one (400). */
  readonly error?: FieldError;
}

export interface ValidationOutcome {
  readonly errors: readonly FieldError[];
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/**
 * All that the schema of a version says of its objects, in the order in which kube-apiserver goes by it. The metadata of
 * the object itself is the server's: its errors are passed in, because CEL rules wait until there are none of some kinds.
 *
 * @see apiextensions-apiserver pkg/registry/customresource strategy.go, status_strategy.go
 */
export class CustomResourceSchema {
  readonly schema: Schema;
  readonly #rules: RuleChecker | undefined;
  readonly #scale: ScalePaths | undefined;
  readonly #patterns = new PatternCache();

  constructor({ schema, rules, scale }: CustomResourceSchemaInput) {
    this.schema = schema;
    this.#rules = rules;
    this.#scale = scale;
  }

  /** A request's body made an object of this version: defaults filled in, unknown fields and forbidden nulls dropped. */
  decode(object: KubeObject): DecodedResource {
    const pruned = pruneValue(this.schema, this.fillDefaults(object));
    const { value, unknownFields, error } = coerceEmbedded(this.schema, pruned.value, { isRoot: false });
    return { object: value, unknownFields: [...pruned.unknownFields, ...unknownFields], ...(error === undefined ? {} : { error }) };
  }

  /** What every read gives: the stored object with the defaults of this version. */
  fillDefaults(object: KubeObject): KubeObject {
    return defaultValue(this.schema, dropNulls(this.schema, object));
  }

  validateCreate(object: KubeObject, metadataErrors: readonly FieldError[] = []): ValidationOutcome {
    const errors = [
      ...metadataErrors,
      ...validateValue(this.schema, object, { patterns: this.#patterns }),
      ...this.#validateScale(object, true),
      ...validateEmbedded(this.schema, object),
      ...validateListKeys(this.schema, object),
    ];
    return this.#withRules(errors, object, undefined, undefined);
  }

  validateUpdate(object: KubeObject, old: KubeObject, metadataErrors: readonly FieldError[] = []): ValidationOutcome {
    const correlation = new Correlation(object, old, this.schema);
    const errors = [
      ...metadataErrors,
      ...validateValue(this.schema, object, { patterns: this.#patterns, correlation }),
      ...this.#validateScale(object, true),
      ...validateEmbedded(this.schema, object),
      ...this.#validateChangedListKeys(object, old),
    ];
    return this.#withRules(errors, object, old, correlation);
  }

  /** An update through `/status`: `object` is the old one with a new status. */
  validateStatus(object: KubeObject, old: KubeObject, metadataErrors: readonly FieldError[] = []): ValidationOutcome {
    const correlation = new Correlation(object, old, this.schema);
    const errors = [...metadataErrors];
    const status = this.schema.properties?.["status"];
    if (Object.hasOwn(object, "status") && status !== undefined) {
      const statusCorrelation = correlation.field("status");
      errors.push(
        ...validateValue(status, getKey(object, "status"), {
          base: "status",
          patterns: this.#patterns,
          ...(statusCorrelation === undefined ? {} : { correlation: statusCorrelation }),
        }),
      );
    }
    errors.push(...this.#validateScale(object, false), ...this.#validateChangedListKeys(object, old));
    return this.#withRules(errors, object, old, correlation);
  }

  #validateScale(object: KubeObject, withSpec: boolean): FieldError[] {
    const scale = this.#scale;
    if (scale === undefined) return [];
    return [...(withSpec ? validateScaleSpec(object, scale) : []), ...validateScaleStatus(object, scale)];
  }

  /** Lists that had duplicates before may keep them. */
  #validateChangedListKeys(object: KubeObject, old: KubeObject): FieldError[] {
    const errors = validateListKeys(this.schema, object);
    return errors.length > 0 && validateListKeys(this.schema, old).length > 0 ? [] : errors;
  }

  #withRules(
    errors: readonly FieldError[],
    object: KubeObject,
    old: KubeObject | undefined,
    correlation: Correlation | undefined,
  ): ValidationOutcome {
    if (this.#rules === undefined) return { errors, warnings: [] };
    if (errors.some(({ type }) => BLOCKING.has(type))) return { errors: [...errors, NOT_CHECKED], warnings: [] };
    const result = this.#rules.check(object, old, correlation === undefined ? {} : { correlation });
    return { errors: [...errors, ...result.errors], warnings: result.warnings };
  }
}

/** Errors after which an object need not be what its schema says, so that rules cannot be evaluated. */
const BLOCKING: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

const NOT_CHECKED: FieldError = {
  type: "FieldValueInvalid",
  field: NO_FIELD,
  value: null,
  detail: "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};
