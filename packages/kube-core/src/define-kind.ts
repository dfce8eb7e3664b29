// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, PrinterColumn, ReasonDefinition, ServedVersion } from "./kind.ts";
import type { Infer } from "./schema/infer.ts";
import type { Schema, SchemaRule } from "./schema/schema.ts";

/** What a kind's author writes; the rest has defaults. */
export interface KindInput<S extends Schema, T extends Schema, Reason extends string> {
  readonly group: string;
  /** The storage version. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  /** Default: the kind in lower case. */
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Default true. */
  readonly namespaced?: boolean;
  readonly description: string;
  readonly spec: S;
  readonly status: T;
  readonly rules?: readonly SchemaRule[];
  readonly olderVersions?: readonly ServedVersion[];
  readonly columns?: readonly PrinterColumn[];
  /** A text alone is its description. */
  readonly reasons: Readonly<Record<Reason, string | ReasonDefinition>>;
}

/** A kind as data, with its types inferred from its schemas. */
export function defineKind<const S extends Schema, const T extends Schema, const Reason extends string>(
  input: KindInput<S, T, Reason>,
): KindDefinition<Infer<S>, Infer<T>, Reason> {
  const {
    singular = input.kind.toLowerCase(),
    shortNames = [],
    categories = [],
    namespaced = true,
    olderVersions = [],
    columns = [],
  } = input;
  const reasons = Object.fromEntries(
    Object.entries<string | ReasonDefinition>(input.reasons).map(([name, value]) => [
      name,
      typeof value === "string" ? { description: value } : value,
    ]),
    // The keys are those of the input.
  ) as Record<Reason, ReasonDefinition>;
  return { ...input, singular, shortNames, categories, namespaced, olderVersions, columns, reasons };
}

/** `{ apiVersion, kind }` of a kind's objects, in its storage version. */
export function kindRef(kind: KindDefinition): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: kind.group === "" ? kind.version : `${kind.group}/${kind.version}`, kind: kind.kind };
}
