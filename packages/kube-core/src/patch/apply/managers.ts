// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../../error.ts";
import { goPlain } from "../../go-print.ts";
import { goQuote } from "../../go-quote.ts";
import { compareText, isJsonObject } from "../../json-object.ts";
import { toTimestamp } from "../../clock.ts";
import type { ManagedFieldsEntry } from "../../object.ts";
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { isEmptySet, LEAF, normalizeNode, sameSet, sortSet } from "./field-set.ts";
import { normalizeElement } from "./path-element.ts";
import type { VersionLookup } from "./version.ts";

/** Somebody who set fields, and which. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  /** Absent for an entry that never changed the object. */
  readonly time: string | undefined;
  readonly set: FieldSet;
}

/** Managers by identity: name, operation and subresource; for an update also its version. */
export type Managers = ReadonlyMap<string, Manager>;

/** Somebody who applies is the same in every version. */
export function managerKey({ name, operation, apiVersion, subresource }: Omit<Manager, "time" | "set">): string {
  return JSON.stringify([operation, name, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** The text by which entries of one second are ordered when the oldest are folded together. */
export function identityText({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify({
    ...(name === "" ? {} : { manager: name }),
    operation,
    ...(operation === "Apply" ? {} : { apiVersion }),
    ...(subresource === "" ? {} : { subresource }),
  });
}

/**
 * Reads `metadata.managedFields`.
 *
 * @param versions tells which sets were read before; they are not read again
 * @throws {KubeCoreError} INVALID_FIELD_SET when an entry is malformed
 * @see apimachinery managedfields/internal DecodeManagedFields
 */
export function decodeManagers(entries: unknown, versions?: VersionLookup): Managers {
  const managers = new Map<string, Manager>();
  if (!Array.isArray(entries)) return managers;
  entries.forEach((entry: unknown, index) => {
    const manager = decodeEntry(entry, index, versions);
    managers.set(managerKey(manager), manager);
  });
  return managers;
}

function decodeEntry(entry: unknown, index: number, versions: VersionLookup | undefined): Manager {
  if (!isJsonObject(entry)) throw fail(`managedFields[${index}] is not an object`);
  const { operation, apiVersion, fieldsType, time } = entry;
  if (operation !== "Apply" && operation !== "Update") throw fail("operation must be `Apply` or `Update`");
  if (typeof apiVersion !== "string" || apiVersion === "") throw fail("apiVersion must not be empty");
  if (fieldsType === undefined || fieldsType === "") throw fail(`missing fieldsType in managed fields entry ${index}`);
  if (fieldsType !== "FieldsV1") throw fail(`invalid fieldsType ${goQuote(goPlain(fieldsType))} in managed fields entry ${index}`);
  const tree = entry["fieldsV1"] ?? {};
  const isRead = typeof tree === "object" && versions?.(apiVersion)?.type.seen?.has(tree) === true;
  return {
    name: textOf(entry["manager"]),
    operation,
    apiVersion,
    subresource: textOf(entry["subresource"]),
    time: typeof time === "string" ? time : undefined,
    set: isRead ? (tree as FieldSet) : decodeFieldSet(tree),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const MAX_DEPTH = 1000;

/**
 * Reads a tree of `fieldsV1`: every step in its one spelling, unknown kinds of steps left out. A tree that is in order
 * comes back itself.
 *
 * @throws {KubeCoreError} INVALID_FIELD_SET
 */
export function decodeFieldSet(tree: unknown): FieldSet {
  return decodeNode(tree, 0);
}

function decodeNode(tree: unknown, depth: number): FieldSet {
  if (!isJsonObject(tree)) throw fail("a node of fieldsV1 is not an object");
  if (depth > MAX_DEPTH) throw fail(`fieldsV1 nests deeper than ${MAX_DEPTH} levels`);
  let changed: FieldSetDraft | undefined;
  for (const key of Object.keys(tree)) {
    const element = key === "." ? key : readElement(key);
    const node = element === "." ? LEAF : decodeNode(tree[key], depth + 1);
    if (element === key && (node === tree[key] || element === ".")) continue;
    changed ??= { ...(tree as FieldSet) };
    delete changed[key];
    if (element !== undefined) changed[element] = node;
  }
  const result = changed ?? (tree as FieldSet);
  return Object.hasOwn(result, ".") ? normalizeNode(result) : result;
}

function readElement(key: string): string | undefined {
  // Fields and plainly spelt keys, nearly all there is, need no parsing.
  if (key.startsWith("f:") || PLAIN_KEY.test(key)) return key;
  try {
    return normalizeElement(key);
  } catch (error) {
    throw new KubeCoreError("INVALID_FIELD_SET", `fieldsV1 holds ${goQuote(key)}, which is not a path element`, { cause: error });
  }
}

const PLAIN_KEY = /^(?:k:\{"[\w.-]+":(?:"[\w ./:*@-]*"|[1-9]\d{0,14})\}|v:"[\w ./:*@-]*")$/;

/**
 * Writes `metadata.managedFields`, in the API server's order: applies before updates, then by time, name, version,
 * subresource. Managers that own nothing are left out; undefined when nobody is left.
 *
 * @param previous the entries that were read: those that did not change are used again
 */
export function encodeManagers(
  managers: Managers,
  previous: readonly ManagedFieldsEntry[] | undefined,
): readonly ManagedFieldsEntry[] | undefined {
  const present = [...managers.values()].filter(({ set }) => !isEmptySet(set)).sort(compareManagers);
  if (present.length === 0) return undefined;
  const entries = present.map((manager) => previous?.find((entry) => isEntryOf(entry, manager)) ?? encodeEntry(manager));
  const isUnchanged =
    previous !== undefined && previous.length === entries.length && entries.every((entry, index) => entry === previous[index]);
  return isUnchanged ? previous : entries;
}

/** Takes note that these entries are in order, so that they need not be read again. */
export function markSeen(entries: readonly ManagedFieldsEntry[] | undefined, versions: VersionLookup): void {
  for (const { apiVersion = "", fieldsV1 } of entries ?? []) {
    if (fieldsV1 !== undefined) versions(apiVersion)?.type.seen?.add(fieldsV1);
  }
}

function isEntryOf(entry: ManagedFieldsEntry, manager: Manager): boolean {
  return (
    entry.operation === manager.operation &&
    (entry.manager ?? "") === manager.name &&
    entry.apiVersion === manager.apiVersion &&
    (entry.subresource ?? "") === manager.subresource &&
    entry.time === manager.time &&
    entry.fieldsV1 !== undefined &&
    sameSet(entry.fieldsV1 as FieldSet, manager.set)
  );
}

function encodeEntry({ name, operation, apiVersion, subresource, time, set }: Manager): ManagedFieldsEntry {
  return {
    ...(name === "" ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: sortSet(set),
    ...(subresource === "" ? {} : { subresource }),
  };
}

function compareManagers(left: Manager, right: Manager): number {
  if (left.operation !== right.operation) return left.operation === "Apply" ? -1 : 1;
  const seconds = secondsOf(left.time) - secondsOf(right.time);
  if (seconds !== 0) return seconds;
  return (
    compareText(left.name, right.name) || compareText(left.apiVersion, right.apiVersion) || compareText(left.subresource, right.subresource)
  );
}

/** Whole seconds; no time comes first. */
export function secondsOf(time: string | undefined): number {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}

/** Now, as entries carry it. */
export function managerTime(now: number): string {
  return toTimestamp(now);
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_FIELD_SET", message);
}
