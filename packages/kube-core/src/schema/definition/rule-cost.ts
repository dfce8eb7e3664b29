// SPDX-License-Identifier: Apache-2.0
import type { FieldError } from "../field-error.ts";
import { forbidden } from "../field-error.ts";
import type { Schema } from "../schema.ts";

/** The most that one rule may cost in one request, estimated. @see StaticEstimatedCostLimit */
export const RULE_COST_LIMIT = 10_000_000;
/** The most that all rules of a schema may cost together. @see StaticEstimatedCRDCostLimit */
export const SCHEMA_COST_LIMIT = 100_000_000;
const MAX_UINT64 = 2 ** 64;

/** Adds up what the rules of a schema cost. */
export class SchemaCost {
  #total = 0;
  #mostExpensive: { readonly path: string; readonly cost: number }[] = [];

  add(path: string, cost: number): void {
    this.#total = Math.min(this.#total + cost, MAX_UINT64);
    if (cost < SCHEMA_COST_LIMIT / 100) return;
    this.#mostExpensive = [...this.#mostExpensive, { path, cost }].toSorted((left, right) => right.cost - left.cost).slice(0, 4);
  }

  /** The errors of a schema that stands at this path. */
  errors(path: string): FieldError[] {
    if (this.#total <= SCHEMA_COST_LIMIT) return [];
    return [
      ...this.#mostExpensive.map((rule) =>
        forbidden(rule.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"),
      ),
      forbidden(
        path,
        costDetail("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", this.#total, SCHEMA_COST_LIMIT),
      ),
    ];
  }
}

export function costDetail(name: string, cost: number, limit: number): string {
  const excess = cost / limit;
  const factor = excess > 100 ? "more than 100x" : excess < 1.5 ? `${excess.toFixed(6)}x` : `${excess.toFixed(1)}x`;
  return `${name} exceeds budget by factor of ${factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** By how much a schema multiplies what stands below it; undefined: without a bound. */
export function elementLimit(schema: Schema): number | undefined {
  if (schema.type === "array") return schema.maxItems === undefined ? undefined : Math.max(0, schema.maxItems);
  if (schema.type !== "object" || schema.additionalProperties === undefined) return 1;
  return schema.maxProperties === undefined ? undefined : Math.max(0, schema.maxProperties);
}

/** How often a child can appear: as often as its parent, times what the parent holds. */
export function childCardinality(parent: Schema, cardinality: number | undefined): number | undefined {
  const limit = elementLimit(parent);
  return cardinality === undefined || limit === undefined ? undefined : Math.min(cardinality * limit, MAX_UINT64);
}
