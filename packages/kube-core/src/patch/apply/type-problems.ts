// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../../error.ts";
import { goPlain, goSyntax, goTypeName } from "../../go-print.ts";
import type { ListType, MapType, MergeType, ScalarKind } from "./merge-type.ts";
import type { PathElement } from "./path-element.ts";
import { fieldElement, ItemProblem, itemElement, printElement } from "./path-element.ts";
import type { Shape } from "./shape.ts";
import { handlingOf, shapeOf } from "./shape.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/** How deep an object may nest. */
export const MAX_DEPTH = 1000;

/** What does not fit, with the path before it: `.spec.replicas: expected numeric (int or float), got string`. */
export interface TypeProblem {
  readonly path: string;
  readonly message: string;
}

/** One problem as it stands, several as a list. @see structured-merge-diff typed.ValidationErrors */
export function printTypeProblems(problems: readonly TypeProblem[]): string {
  const lines = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? "") : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

/**
 * What in a value does not fit its type: unknown fields, wrong kinds of values, items of a list that cannot be told apart.
 *
 * @param allowsDuplicates true for objects that are stored already
 * @throws {KubeCoreError} INVALID_TYPED_OBJECT when the value nests deeper than 1000 levels
 * @see structured-merge-diff typed.AsTyped
 */
export function typeProblems(type: MergeType, value: unknown, allowsDuplicates = false): readonly TypeProblem[] {
  const checker = new Checker(allowsDuplicates);
  checker.check(type, value);
  return checker.problems;
}

/**
 * Whether {@link typeProblems} would find nothing: the quick way. Of a root, what was found to fit as a stored object is
 * remembered.
 */
export function fitsType(type: MergeType, value: unknown, allowsDuplicates: boolean): boolean {
  if (allowsDuplicates && typeof value === "object" && value !== null && type.seen !== undefined) {
    if (type.seen.has(value)) return true;
    if (!fits(type, value, true, 0)) return false;
    type.seen.add(value);
    return true;
  }
  return fits(type, value, allowsDuplicates, 0);
}

/** The same without remembering, at a depth. */
export function fits(type: MergeType, value: unknown, twins: boolean, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const shape = shapeOf(value);
  switch (handlingOf(type, shape)) {
    case "map":
      return shape === "null" || (shape === "map" && fieldsFit(type.map as MapType, value as JsonMap, twins, depth + 1));
    case "scalar":
      return scalarProblem(type.scalar ?? "untyped", shape, value) === undefined;
    case "list":
      return shape === "null" || (shape === "list" && itemsFit(type.list as ListType, value as readonly unknown[], twins, depth + 1));
    case "invalid":
      return false;
  }
}

function fieldsFit(map: MapType, value: JsonMap, twins: boolean, depth: number): boolean {
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    const type = map.field(key) ?? map.element;
    if (type === undefined || !fits(type, field, twins, depth)) return false;
  }
  return true;
}

function itemsFit(list: ListType, items: readonly unknown[], twins: boolean, depth: number): boolean {
  const seen = list.isAtomic || twins || items.length < 2 ? undefined : new Set<string>();
  for (const item of items) {
    if (!list.isAtomic) {
      const element = itemElement(list, item);
      if (element instanceof ItemProblem || seen?.has(element) === true) return false;
      seen?.add(element);
    }
    if (!fits(list.element, item, twins, depth)) return false;
  }
  return true;
}

class Checker {
  readonly problems: TypeProblem[] = [];
  readonly #allowsDuplicates: boolean;
  readonly #path: PathElement[] = [];

  constructor(allowsDuplicates: boolean) {
    this.#allowsDuplicates = allowsDuplicates;
  }

  check(type: MergeType, value: unknown): void {
    if (this.#path.length > MAX_DEPTH) {
      throw new KubeCoreError("INVALID_TYPED_OBJECT", `the object nests deeper than ${MAX_DEPTH} levels`);
    }
    const shape = shapeOf(value);
    switch (handlingOf(type, shape)) {
      case "map":
        if (shape === "map") this.#checkFields(type.map as MapType, value as JsonMap);
        else if (shape !== "null") this.#report(`expected map, got &{${goPlain(value)}}`);
        return;
      case "scalar": {
        const problem = scalarProblem(type.scalar ?? "untyped", shape, value);
        if (problem !== undefined) this.#report(problem);
        return;
      }
      case "list":
        if (shape === "list") this.#checkItems(type.list as ListType, value as readonly unknown[]);
        else if (shape !== "null") this.#report(`expected list, got &{${goPlain(value)}}`);
        return;
      case "invalid":
        this.#report("schema error: invalid atom: inlined");
    }
  }

  #checkFields(map: MapType, value: JsonMap): void {
    for (const key of Object.keys(value)) {
      const field = value[key];
      if (field === undefined) continue;
      const type = map.field(key) ?? map.element;
      this.#path.push(fieldElement(key));
      if (type !== undefined) this.check(type, field);
      else this.#report("field not declared in schema");
      this.#path.pop();
      if (type === undefined) return;
    }
  }

  #checkItems(list: ListType, items: readonly unknown[]): void {
    const seen = list.isAtomic ? undefined : new Set<string>();
    for (const [index, item] of items.entries()) {
      const element = seen === undefined ? `i:${index}` : itemElement(list, item);
      if (element instanceof ItemProblem) {
        this.#report(`element ${index}: ${element.message}`);
        return;
      }
      if (seen?.has(element) === true && !this.#allowsDuplicates) this.#report(`duplicate entries for key ${printElement(element)}`);
      seen?.add(element);
      this.#path.push(element);
      this.check(list.element, item);
      this.#path.pop();
    }
  }

  #report(message: string): void {
    this.problems.push({ path: this.#path.map(printElement).join(""), message });
  }
}

function scalarProblem(kind: ScalarKind, shape: Shape, value: unknown): string | undefined {
  if (shape === "null") return undefined;
  const name = shape === "scalar" ? goTypeName(value) : "";
  switch (kind) {
    case "numeric":
      return name === "int64" || name === "float64" ? undefined : `expected numeric (int or float), got ${goTypeName(value)}`;
    case "string":
      return name === "string" ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return name === "bool" ? undefined : `expected boolean, got &{${goPlain(value)}}`;
    case "untyped":
      return shape === "scalar" ? undefined : `expected any scalar, got &{${goPlain(value)}}`;
  }
}
