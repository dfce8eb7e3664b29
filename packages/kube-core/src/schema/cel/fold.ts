// SPDX-License-Identifier: Apache-2.0
import type { Call, Expr } from "./ast.ts";
import { CelError } from "./cel-error.ts";
import type { FunctionTable } from "./functions.ts";
import { fits } from "./functions.ts";
import type { CelValue } from "./values.ts";
import { ArrayList, EntryMap, mapKey } from "./values.ts";

const CONVERSIONS: ReadonlySet<string> = new Set([
  "bool",
  "bytes",
  "double",
  "duration",
  "dyn",
  "int",
  "string",
  "timestamp",
  "type",
  "uint",
]);

/**
 * An expression whose lists, maps and conversions of constants are constants: they cost nothing when it is evaluated.
 *
 * @throws {CelError} PROGRAM: a constant cannot be converted
 * @see cel-go interpreter/decorators.go decOptimize
 */
export function foldConstants(expr: Expr, functions: FunctionTable): Expr {
  const fold = (child: Expr): Expr => foldConstants(child, functions);
  switch (expr.kind) {
    case "literal":
    case "ident":
      return expr;
    case "select":
      return { ...expr, operand: fold(expr.operand) };
    case "call":
      return foldCall({ ...expr, target: expr.target === undefined ? undefined : fold(expr.target), args: expr.args.map(fold) }, functions);
    case "struct":
      return { ...expr, fields: expr.fields.map(({ name, value }) => ({ name, value: fold(value) })) };
    case "comprehension": {
      const { range, start, condition, step, result } = expr;
      return { ...expr, range: fold(range), start: fold(start), condition: fold(condition), step: fold(step), result: fold(result) };
    }
    case "list": {
      const items = expr.items.map(({ value, isOptional }) => ({ value: fold(value), isOptional }));
      const values = constantsOf(items.map(({ value, isOptional }) => (isOptional ? undefined : value)));
      return values === undefined ? { ...expr, items } : { kind: "literal", id: expr.id, at: expr.at, value: new ArrayList(values) };
    }
    case "map": {
      const entries = expr.entries.map(({ key, value, isOptional }) => ({ key: fold(key), value: fold(value), isOptional }));
      const constant = constantMap(entries);
      return constant === undefined ? { ...expr, entries } : { kind: "literal", id: expr.id, at: expr.at, value: constant };
    }
  }
}

function constantsOf(nodes: readonly (Expr | undefined)[]): CelValue[] | undefined {
  const values: CelValue[] = [];
  for (const node of nodes) {
    if (node?.kind !== "literal") return undefined;
    values.push(node.value);
  }
  return values;
}

/** Of a key that comes again, the last value counts. */
function constantMap(entries: readonly { readonly key: Expr; readonly value: Expr; readonly isOptional: boolean }[]): EntryMap | undefined {
  if (entries.some(({ isOptional }) => isOptional)) return undefined;
  const keys = constantsOf(entries.map(({ key }) => key));
  const values = constantsOf(entries.map(({ value }) => value));
  if (keys === undefined || values === undefined) return undefined;
  const byKey = new Map<string, readonly [CelValue, CelValue]>();
  for (const [index, key] of keys.entries()) {
    const text = mapKey(key);
    if (text === undefined) return undefined;
    byKey.set(text, [key, values[index] ?? null]);
  }
  return new EntryMap([...byKey.values()]);
}

function foldCall(call: Call, functions: FunctionTable): Expr {
  const [arg] = call.args;
  if (!CONVERSIONS.has(call.name) || call.target !== undefined || call.args.length !== 1 || arg?.kind !== "literal") return call;
  const form = functions
    .get(call.name)
    ?.find(({ parameters: [type], isMember }) => !isMember && type !== undefined && fits(arg.value, type));
  if (form?.run === undefined) return call;
  try {
    return { kind: "literal", id: call.id, at: call.at, value: form.run(arg.value) };
  } catch (error) {
    if (error instanceof CelError) throw new CelError("PROGRAM", error.message);
    throw error;
  }
}
