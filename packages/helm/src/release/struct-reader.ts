// SPDX-License-Identifier: Apache-2.0
import { getKey, isJsonObject, type JsonObject, setKey } from "@flux-ts/kube-core";
import { jsonKind } from "../chart/decode.ts";
import { HelmError } from "../helm-error.ts";
import { isTime, normalTime } from "./go-time.ts";
import { fromBase64 } from "./packing.ts";
import { mapNumbers } from "./struct-json.ts";

/**
 * Reads the fields of a Go struct from parsed JSON, as `encoding/json` does: null and what is absent leave a field
 * empty, a wrong type is an error that names the field.
 */
export class StructReader {
  readonly #fields: JsonObject;
  /** `Release.chart.metadata` */
  readonly #path: string;

  /** @throws {HelmError} RELEASE for what is no object */
  constructor(value: unknown, path: string) {
    if (!isJsonObject(value)) fail(value, `value of type ${path}`);
    this.#fields = value;
    this.#path = path;
  }

  text(name: string): string {
    const value = this.#given(name);
    if (value === undefined) return "";
    return typeof value === "string" ? value : this.#fail(value, name, "string");
  }

  integer(name: string): number {
    const value = this.#given(name);
    if (value === undefined) return 0;
    return typeof value === "number" && Number.isSafeInteger(value) ? value : this.#fail(value, name, "int");
  }

  boolean(name: string): boolean {
    const value = this.#given(name);
    if (value === undefined) return false;
    return typeof value === "boolean" ? value : this.#fail(value, name, "bool");
  }

  /** Undefined for a time that is not set. Helm 3 stores `""` for one. */
  time(name: string): string | undefined {
    const text = this.text(name);
    if (text !== "" && !isTime(text)) {
      throw new HelmError("RELEASE", `parsing time ${JSON.stringify(text)} of ${this.#path}.${name}: it is not in the form of RFC 3339`);
    }
    return normalTime(text);
  }

  /** Of base64. */
  bytes(name: string): Uint8Array | undefined {
    if (this.#given(name) === undefined) return undefined;
    return fromBase64(this.text(name), `${this.#path}.${name}`);
  }

  /** Undefined when there is none; one without items is one. */
  list<Item>(name: string, read: (item: unknown, path: string) => Item): readonly Item[] | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? value.map((item) => read(item, `${this.#path}.${name}`)) : this.#fail(value, name, "slice");
  }

  texts(name: string): readonly string[] {
    return this.list(name, (item) => (item === null ? "" : typeof item === "string" ? item : this.#fail(item, name, "string"))) ?? [];
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    const map = this.map(name);
    if (map === undefined) return undefined;
    const out: Record<string, string> = {};
    for (const [key, value] of Object.entries(map)) {
      setKey(out, key, value === null ? "" : typeof value === "string" ? value : this.#fail(value, name, "string"));
    }
    return out;
  }

  /** Of any values; numbers as float64. */
  map(name: string): JsonObject | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    // An object stays one.
    return isJsonObject(value) ? (withFloats(value) as JsonObject) : this.#fail(value, name, "map[string]interface {}");
  }

  struct<Value>(name: string, read: (fields: StructReader) => Value): Value | undefined {
    const value = this.#given(name);
    return value === undefined ? undefined : read(new StructReader(value, `${this.#path}.${name}`));
  }

  #given(name: string): unknown {
    return getKey(this.#fields, name) ?? undefined;
  }

  #fail(value: unknown, name: string, type: string): never {
    return fail(value, `struct field ${this.#path}.${name} of type ${type}`);
  }
}

function fail(value: unknown, into: string): never {
  throw new HelmError("RELEASE", `json: cannot unmarshal ${jsonKind(value)} into Go ${into}`);
}

/** A value whose numbers are float64, as Go reads what has no type; itself when they are already. */
export function withFloats(value: unknown): unknown {
  return mapNumbers(value, Number);
}
