// SPDX-License-Identifier: Apache-2.0
import type { Call, Expr } from "./ast.ts";
import { REGEX_FACTOR, TEXT_FACTOR } from "./call-cost.ts";
import type { Estimated, Estimator } from "./estimate.ts";
import type { Overload } from "./functions.ts";
import type { Range } from "./range.ts";
import { add, fixed, multiply, scale, union, UNKNOWN } from "./range.ts";

export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range | undefined;
}

/**
 * What a call can cost, its arguments included, and how large its result can be.
 *
 * @see cel-go checker/cost.go functionCost; k8s.io/apiserver pkg/cel/library/cost.go EstimateCallCost
 */
export function estimateCall(
  estimator: Estimator,
  expr: Call,
  name: string,
  form: Overload,
  target: Expr | undefined,
  argCosts: readonly Range[],
): CallEstimate {
  const args = expr.args.map((arg) => estimator.estimated(arg));
  const operands = target === undefined ? args : [estimator.estimated(target), ...args];
  const argCost = argCosts.reduce(add, fixed(0));
  if (name === "_&&_" || name === "_||_") {
    const [left = fixed(0), right = fixed(0)] = argCosts;
    return { cost: { min: left.min, max: add(left, right).max } };
  }
  if (name === "_?_:_") return estimateConditional(estimator, expr, args, argCosts);
  if (name === "_+_") joinEntries(estimator, expr);
  const own = ownEstimate(estimator, name, form, operands) ?? { cost: fixed(1) };
  return { ...own, cost: add(own.cost, argCost) };
}

function estimateConditional(estimator: Estimator, expr: Call, args: readonly Estimated[], argCosts: readonly Range[]): CallEstimate {
  const [, yes, no] = args;
  const [condition = fixed(0), yesCost = fixed(0), noCost = fixed(0)] = argCosts;
  const [yesEntries, noEntries] = [expr.args[1], expr.args[2]].map((arg) => (arg === undefined ? undefined : estimator.entriesOf(arg)));
  if (yesEntries !== undefined && noEntries !== undefined) estimator.setEntries(expr, unionEntries(yesEntries, noEntries));
  return { cost: add(condition, union(yesCost, noCost)), size: union(yes?.size ?? UNKNOWN, no?.size ?? UNKNOWN) };
}

function joinEntries(estimator: Estimator, expr: Call): void {
  const [left, right] = expr.args.map((arg) => estimator.entriesOf(arg));
  if (left !== undefined && right !== undefined) estimator.setEntries(expr, unionEntries(left, right));
}

type Entries = NonNullable<ReturnType<Estimator["entriesOf"]>>;

function unionEntries(left: Entries, right: Entries): Entries {
  return { isList: left.isList, key: union(left.key, right.key), value: union(left.value, right.value) };
}

const ONE: Range = fixed(1);

/** Functions that cost more than one, by name. Operands are the target, if any, and the arguments. */
function ownEstimate(estimator: Estimator, name: string, form: Overload, operands: readonly Estimated[]): CallEstimate | undefined {
  const [first, second, third] = operands.map(({ size }) => size ?? UNKNOWN);
  const text = first ?? UNKNOWN;
  const other = second ?? UNKNOWN;
  const traversal = scale(text, TEXT_FACTOR);
  switch (name) {
    case "format":
      return { cost: traversal };
    case "strings.quote":
      return { cost: traversal, size: { min: text.min + 2, max: text.max * 2 + 2 } };
    case "startsWith":
    case "endsWith":
      return { cost: scale(other, TEXT_FACTOR) };
    case "bytes":
    case "string":
      return conversion(name, form, text, traversal);
    case "@in":
      return form.parameters[1]?.kind === "list" ? { cost: other } : undefined;
    case "matches":
      return { cost: multiply(scale(add(text, ONE), TEXT_FACTOR), scale(other, REGEX_FACTOR)) };
    case "find":
    case "findAll":
      return { cost: multiply(scale(add(text, ONE), TEXT_FACTOR), scale(other, REGEX_FACTOR)), size: { min: 0, max: text.max } };
    case "contains":
      return { cost: multiply(traversal, scale(other, TEXT_FACTOR)) };
    case "_+_":
      return addition(form, text, other);
    case "_==_":
    case "_!=_":
    case "_<_":
    case "_<=_":
    case "_>_":
    case "_>=_":
      return comparison(name, form, operands, text, other);
    case "isSorted":
    case "sum":
    case "max":
    case "min":
    case "indexOf":
    case "lastIndexOf":
      return { cost: form.parameters[0]?.kind === "list" ? listTraversal(estimator, operands[0], text) : traversal };
    case "url":
    case "lowerAscii":
    case "upperAscii":
    case "substring":
    case "trim":
      return { cost: traversal, size: text };
    case "replace":
      return { cost: scale(text, 2 * TEXT_FACTOR), size: replacedSize(text, other, third ?? UNKNOWN) };
    case "split":
      return { cost: scale(text, 2 * TEXT_FACTOR), size: { min: 0, max: splitLimit(operands[2]) ?? text.max } };
    case "join":
      return joined(estimator, operands[0], text, operands.length > 1 ? other : undefined);
    case "ip":
      return form.isMember ? undefined : { cost: traversal };
    case "cidr":
    case "isIP":
    case "isCIDR":
    case "quantity":
    case "isQuantity":
    case "semver":
    case "isSemver":
      return { cost: traversal };
    case "ip.isCanonical":
      return { cost: scale(text, 2 * TEXT_FACTOR) };
    case "containsIP":
    case "containsCIDR":
      return { cost: containment(name, form, other) };
    case "validate":
      // The longest pattern of a named format has 128 characters.
      return { cost: scale(scale(other, TEXT_FACTOR), 128 * REGEX_FACTOR) };
    case "sets.contains":
    case "sets.intersects":
      return { cost: add(ONE, multiply(text, other)) };
    case "sets.equivalent":
      return { cost: add(ONE, multiply(fixed(2), multiply(text, other))) };
    case "slice":
    case "reverse":
    case "flatten":
    case "lists.range":
      return { cost: add(fixed(11), name === "lists.range" ? UNKNOWN : text), size: name === "flatten" ? UNKNOWN : text };
    case "distinct":
    case "sort":
    case "@sortByAssociatedKeys":
      return { cost: add(fixed(11), multiply(text, text)), size: text };
    default:
      return undefined;
  }
}

