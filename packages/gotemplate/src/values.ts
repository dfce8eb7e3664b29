// SPDX-License-Identifier: Apache-2.0
import { compareStrings } from "./bytes.ts";
import type { TemplateError } from "./template-error.ts";

/*
 * How Go's values are represented:
 *   nothing at all (reflect's zero Value)  undefined        nil in an interface   null
 *   bool      boolean     string  string   float64          number
 *   every integer type    Int              map              GoMap
 *   slice                 Slice            struct           Struct
 *   function              TemplateFunction
 */

/** A value that a template can hold. */
export type Value = undefined | null | boolean | string | number | Int | GoMap | Slice | Struct | TemplateFunction;

const INT_KINDS: ReadonlyMap<string, string> = new Map([
  ["time.Duration", "int64"],
  ["time.Month", "int"],
  ["time.Weekday", "int"],
]);

/** A Go integer: its type's name ("int", "int64", "uint8", "time.Duration", …) and its value. */
export class Int {
  readonly type: string;
  readonly value: bigint;
  constructor(type: string, value: bigint) {
    this.type = type;
    this.value = value;
  }
  /** The kind under a named type: "int64" of a time.Duration. */
  get kind(): string {
    return INT_KINDS.get(this.type) ?? this.type;
  }
  get isUnsigned(): boolean {
    return this.type.startsWith("uint");
  }
}

/** Small numbers, which are many. */
const SMALL: readonly Int[] = Array.from({ length: 256 }, (_, i) => new Int("int", BigInt(i)));

/** An `int`, wrapped around at 64 bits as Go's is. */
export function int(value: number | bigint): Int {
  if (typeof value === "number") {
    const small = SMALL[value];
    if (small !== undefined) return small;
  }
  return new Int("int", BigInt.asIntN(64, BigInt(value)));
}

/** An `int64`, wrapped around at 64 bits as Go's is. */
export function int64(value: number | bigint): Int {
  return new Int("int64", BigInt.asIntN(64, BigInt(value)));
}

/** Methods of a value, by Go name. */
export type Methods = ReadonlyMap<string, TemplateFunction>;

/** The type of an object in Helm's values. */
export const MAP_TYPE = "map[string]interface {}";
export const LIST_TYPE = "[]interface {}";

/** A Go map with string keys. It can be changed (Sprig's `set`), and is shared by whoever holds it. */
export class GoMap {
  readonly type: string;
  readonly entries: Map<string, Value>;
  readonly methods: Methods | undefined;
  /** A map that is nil: empty, and null in JSON and YAML. */
  readonly isNil: boolean;
  /** Whether the values are interfaces, so that one that is missing is nil and not "". */
  readonly holdsAny: boolean;
  constructor(entries: Map<string, Value> = new Map(), type: string = MAP_TYPE, methods?: Methods, isNil = false) {
    this.type = type;
    this.entries = entries;
    this.methods = methods;
    this.isNil = isNil;
    this.holdsAny = type === MAP_TYPE || type.endsWith("interface {}") || !type.startsWith("map[");
  }
  /** The keys in the order in which Go's range and fmt visit them. */
  sortedKeys(): string[] {
    return [...this.entries.keys()].sort(compareStrings);
  }
}

/** A Go slice. Never changed. */
export class Slice {
  readonly type: string;
  readonly items: readonly Value[];
  readonly isNil: boolean;
  readonly methods: Methods | undefined;
  constructor(
    items: readonly Value[],
    type: string = LIST_TYPE,
    options: { readonly isNil?: boolean; readonly methods?: Methods | undefined } = {},
  ) {
    this.type = type;
    this.items = items;
    this.isNil = options.isNil ?? false;
    this.methods = options.methods;
  }
}

/** A Go struct, or a pointer to one: fields in their order, and methods. */
export class Struct {
  /** As `%T` prints it: "chart.Metadata", "*semver.Version". */
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;
  readonly methods: Methods;
  /** What its String method gives; fmt prints that. */
  readonly text: (() => string) | undefined;
  /** What its GoString method gives, which `%#v` prints. */
  readonly goString: (() => string) | undefined;
  /** What JSON makes of it, where that is not its fields under their own names. */
  readonly json: (() => Value) | undefined;
  /** What a template writes of it, where its String method only counts when it can be addressed, as a field of a pointer can. */
  readonly printed: (() => string) | undefined;
  constructor(options: {
    readonly type: string;
    readonly fields?: ReadonlyMap<string, Value>;
    readonly methods?: Methods;
    readonly text?: () => string;
    readonly goString?: () => string;
    readonly json?: () => Value;
    readonly printed?: () => string;
  }) {
    this.type = options.type;
    this.fields = options.fields ?? new Map();
    this.methods = options.methods ?? new Map();
    this.text = options.text;
    this.goString = options.goString;
    this.json = options.json;
    this.printed = options.printed;
  }
}

