// SPDX-License-Identifier: Apache-2.0
import type { CelType } from "./types.ts";
import { readType, splitTypes } from "./types.ts";
import type { CelValue } from "./values.ts";
import { CelDuration, CelList, CelMap, CelOpaque, CelOptional, CelTimestamp, CelTypeValue, CelUint, typeNameOf } from "./values.ts";

/** One form of a function: the types it takes and what it does. */
export interface Overload {
  readonly isMember: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Absent: evaluated by the interpreter itself (`&&`, `?:` …). */
  readonly run?: (...args: readonly CelValue[]) => CelValue;
  /** What a call costs; default: by the size of text in it, see cost.ts. */
  readonly cost?: ((args: readonly CelValue[], result: CelValue) => number) | undefined;
  /** `_==_(A, A) bool`: names the overload for cost rules. */
  readonly signature: string;
  /** Not for the checker to find: for values whose type comes out later only. */
  readonly isHidden?: true;
}

/** All forms of all functions, by name. */
export type FunctionTable = ReadonlyMap<string, readonly Overload[]>;

// Every function is called with arguments that its signature allows, so it may name their types.
type Implementation = (...args: never[]) => CelValue;

/** One form of a function, with the function's name. */
export interface Declaration {
  readonly name: string;
  readonly overload: Overload;
}

/**
 * Declares a form by its signature: `size(string) int`, as a member of its first argument `string.size() int`. A name
 * that has dots of its own begins with `::`.
 *
 * @example overload("string.startsWith(string) bool", (text: string, prefix: string) => text.startsWith(prefix))
 */
export function overload(signature: string, run?: Implementation, cost?: Overload["cost"]): Declaration {
  const { head, parameters, result } = splitSignature(signature.replace(/^::/, ""));
  const dot = signature.startsWith("::") ? -1 : lastOuterDot(head);
  const types = [...(dot < 0 ? [] : [head.slice(0, dot)]), ...splitTypes(parameters)].map(readType);
  return {
    name: head.slice(dot + 1),
    overload: {
      isMember: dot >= 0,
      parameters: types,
      result: readType(result),
      ...(run === undefined ? {} : { run: run as NonNullable<Overload["run"]> }),
      cost,
      signature,
    },
  };
}

/** A form that no expression can be checked to mean. */
export function hidden({ name, overload: form }: Declaration): Declaration {
  return { name, overload: { ...form, isHidden: true } };
}

/** The arguments are the group in parentheses that a space follows. */
function splitSignature(signature: string): { readonly head: string; readonly parameters: string; readonly result: string } {
  let depth = 0;
  let open = 0;
  for (let index = 0; index < signature.length; index++) {
    if (signature[index] === "(" && depth++ === 0) open = index;
    if (signature[index] === ")" && --depth === 0 && signature[index + 1] === " ") {
      return { head: signature.slice(0, open), parameters: signature.slice(open + 1, index), result: signature.slice(index + 2) };
    }
  }
  throw new TypeError(`Cannot read the signature "${signature}": no result after the arguments`);
}

function lastOuterDot(text: string): number {
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    if (text[index] === ")") depth++;
    else if (text[index] === "(") depth--;
    else if (text[index] === "." && depth === 0) return index;
  }
  return -1;
}

export function tableOf(...libraries: readonly (readonly Declaration[])[]): FunctionTable {
  const table = new Map<string, Overload[]>();
  for (const { name, overload: form } of libraries.flat()) {
    const forms = table.get(name);
    if (forms === undefined) table.set(name, [form]);
    else forms.push(form);
  }
  return table;
}

/** Whether a value can be an argument of this type. Of lists and maps only that they are some. */
export function fits(value: CelValue, type: CelType): boolean {
  switch (type.kind) {
    case "dyn":
    case "param":
      return true;
    case "null":
      return value === null;
    case "list":
      return value instanceof CelList;
    case "map":
      return value instanceof CelMap;
    case "type":
      return value instanceof CelTypeValue;
    case "scalar":
      return fitsScalar(value, type.name);
    default:
      if (type.name === "optional_type") return value instanceof CelOptional;
      return value instanceof CelOpaque ? value.typeName === type.name : typeNameOf(value) === type.name;
  }
}

function fitsScalar(value: CelValue, name: string): boolean {
  switch (name) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "uint":
      return value instanceof CelUint;
    case "double":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "bytes":
      return value instanceof Uint8Array;
    case "timestamp":
      return value instanceof CelTimestamp;
    default:
      return value instanceof CelDuration;
  }
}
