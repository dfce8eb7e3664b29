// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, isJsonObject, parseYaml, setKey } from "@flux-ts/kube-core";
import { formatValue } from "@flux-ts/gotemplate";
import { messageOf } from "../helm-error.ts";

/** YAML that cannot be read into what it should be; worded as sigs.k8s.io/yaml does. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** Reads one YAML document. @throws {DecodeError} `error converting YAML to JSON: yaml: line 3: …` */
export function decodeYaml(text: string): unknown {
  try {
    return parseYaml(text, { severalDocuments: "first" });
  } catch (error) {
    throw new DecodeError(`error converting YAML to JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** How encoding/json calls a value in messages. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof ExactNumber || typeof value === "number") return "number";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "object";
}

/** @throws {DecodeError} */
export function failDecode(value: unknown, into: string): never {
  throw new DecodeError(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go ${into}`);
}

/**
 * Reads the fields of a Go struct from an object, as encoding/json does: names match whatever their case, null leaves a
 * field as it is, and so does a wrong type make an error that names the field.
 */
export class FieldReader {
  readonly #fields = new Map<string, unknown>();
  readonly #struct: string;
  readonly #path: string;

  constructor(value: unknown, struct: string, names: readonly string[], path = "") {
    this.#struct = struct;
    this.#path = path;
    if (value === null || value === undefined) return;
    if (!isJsonObject(value))
      failDecode(value, path === "" ? `value of type ${struct}` : `struct field ${struct}.${path} of type ${struct}`);
    const byLower = new Map(names.map((name) => [name.toLowerCase(), name]));
    for (const key of Object.keys(value).sort()) {
      const name = names.includes(key) ? key : byLower.get(key.toLowerCase());
      if (name !== undefined && value[key] !== null) this.#fields.set(name, value[key]);
    }
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  raw(name: string): unknown {
    return this.#fields.get(name);
  }

  /** A string; numbers and booleans become what they read, as sigs.k8s.io/yaml makes of them where a string is wanted. */
  text(name: string): string {
    return this.#text(this.#fields.get(name), name);
  }

  boolean(name: string): boolean {
    const value = this.#fields.get(name);
    if (value === undefined) return false;
    return typeof value === "boolean" ? value : this.#fail(value, name, "bool");
  }

  list(name: string, type: string): readonly unknown[] | undefined {
    const value = this.#fields.get(name);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? value : this.#fail(value, name, type);
  }

  texts(name: string): readonly string[] {
    return (this.list(name, "[]string") ?? []).map((item) => this.#text(item ?? undefined, name));
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.#fields.get(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return this.#fail(value, name, "map[string]string");
    const out: Record<string, string> = {};
    for (const [key, item] of Object.entries(value)) setKey(out, key, this.#text(item ?? undefined, name));
    return out;
  }

  #text(value: unknown, name: string): string {
    switch (typeof value) {
      case "undefined":
        return "";
      case "string":
        return value;
      case "number":
        // strconv's shortest form, as %v prints a float64; integers were ints.
        return Number.isSafeInteger(value) ? String(value) : formatValue(value);
      case "boolean":
        return String(value);
      default:
        return value instanceof ExactNumber ? value.text : this.#fail(value, name, "string");
    }
  }

  #fail(value: unknown, name: string, type: string): never {
    return failDecode(value, `struct field ${this.#struct}.${this.#path === "" ? "" : `${this.#path}.`}${name} of type ${type}`);
  }
}
