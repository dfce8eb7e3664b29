// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { isJsonObject, parseYaml } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import type { Io } from "../../io.ts";
import { readGivenFile } from "./secret/read-given-file.ts";

/**
 * The values of several files, those of later ones over those of earlier ones; maps are merged, lists are not.
 * @throws {CommandError} for a file that cannot be read, or holds no map
 */
export function readValues(paths: readonly string[], io: Io): JsonObject {
  return paths.map((path) => readFile(path, io)).reduce(merge, {});
}

function readFile(path: string, io: Io): JsonObject {
  const text = readGivenFile(io, path, `reading values from ${path} failed`);
  let values: unknown;
  try {
    values = parseYaml(text);
  } catch (error) {
    throw new CommandError(`converting values to JSON from ${path} failed: ${(error as Error).message}`, { cause: error });
  }
  if (values === null || values === undefined) return {};
  if (isJsonObject(values)) return values;
  const type = Array.isArray(values) ? "array" : typeof values;
  throw new CommandError(
    `unmarshaling values from ${path} failed: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
  );
}

function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isJsonObject(below) && isJsonObject(value) ? merge(below, value) : value);
  }
  return Object.fromEntries(merged);
}
