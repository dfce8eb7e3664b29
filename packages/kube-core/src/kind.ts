// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "./object.ts";
import type { Schema, SchemaRule } from "./schema/schema.ts";

/** @see apiextensions/v1 CustomResourceColumnDefinition */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly jsonPath: string;
  readonly description?: string;
  readonly format?: string;
  readonly priority?: number;
}

/** A version that is served besides the storage version, with the same schema unless it says otherwise. */
export interface ServedVersion {
  readonly version: string;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
}

/** What a condition reason means. `condition` is the negative condition it also sets (sources: `FetchFailed` …). */
export interface ReasonDefinition {
  /** What it means and what to do: the text of the reference pages. */
  readonly description: string;
  readonly condition?: string;
}

/**
 * A kind, written once, as data: the TypeScript type, the CRD, validation, the reference page and the columns of
 * every table come from it.
 */
export interface KindDefinition<Spec = unknown, Status = unknown, Reason extends string = string> {
  readonly group: string;
  /** The storage version. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  /** Rules on the object as a whole. */
  readonly rules?: readonly SchemaRule[];
  readonly olderVersions: readonly ServedVersion[];
  readonly columns: readonly PrinterColumn[];
  readonly reasons: Readonly<Record<Reason, ReasonDefinition>>;
  /** Never there at run time: carries the types for `ObjectOf`. */
  readonly types?: { readonly spec: Spec; readonly status: Status };
}

/** The TypeScript type of a kind's objects. */
export type ObjectOf<K> =
  K extends KindDefinition<infer Spec, infer Status, string> ? KubeObject & { readonly spec: Spec; readonly status?: Status } : never;

/** The names of a kind's reasons. */
export type ReasonOf<K> = K extends KindDefinition<unknown, unknown, infer Reason> ? Reason : never;
