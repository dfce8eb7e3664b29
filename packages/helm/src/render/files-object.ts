// SPDX-License-Identifier: Apache-2.0
import { FunctionError, GoMap, Int, type Methods, Slice, type Value, fn, fromBytes, strings } from "@flux-ts/gotemplate";
import { compareText } from "@flux-ts/kube-core";
import type { ChartFile } from "../chart/chart.ts";
import { encodeBase64 } from "./base64.ts";
import { compileGlob } from "./glob.ts";

/** sigs.k8s.io/yaml's Marshal. */
export type StringifyYaml = (value: unknown) => string;

/**
 * What templates see as `.Files`: bytes by name, with Get, GetBytes, Glob, Lines, AsConfig and AsSecrets.
 *
 * @see helm.sh/helm/v4 pkg/engine/files.go
 */
export function filesObject(files: readonly ChartFile[], stringifyYaml: StringifyYaml): GoMap {
  return makeFiles(new Map(files.map(({ name, data }) => [name, data])), stringifyYaml);
}

function makeFiles(files: ReadonlyMap<string, Uint8Array>, stringifyYaml: StringifyYaml): GoMap {
  const textOf = (name: Value): string => {
    const data = files.get(String(name));
    return data === undefined ? "" : fromBytes(data);
  };
  const byBaseName = (convert: (data: Uint8Array) => string): string => {
    // Names that stand twice: in Go the last one of a map in random order wins.
    const sorted = [...files].sort(([a], [b]) => compareText(a, b));
    const out = Object.assign(
      Object.create(null) as Record<string, string>,
      Object.fromEntries(sorted.map(([name, data]) => [name.slice(name.lastIndexOf("/") + 1), convert(data)])),
    );
    return stringifyYaml(out).replace(/\n$/, "");
  };
  const methods: Methods = new Map([
    ["Get", fn("string", ([name]) => textOf(name))],
    ["GetBytes", fn("string", ([name]) => bytesSlice(files.get(String(name)) ?? new Uint8Array()))],
    [
      "Glob",
      fn("string", ([pattern]) => {
        const matches = compileGlob(String(pattern));
        return makeFiles(new Map([...files].filter(([name]) => matches(name))), stringifyYaml);
      }),
    ],
    ["AsConfig", fn("", () => byBaseName(fromBytes))],
    ["AsSecrets", fn("", () => byBaseName(encodeBase64))],
    [
      "Lines",
      fn("string", ([name]) => {
        if (!files.has(String(name))) return strings([]);
        if (textOf(name) === "") throw new FunctionError("runtime error: index out of range [-1]");
        return strings(textOf(name).replace(/\n$/, "").split("\n"));
      }),
    ],
  ]);
  return new GoMap(new LazyFiles(files), "engine.files", methods);
}

function bytesSlice(data: Uint8Array): Slice {
  return new Slice(
    Array.from(data, (byte) => new Int("uint8", BigInt(byte))),
    "[]uint8",
  );
}

/** Makes template values of bytes when they are asked for, since most files are only named. */
class LazyFiles extends Map<string, Value> {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    super();
    this.#files = files;
    for (const name of files.keys()) super.set(name, undefined);
  }

  override get(name: string): Value {
    const known = super.get(name);
    if (known !== undefined) return known;
    const data = this.#files?.get(name);
    if (data === undefined) return undefined;
    const value = bytesSlice(data);
    super.set(name, value);
    return value;
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const name of this.keys()) yield [name, this.get(name)];
  }

  override *values(): MapIterator<Value> {
    for (const name of this.keys()) yield this.get(name);
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
