// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import { compareText, isJsonObject } from "../json-object.ts";
import { jsonKind, toDouble, toInteger } from "../schema/json-kind.ts";
import type { PathNode } from "./nodes.ts";

/** How many values one step may give. */
const MAX_RESULTS = 100_000;

export interface EvaluateOptions {
  /** Fields that are not there give nothing; otherwise they are an error. */
  readonly allowMissingKeys: boolean;
}

/**
 * The values that each part of a template finds, in the order of the parts; parts inside `range` once for each value.
 *
 * @throws {KubeCoreError} INVALID_JSON_PATH with client-go's text
 * @see client-go util/jsonpath FindResults
 */
export function evaluatePath(nodes: readonly PathNode[], data: unknown, options: EvaluateOptions): readonly (readonly unknown[])[] {
  const found: (readonly unknown[])[] = [];
  runBlock({ options, budget: MAX_RESULTS }, nodes, 0, data, 0, found);
  return found;
}

interface Run {
  readonly options: EvaluateOptions;
  budget: number;
}

/** Runs from one node to the end of its range, or of the template. Returns the index after it. */
function runBlock(
  run: Run,
  nodes: readonly PathNode[],
  start: number,
  data: unknown,
  depth: number,
  found: (readonly unknown[])[],
): number {
  for (let index = start; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) break;
    const keyword = keywordOf(node);
    if (keyword === "end") {
      if (depth === 0) throw fail("not in range, nothing to end");
      return index + 1;
    }
    if (keyword === undefined) {
      found.push(walk(run, [data], node));
      continue;
    }
    const values = walk(run, [data], withoutKeyword(node));
    let next = index + 1;
    for (const value of values) next = runBlock(run, nodes, index + 1, value, depth + 1, found);
    if (values.length === 0) next = runBlock({ ...run, options: { allowMissingKeys: true } }, nodes, index + 1, null, depth + 1, []);
    index = next - 1;
  }
  return nodes.length;
}

function keywordOf(node: PathNode): "range" | "end" | undefined {
  if (node.kind !== "list") return undefined;
  const keyword = node.nodes.find((one) => one.kind === "identifier");
  if (keyword === undefined) return undefined;
  if (keyword.name === "range" || keyword.name === "end") return keyword.name;
  throw fail(`unrecognized identifier ${keyword.name}`);
}

function withoutKeyword(node: PathNode): PathNode {
  return node.kind === "list" ? { kind: "list", nodes: node.nodes.filter(({ kind }) => kind !== "identifier") } : node;
}

function walk(run: Run, values: readonly unknown[], node: PathNode): readonly unknown[] {
  const found = step(run, values, node);
  run.budget -= found.length;
  if (run.budget < 0) throw fail(`more than ${MAX_RESULTS} results`);
  return found;
}

function step(run: Run, values: readonly unknown[], node: PathNode): readonly unknown[] {
  switch (node.kind) {
    case "list":
      return node.nodes.reduce((current, one) => walk(run, current, one), values);
    case "text":
      return [node.text];
    case "value":
      return values.map(() => node.value);
    case "field":
      return fieldOf(run, values, node.name);
    case "wildcard":
      return values.flatMap(childrenOf);
    case "recursive":
      return values.flatMap((value) => descendants(run, value));
    case "array":
      return sliceOf(values, node);
    case "union":
      return node.members.flatMap((member) => walk(run, values, member));
    case "filter":
      return values.flatMap((value) => filtered(run, value, node));
    case "identifier":
      throw fail(`unrecognized identifier ${node.name}`);
  }
}

function fieldOf(run: Run, values: readonly unknown[], name: string): readonly unknown[] {
  if (values.length === 0) return [];
  const found = values.filter(isJsonObject).filter((value) => Object.hasOwn(value, name));
  if (found.length === 0 && !run.options.allowMissingKeys) throw fail(`${name} is not found`);
  return found.map((value) => value[name]);
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** The value and all that it holds, but for numbers, booleans and what is empty. */
function descendants(run: Run, value: unknown): readonly unknown[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  const children = childrenOf(value);
  if (children.length === 0) return [];
  run.budget -= 1;
  if (run.budget < 0) throw fail(`more than ${MAX_RESULTS} results`);
  return [value, ...children.flatMap((child) => descendants(run, child))];
}

function sliceOf(values: readonly unknown[], node: PathNode & { readonly kind: "array" }): readonly unknown[] {
  const found: unknown[] = [];
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) throw fail(`${goType(value)} is not array or slice`);
    const { length } = value;
    let from = node.from ?? 0;
    if (from < 0) from += length;
    let to = node.to.value ?? length;
    if (to < 0 || (to === 0 && node.to.derived)) to += length;
    if (from === to) return found;
    if (from >= length || from < 0) throw fail(`array index out of bounds: index ${from}, length ${length}`);
    if (to > length || to < 0) throw fail(`array index out of bounds: index ${to - 1}, length ${length}`);
    if (from > to) throw fail(`starting index ${from} is greater than ending index ${to}`);
    const by = node.step ?? 1;
    if (by <= 0) throw fail("step must be > 0");
    for (let index = from; index < to; index += by) found.push(value[index]);
  }
  return found;
}

function filtered(run: Run, value: unknown, node: PathNode & { readonly kind: "filter" }): readonly unknown[] {
  if (!Array.isArray(value)) throw fail(`${String(value)} is not array or slice and cannot be filtered`);
  return value.filter((item) => {
    if (node.operator === "exists") return exists(run, item, node.left);
    const lefts = walk(run, [item], node.left);
    if (lefts.length === 0) return false;
    const rights = lefts.length > 1 ? [] : walk(run, [item], node.right);
    if (lefts.length > 1 || rights.length > 1) throw fail("can only compare one element at a time");
    return rights.length === 1 && compare(node.operator, lefts[0], rights[0]);
  });
}

function exists(run: Run, item: unknown, node: PathNode): boolean {
  try {
    return walk(run, [item], node).length > 0;
  } catch (error) {
    if (error instanceof KubeCoreError && run.budget >= 0) return false;
    throw error;
  }
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case "==":
      return order(left, right, true) === 0;
    case "!=":
      return order(left, right, true) !== 0;
    case "<":
      return order(left, right, false) < 0;
    case "<=":
      return order(left, right, false) <= 0;
    case ">":
      return order(left, right, false) > 0;
    case ">=":
      return order(left, right, false) >= 0;
    default:
      throw fail(`unrecognized filter operator ${operator}`);
  }
}

/** Values compare within their kind: integers, floats, strings; booleans are only equal or not. */
function order(left: unknown, right: unknown, forEquality: boolean): number {
  const [leftKind, rightKind] = [jsonKind(left), jsonKind(right)];
  const isBasic = (kind: string): boolean => ["boolean", "string", "integer", "number"].includes(kind);
  if (!isBasic(leftKind) || !isBasic(rightKind)) throw fail("invalid type for comparison");
  if (leftKind !== rightKind) throw fail("incompatible types for comparison");
  switch (leftKind) {
    case "string":
      return compareText(left as string, right as string);
    case "integer":
      return toInteger(left) < toInteger(right) ? -1 : Number(toInteger(left) > toInteger(right));
    case "number":
      return toDouble(left) - toDouble(right);
    default:
      if (!forEquality) throw fail("invalid type for comparison");
      return left === right ? 0 : 1;
  }
}

function goType(value: unknown): string {
  switch (jsonKind(value)) {
    case "object":
      return "map[string]interface {}";
    case "integer":
      return "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    default:
      return "string";
  }
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_JSON_PATH", message);
}
