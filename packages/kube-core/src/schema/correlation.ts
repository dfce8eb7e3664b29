// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../go-quote.ts";
import { getKey, isJsonObject } from "../json-object.ts";
import { deepEqual } from "../json.ts";
import { jsonKind, toDouble, toInteger } from "./json-kind.ts";
import type { Schema } from "./schema.ts";

/**
 * A value beside the old value that it replaces: what ratcheting and transition rules go by. Fields of objects
 * correlate by name, items of map lists by their keys, items of other lists not at all.
 *
 * @see k8s.io/apiserver pkg/cel/common CorrelatedObject
 */
export class Correlation {
  readonly value: unknown;
  readonly oldValue: unknown;
  readonly schema: Schema;
  #isEqual: boolean | undefined;
  #oldItems: ((item: unknown) => unknown) | undefined;

  constructor(value: unknown, oldValue: unknown, schema: Schema) {
    this.value = value;
    this.oldValue = oldValue;
    this.schema = schema;
  }

  /** Whether nothing changed. */
  get isEqual(): boolean {
    this.#isEqual ??= this.value === this.oldValue || this.#compare();
    return this.#isEqual;
  }

  /** Of a field that both values have. */
  field(name: string): Correlation | undefined {
    if (!isJsonObject(this.value) || !isJsonObject(this.oldValue)) return undefined;
    if (!Object.hasOwn(this.value, name) || !Object.hasOwn(this.oldValue, name)) return undefined;
    const schema = fieldSchema(this.schema, name);
    return schema === undefined ? undefined : new Correlation(this.value[name], this.oldValue[name], schema);
  }

  /** Of an item that the old list has under the same keys. */
  item(index: number): Correlation | undefined {
    const { items } = this.schema;
    if (!Array.isArray(this.value) || !Array.isArray(this.oldValue) || items === undefined) return undefined;
    if (this.schema["x-kubernetes-list-type"] !== "map") return undefined;
    this.#oldItems ??= itemFinder(this.schema, this.oldValue);
    const oldItem = this.#oldItems(this.value[index]);
    return oldItem === undefined ? undefined : new Correlation(this.value[index], oldItem, items);
  }

  /** Map lists are the same whatever the order of their items. */
  #compare(): boolean {
    const { value, oldValue } = this;
    if (Array.isArray(value) && Array.isArray(oldValue)) {
      if (this.schema["x-kubernetes-list-type"] !== "map") return deepEqual(value, oldValue);
      return value.length === oldValue.length && value.every((_, index) => this.item(index)?.isEqual ?? false);
    }
    if (isJsonObject(value) && isJsonObject(oldValue)) {
      const keys = Object.keys(value);
      return keys.length === Object.keys(oldValue).length && keys.every((key) => this.#isFieldEqual(key));
    }
    return deepEqual(value, oldValue);
  }

  #isFieldEqual(name: string): boolean {
    return this.field(name)?.isEqual ?? false;
  }
}

/** The schema of a field: the property's, else that of additional properties. */
export function fieldSchema(schema: Schema, name: string): Schema | undefined {
  const property = schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (property !== undefined) return property;
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

/** Finds the item of a map list that has the same keys; never one in a list of another type. @see common.MakeMapList */
export function itemFinder(schema: Schema, list: readonly unknown[]): (item: unknown) => unknown {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (schema["x-kubernetes-list-type"] !== "map" || keys.length === 0) return () => undefined;
  const byKey = new Map<string, unknown>();
  for (const item of list) {
    const key = compositeKey(item, keys);
    if (key !== undefined && !byKey.has(key)) byKey.set(key, item);
  }
  return (item) => {
    const key = compositeKey(item, keys);
    return key === undefined ? undefined : byKey.get(key);
  };
}

function compositeKey(item: unknown, keys: readonly string[]): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const parts: string[] = [];
  for (const key of keys) {
    const part = keyText(getKey(item, key));
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join("\u0000");
}

function keyText(value: unknown): string | undefined {
  switch (jsonKind(value)) {
    case "string":
      return goQuote(value as string);
    case "boolean":
      return String(value);
    case "integer":
      return toInteger(value).toString();
    case "number":
      return `f${toDouble(value)}`;
    default:
      return undefined;
  }
}
