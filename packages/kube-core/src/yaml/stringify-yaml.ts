// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "../exact-number.ts";
import { compareText } from "../json-object.ts";
import { formatGoFloat, formatGoNumber } from "./go-number.ts";
import { SpelledScalar } from "./spelled-scalar.ts";
import { compareKeys, compareKeysV3 } from "./sort-keys.ts";
import { quickScalar, writeScalar } from "./write-scalar.ts";
import { YamlError } from "./yaml-error.ts";

export interface StringifyYamlOptions {
  /** Sorts the keys of every mapping (Go's maps have no order); true when absent. `bytes`: as Go orders strings, not as go-yaml orders keys. */
  readonly sortKeys?: boolean | "bytes";
  /** Where long strings fold; 80 as go-yaml v2. `Infinity` never folds. */
  readonly width?: number;
  /** How deep lists and mappings may nest; 1000 when absent. */
  readonly maxDepth?: number;
  /**
   * Whose YAML: that of sigs.k8s.io/yaml when absent. `v3` is that of go-yaml v3 with an indentation of 2, which writes
   * without a round through JSON: lists are indented under their key, nothing folds, every number is a float64 in the
   * shortest form with an exponent (`1e+06`), a bigint an integer.
   */
  readonly flavour?: "sigs" | "v3";
}

/**
 * The YAML that Kubernetes' Go tools write for a value, byte for byte: two spaces, lists not indented under their key,
 * keys sorted, no document start, a line break at the end. Strings that Go's reader would take for another type are
 * double-quoted, text of several lines becomes a literal block, long plain text folds at 80 columns.
 *
 * @param value what JSON can hold, `ExactNumber`s and `SpelledScalar`s (written as their value); keys with the value
 *   `undefined` are left out
 * @throws {YamlError} TOO_DEEP
 * @see sigs.k8s.io/yaml, Marshal
 */
export function stringifyYaml(value: unknown, options: StringifyYamlOptions = {}): string {
  const isV3 = options.flavour === "v3";
  const writer: Writer = {
    sortKeys: options.sortKeys ?? true,
    width: options.width ?? (isV3 ? Infinity : 80),
    maxDepth: options.maxDepth ?? 1000,
    isV3,
  };
  const plain = atEdge(value);
  if (isMapping(plain)) {
    const text = mapping(plain, 0, "", writer, 0);
    return text === "" ? "{}\n" : text;
  }
  if (Array.isArray(plain)) return plain.length === 0 ? "[]\n" : sequence(plain, 0, "", writer, 0);
  return `${scalar(plain, 2, 0, writer, true)}\n`;
}

interface Writer {
  readonly sortKeys: boolean | "bytes";
  readonly width: number;
  readonly maxDepth: number;
  readonly isV3: boolean;
}

const spaces: readonly string[] = Array.from({ length: 64 }, (_, count) => " ".repeat(count));

function pad(count: number): string {
  return spaces[count] ?? " ".repeat(count);
}

/** What stands for a value that is not plain data. */
function atEdge(value: unknown): unknown {
  return value instanceof SpelledScalar ? value.value : value;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** A mapping at `indent`; its first line without indentation after `lead` ("- "). Empty text for an empty mapping. */
function mapping(value: Readonly<Record<string, unknown>>, indent: number, lead: string, writer: Writer, depth: number): string {
  if (depth > writer.maxDepth) throw new YamlError("TOO_DEEP", `exceeded max depth of ${writer.maxDepth}`);
  const keys = Object.keys(value);
  if (writer.sortKeys !== false && keys.length > 1) keys.sort(orderOf(writer));
  let text = "";
  let before = lead;
  const padding = pad(indent);
  for (const key of keys) {
    const child = atEdge(value[key]);
    if (child === undefined) continue;
    text += before + entry(key, child, indent, writer, depth);
    before = padding;
  }
  return text;
}

function orderOf({ sortKeys, isV3 }: Writer): (left: string, right: string) => number {
  return sortKeys === "bytes" ? compareText : isV3 ? compareKeysV3 : compareKeys;
}

function entry(key: string, child: unknown, indent: number, writer: Writer, depth: number): string {
  const quick = key.length <= 128 ? quickScalar(key, 0, Infinity, true) : undefined;
  const simple = quick !== undefined || isSimpleKey(key);
  const name =
    quick !== undefined
      ? quick
      : simple
        ? writeScalar(key, { indent: indent + 2, column: indent, width: Infinity, isKey: true, isV3: writer.isV3 })
        : complexKey(key, indent, writer);
  const column = simple ? indent + name.length + 1 : indent + 1;
  const colon = `${name}${simple ? "" : `\n${pad(indent)}`}:`;
  if (isMapping(child)) {
    const inner = simple
      ? mapping(child, indent + 2, pad(indent + 2), writer, depth + 1)
      : mapping(child, indent + 2, " ", writer, depth + 1);
    if (inner === "") return `${colon} {}\n`;
    return simple ? `${colon}\n${inner}` : `${colon}${inner}`;
  }
  if (Array.isArray(child)) {
    if (child.length === 0) return `${colon} []\n`;
    const listIndent = writer.isV3 ? indent + 2 : indent;
    return simple
      ? `${colon}\n${sequence(child, listIndent, pad(listIndent), writer, depth + 1)}`
      : `${colon}${sequence(child, indent + 2, " ", writer, depth + 1)}`;
  }
  return `${colon} ${scalar(child, indent + 2, column, writer, false)}\n`;
}

/** Items at `indent`; the first one after `lead`. */
function sequence(items: readonly unknown[], indent: number, lead: string, writer: Writer, depth: number): string {
  if (depth > writer.maxDepth) throw new YamlError("TOO_DEEP", `exceeded max depth of ${writer.maxDepth}`);
  let text = "";
  let before = lead;
  for (const raw of items) {
    const item = atEdge(raw);
    if (isMapping(item)) {
      const inner = mapping(item, indent + 2, " ", writer, depth + 1);
      text += inner === "" ? `${before}- {}\n` : `${before}-${inner}`;
    } else if (Array.isArray(item)) {
      text += item.length === 0 ? `${before}- []\n` : `${before}-${sequence(item, indent + 2, " ", writer, depth + 1)}`;
    } else {
      text += `${before}- ${scalar(item ?? null, indent + 2, indent + 1, writer, false)}\n`;
    }
    before = pad(indent);
  }
  return text;
}

function scalar(value: unknown, indent: number, column: number, writer: Writer, isRoot: boolean): string {
  switch (typeof value) {
    case "string":
      return (
        quickScalar(value, indent, writer.width - column - 1, false) ??
        writeScalar(value, { indent, column: isRoot ? column : column + 1, width: writer.width, isKey: false, isV3: writer.isV3 })
      );
    case "number":
      return writer.isV3 ? formatGoFloat(value) : formatGoNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    default:
      return value instanceof ExactNumber ? exact(value) : "null";
  }
}

function exact(value: ExactNumber): string {
  return value.isInteger ? value.text : formatGoNumber(value.valueOf());
}

/** libyaml writes `? key` for keys of several lines or over 128 bytes. */
function isSimpleKey(key: string): boolean {
  if (key.length > 128 || /[\n\r\u0085\u2028\u2029]/.test(key)) return false;
  return key.length <= 42 || new TextEncoder().encode(key).length <= 128;
}

function complexKey(key: string, indent: number, writer: Writer): string {
  return `? ${writeScalar(key, { indent: indent + 2, column: indent + 2, width: writer.width, isKey: false, isV3: writer.isV3 })}`;
}
