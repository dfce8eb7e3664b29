// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "./schema.ts";

/** A schema that knows the TypeScript type of its values. `type_` is never there at run time. */
export interface Typed<T> extends Schema {
  readonly type_?: { readonly value: T };
}

/** A field that may be absent: what `optional()` gives to `object()`. */
export interface OptionalField<S extends Schema = Schema> {
  readonly optional: S;
}

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, Schema | OptionalField>>;

/** The TypeScript type of a schema's values; `unknown` for a schema that was not built. */
export type Infer<S> = S extends Typed<infer T> ? T : unknown;

/** The TypeScript type of an object with these fields. */
export type InferFields<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends OptionalField ? never : K]: Infer<F[K]> } & {
    readonly [K in keyof F as F[K] extends OptionalField ? K : never]?: F[K] extends OptionalField<infer S> ? Infer<S> : never;
  }
>;

type Flat<T> = { [K in keyof T]: T[K] };
