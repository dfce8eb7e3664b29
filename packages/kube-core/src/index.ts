// SPDX-License-Identifier: Apache-2.0
export * from "./object.ts";
export * from "./transport.ts";
export * from "./status.ts";
export * from "./clock.ts";
export * from "./exact-number.ts";
export type { Schema, SchemaRule } from "./schema/schema.ts";
export * from "./json.ts";
export * from "./schema/field-error.ts";
export type * from "./kind.ts";
export type { Fields, Infer, InferFields, OptionalField, Typed } from "./schema/infer.ts";
export * from "./schema/condition-list.ts";
export * from "./define-kind.ts";
