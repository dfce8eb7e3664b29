// SPDX-License-Identifier: Apache-2.0
import type { CelValue } from "./values.ts";

interface Node {
  /** Unique within an expression. */
  readonly id: number;
  /** Index of the character (code point) that problems are told at. */
  readonly at: number;
}

export type Expr = Literal | Ident | Select | Call | ListExpr | MapExpr | Struct | Comprehension;

export interface Literal extends Node {
  readonly kind: "literal";
  readonly value: CelValue;
}

export interface Ident extends Node {
  readonly kind: "ident";
  readonly name: string;
}

export interface Select extends Node {
  readonly kind: "select";
  readonly operand: Expr;
  readonly field: string;
  /** `has(a.b)` */
  readonly isTest: boolean;
}

export interface Call extends Node {
  readonly kind: "call";
  readonly target: Expr | undefined;
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface ListExpr extends Node {
  readonly kind: "list";
  readonly items: readonly { readonly value: Expr; readonly isOptional: boolean }[];
}

export interface MapExpr extends Node {
  readonly kind: "map";
  readonly entries: readonly { readonly key: Expr; readonly value: Expr; readonly isOptional: boolean }[];
}

export interface Struct extends Node {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: Expr }[];
}

/** A loop: what macros such as `all` and `map` become. */
export interface Comprehension extends Node {
  readonly kind: "comprehension";
  readonly variable: string;
  /** Of loops over keys and values, or indexes and items. */
  readonly secondVariable: string | undefined;
  readonly range: Expr;
  readonly accumulator: string;
  readonly start: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** The name under which macros gather their result. */
export const ACCUMULATOR = "@result";