/** What a function is told beside its arguments. */
export interface Call {
  /** The templates that the caller can see. */
  readonly templates: TemplateScope;
  /** The most characters that one string, and the most items that one list may have. */
  readonly maxSize: number;
  /** Counts work done outside of the template's own nodes; throws TemplateError LIMIT when it is too much. */
  spend(steps: number): void;
}

/** The templates of one execution, for functions such as Helm's `include` and `tpl`. */
export interface TemplateScope {
  readonly name: string;
  /** Runs a template of this scope, within the limits of the execution at hand. @throws {TemplateError} */
  execute(name: string, data: Value): string;
  /** The same as `execute`, for functions that are nested. */
  executeNested(name: string, data: Value): Nested<string>;
  /** Parses a text as Go's `clone.New(name).Parse(text)`, and runs it; templates it defines are seen by itself only. @throws {TemplateError} */
  executeText(name: string, text: string, data: Value, wrap: (stage: "parse" | "execute", error: TemplateError) => unknown): string;
  /** The same as `executeText`, for functions that are nested. */
  executeTextNested(
    name: string,
    text: string,
    data: Value,
    wrap: (stage: "parse" | "execute", error: TemplateError) => unknown,
  ): Nested<string>;
}

/** Work that runs templates without the stack of the program: yields what it waits for, and is answered with its result. */
export type Nested<T> = Generator<Nested<unknown>, T, unknown>;

/** A function that templates can call. Arguments are checked against `params` before. */
export interface TemplateFunction {
  /** Go types of the parameters; `interface {}` takes anything, `reflect.Value` also nothing at all. */
  readonly params: readonly string[];
  /** Whether the last parameter may come any number of times. */
  readonly isVariadic: boolean;
  run(args: readonly Value[], call: Call): Value;
  /** The same for a function that runs templates, where many run inside of each other. */
  nested?(args: readonly Value[], call: Call): Nested<Value>;
}

/** A function of a signature such as `"string interface {}..."`, types separated by commas. */
export function fn(signature: string, run: (args: readonly Value[], call: Call) => Value): TemplateFunction {
  const isVariadic = signature.endsWith("...");
  const text = isVariadic ? signature.slice(0, -3) : signature;
  const params = text === "" ? [] : text.split(",").map((param) => (param === "any" ? "interface {}" : param === "map" ? MAP_TYPE : param));
  return { params, isVariadic, run };
}

export function isFunction(value: Value): value is TemplateFunction {
  return typeof value === "object" && value !== null && "run" in value;
}

/** A list of strings, `[]string`. */
export function strings(items: readonly string[], isNil = false): Slice {
  return new Slice(items, "[]string", { isNil });
}

/** The Go type, as `%T` prints it. */
export function typeOf(value: Value): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (isFunction(value))
    return `func(${value.params.map((p, i) => (value.isVariadic && i === value.params.length - 1 ? `...${p}` : p)).join(", ")}) interface {}`;
  return value.type;
}

/** The Go kind, as reflect's Kind prints it. */
export function kindOf(value: Value): string {
  if (value === undefined || value === null) return "invalid";
  if (value instanceof Int) return value.kind;
  if (value instanceof GoMap) return "map";
  if (value instanceof Slice) return "slice";
  if (value instanceof Struct) return value.type.startsWith("*") ? "ptr" : "struct";
  return isFunction(value) ? "func" : typeOf(value);
}

/** Go's truth: false, 0, "", nil and what is empty are false; structs are true. @see text/template IsTrue */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return false;
  if (typeof value !== "object") return true;
  if (value instanceof Int) return value.value !== 0n;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof Slice) return value.items.length > 0;
  return true;
}

/** The value that a slice, array of characters or map of the type holds where nothing was put: nil, or "". */
export function zeroOf(container: GoMap): Value {
  return container.holdsAny ? null : "";
}
