// SPDX-License-Identifier: Apache-2.0
// The values of expressions. int is a bigint, double a number, string, bool and null are themselves, bytes a Uint8Array.

export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelUint
  | CelList
  | CelMap
  | CelTimestamp
  | CelDuration
  | CelOptional
  | CelTypeValue
  | CelOpaque;

/** An unsigned integer. */
export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A list, perhaps read lazily from JSON. */
export abstract class CelList {
  abstract readonly size: number;
  /** Within bounds. */
  abstract at(index: number): CelValue;
  *[Symbol.iterator](): Generator<CelValue> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }
  /** Lists of a schema may be sets or maps: then their order says nothing. */
  equals(_other: CelList, _isEqual: (left: CelValue, right: CelValue) => boolean): boolean | undefined {
    return undefined;
  }
  /** Sets and maps are merged; undefined: they are put one behind the other. */
  concat(_other: CelList): CelList | undefined {
    return undefined;
  }
}

export class ArrayList extends CelList {
  readonly items: readonly CelValue[];
  constructor(items: readonly CelValue[]) {
    super();
    this.items = items;
  }
  get size(): number {
    return this.items.length;
  }
  at(index: number): CelValue {
    return this.items[index] ?? null;
  }
}

/** A map, or an object with fields. */
export abstract class CelMap {
  abstract readonly size: number;
  /** Undefined when there is no such key. */
  abstract get(key: CelValue): CelValue | undefined;
  abstract keys(): Iterable<CelValue>;
  /** Fields of an object are selected only; objects have no keys to loop over. */
  get isObject(): boolean {
    return false;
  }
}

export class EntryMap extends CelMap {
  readonly #entries = new Map<string, readonly [CelValue, CelValue]>();

  /** @param entries of keys that are booleans, numbers or strings */
  constructor(entries: Iterable<readonly [CelValue, CelValue]>) {
    super();
    for (const [key, value] of entries) this.#entries.set(mapKey(key) ?? "", [key, value]);
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: CelValue): CelValue | undefined {
    const text = mapKey(key);
    return text === undefined ? undefined : this.#entries.get(text)?.[1];
  }
  *keys(): Generator<CelValue> {
    for (const [key] of this.#entries.values()) yield key;
  }
  *entries(): Generator<readonly [CelValue, CelValue]> {
    yield* this.#entries.values();
  }
}

/** Keys that are equal have the same text, numbers across their types; undefined for what cannot be a key. */
export function mapKey(key: CelValue): string | undefined {
  if (typeof key === "string") return `s${key}`;
  if (typeof key === "bigint") return `n${key}`;
  if (typeof key === "boolean") return `b${key}`;
  if (key instanceof CelUint) return `n${key.value}`;
  if (typeof key === "number") return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`;
  return undefined;
}

/** A scalar as text; of anything else its type. */
export function scalarText(value: CelValue): string {
  if (value instanceof CelUint) return String(value.value);
  return value !== null && typeof value === "object" ? typeNameOf(value) : String(value);
}

/** A point in time, in nanoseconds since 1970, with the offset that it was written with. */
export class CelTimestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A span of time in nanoseconds. */
export class CelDuration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelOptional {
  readonly value: CelValue | undefined;
  constructor(value?: CelValue) {
    this.value = value;
  }
}

/** A type as a value: what `type(x)` gives. */
export class CelTypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A value of a library: it has its own functions only. `identity` tells whether two are equal. */
export class CelOpaque<T = unknown> {
  readonly typeName: string;
  readonly value: T;
  readonly identity: string;
  constructor(typeName: string, value: T, identity: string) {
    this.typeName = typeName;
    this.value = value;
    this.identity = identity;
  }
}

/** The name of a value's type. */
export function typeNameOf(value: CelValue): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "string":
      return "string";
    default:
  }
  if (value === null) return "null_type";
  if (value instanceof CelList) return "list";
  if (value instanceof CelMap) return value.isObject ? "object" : "map";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CelUint) return "uint";
  if (value instanceof CelTimestamp) return "google.protobuf.Timestamp";
  if (value instanceof CelDuration) return "google.protobuf.Duration";
  if (value instanceof CelOptional) return "optional_type";
  return value instanceof CelTypeValue ? "type" : value.typeName;
}

/** How large a value is, for costs: of text its characters, of lists and maps what they hold, else 1. */
export function sizeOf(value: CelValue): number {
  if (typeof value === "string") return countCharacters(value);
  if (value instanceof CelList || value instanceof CelMap) return value.size;
  if (value instanceof Uint8Array) return value.length;
  return value instanceof CelOptional && value.value !== undefined ? sizeOf(value.value) : 1;
}

/** Code points. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) count--;
  }
  return count;
}