function conversion(name: string, form: Overload, text: Range, traversal: Range): CallEstimate | undefined {
  const from = form.parameters[0]?.name;
  if (name === "bytes" && from === "string") return { cost: traversal, size: { min: text.min, max: text.max * 4 } };
  if (name === "string" && from === "bytes") return { cost: traversal, size: { min: Math.floor(text.min / 4), max: text.max } };
  return undefined;
}

function addition(form: Overload, left: Range, right: Range): CallEstimate | undefined {
  const size = add(left, right);
  const type = form.parameters[0];
  if (type?.kind === "list") return { cost: ONE, size };
  return type?.name === "string" || type?.name === "bytes" ? { cost: scale(size, TEXT_FACTOR), size } : undefined;
}

const CHEAP_TO_COMPARE: ReadonlySet<string> = new Set(["net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.Semver"]);

function comparison(name: string, form: Overload, operands: readonly Estimated[], left: Range, right: Range): CallEstimate | undefined {
  const isEquality = name === "_==_" || name === "_!=_";
  const type = form.parameters[0]?.name;
  if (!isEquality && type !== "string" && type !== "bytes") return undefined;
  if (isEquality && CHEAP_TO_COMPARE.has(operands[0]?.type.name ?? "")) return undefined;
  const max = Math.min(left.max, right.max);
  return { cost: scale({ min: max > 0 ? 1 : 0, max }, TEXT_FACTOR) };
}

function listTraversal(estimator: Estimator, list: Estimated | undefined, count: Range): Range {
  const item = list?.type.parameters[0];
  if (item?.name !== "string" && item?.name !== "bytes") return count;
  return multiply(count, add(ONE, scale(itemSize(estimator, list), TEXT_FACTOR)));
}

function itemSize(estimator: Estimator, list: Estimated | undefined): Range {
  const declared = list?.path === undefined ? undefined : estimator.declaredAt([...list.path, "@items"]);
  return declared === undefined ? UNKNOWN : { min: 0, max: declared.maxElements };
}

function replacedSize(text: Range, old: Range, by: Range): Range {
  let [maxCount, maxKept] = [Math.ceil(text.max / Math.max(old.min, 1)), 0];
  if (old.min === 0) [maxCount, maxKept] = [text.max + 1, text.max];
  else if (by.max <= old.min) [maxCount, maxKept] = [0, text.max];
  let [minCount, minKept] = [Math.ceil(text.min / Math.max(old.max, 1)), 0];
  if (old.max === 0) [minCount, minKept] = [text.min + 1, text.min];
  else if (old.max <= by.min) [minCount, minKept] = [0, text.min];
  return add(multiply({ min: minCount, max: maxCount }, by), { min: minKept, max: maxKept });
}

function splitLimit(limit: Estimated | undefined): number | undefined {
  return limit?.expr.kind === "literal" && typeof limit.expr.value === "bigint" ? Number(limit.expr.value) : undefined;
}

function joined(estimator: Estimator, list: Estimated | undefined, count: Range, separator: Range | undefined): CallEstimate {
  let size = multiply(count, itemSize(estimator, list));
  if (separator !== undefined) {
    size = add(size, multiply(separator, { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) }));
  }
  return { cost: scale(size, TEXT_FACTOR), size };
}

function containment(name: string, form: Overload, other: Range): Range {
  const address: Range = { min: 4, max: 16 };
  let cost = scale(add(address, address), TEXT_FACTOR);
  if (name === "containsCIDR") cost = add(add(cost, scale(address, TEXT_FACTOR)), ONE);
  return form.parameters[1]?.name === "string" ? add(cost, scale(other, TEXT_FACTOR)) : cost;
}
