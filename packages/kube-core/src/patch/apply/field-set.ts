// SPDX-License-Identifier: Apache-2.0
import type { PathElement } from "./path-element.ts";
import { compareElements, fieldElement, printElement } from "./path-element.ts";

/**
 * A set of paths: the very tree that `fieldsV1` holds. Every key is a step, so no key can be `__proto__`.
 *
 * A node without keys is a path of the set. A node with keys is one only if `.` is among them. The root is never a
 * path itself; a root without keys is the empty set. Trees are shared and never changed.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

/** A tree still being built. */
export type FieldSetDraft = Record<PathElement, FieldSet>;

/** A path of the set with nothing below it. */
export const LEAF: FieldSet = Object.freeze({});

export const EMPTY_SET: FieldSet = LEAF;

export function isEmptySet(set: FieldSet): boolean {
  // oxlint-disable-next-line no-unreachable-loop
  for (const _ in set) return false;
  return true;
}

/** Whether the node is a path of the set itself. */
export function isMember(node: FieldSet): boolean {
  return node["."] !== undefined || isEmptySet(node);
}

/** A node of a path with nothing below it in its one form, {@link LEAF}. */
export function normalizeNode(node: FieldSet): FieldSet {
  for (const element in node) if (element !== ".") return node;
  return LEAF;
}

/** The set of these paths of field names: `["spec", "replicas"]`. */
export function fieldSetOfPaths(...paths: readonly (readonly string[])[]): FieldSet {
  return paths.map((path) => branch(path.map(fieldElement))).reduce(union, EMPTY_SET);
}

/** The tree of one path, with what is below it. */
function branch(path: readonly PathElement[]): FieldSet {
  return path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), LEAF);
}

/** Whether the set holds the path. */
export function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node[element];
    if (node === undefined) return false;
  }
  return path.length > 0 && isMember(node);
}

/** Paths of either. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmptySet(right)) return left;
  return isEmptySet(left) ? right : unionChildren(left, right);
}

/** The union of two nodes that are not roots. */
export function unionNodes(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left;
  if (isEmptySet(left)) return withMember(right);
  if (isEmptySet(right)) return withMember(left);
  return unionChildren(left, right);
}

function withMember(node: FieldSet): FieldSet {
  return isMember(node) ? node : { ".": LEAF, ...node };
}

function unionChildren(left: FieldSet, right: FieldSet): FieldSet {
  let result: FieldSetDraft | undefined;
  for (const element in right) {
    const theirs = right[element] as FieldSet;
    const ours = left[element];
    const merged = ours === undefined ? theirs : element === "." ? ours : unionNodes(ours, theirs);
    if (merged === ours) continue;
    result ??= element === "." ? { ".": LEAF, ...left } : { ...left };
    result[element] = merged;
  }
  return result ?? left;
}

/** Paths of the first that the second does not hold. A path stays when only one above or below it is in the second. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return mapChildren(left, right, differenceNode);
}

function differenceNode(node: FieldSet, other: FieldSet): FieldSet | undefined {
  if (node === other) return undefined;
  return rebuild(node, isMember(node) && !isMember(other), mapChildren(node, other, differenceNode));
}

/** Paths of the first that are not in the second, nor below a path of the second. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  return mapChildren(left, right, recursiveDifferenceNode);
}

function recursiveDifferenceNode(node: FieldSet, other: FieldSet): FieldSet | undefined {
  if (isMember(other)) return undefined;
  return rebuild(node, isMember(node), mapChildren(node, other, recursiveDifferenceNode));
}

/** The children of `left`, those that `right` has too run through `change`. The node's own `.` is carried along. */
function mapChildren(left: FieldSet, right: FieldSet, change: (node: FieldSet, other: FieldSet) => FieldSet | undefined): FieldSet {
  let result: FieldSetDraft | undefined;
  let gone: Set<PathElement> | undefined;
  for (const element in right) {
    if (element === ".") continue;
    const node = left[element];
    if (node === undefined) continue;
    const changed = change(node, right[element] as FieldSet);
    if (changed === node) continue;
    if (changed === undefined) (gone ??= new Set()).add(element);
    else (result ??= { ...left })[element] = changed;
  }
  return gone === undefined ? (result ?? left) : without(result ?? left, gone);
}

/** A copy rather than deletions, which would make it slow to read. */
function without(set: FieldSet, gone: ReadonlySet<PathElement>): FieldSet {
  const rest: FieldSetDraft = {};
  for (const element in set) if (!gone.has(element)) rest[element] = set[element] as FieldSet;
  return rest;
}

/** A node with these children (of which `.` is ignored) that is a path itself or not; undefined when nothing is left. */
function rebuild(node: FieldSet, isPath: boolean, children: FieldSet): FieldSet | undefined {
  if (children === node && isPath === isMember(node)) return node;
  const { ".": own, ...below } = children;
  if (isEmptySet(below)) return isPath ? LEAF : undefined;
  if (!isPath) return below;
  return own === undefined ? { ".": LEAF, ...below } : children;
}

/** Paths of both. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSetDraft = {};
  for (const element in left) {
    const other = element === "." ? undefined : right[element];
    if (other === undefined) continue;
    const common = intersectionNode(left[element] as FieldSet, other);
    if (common !== undefined) result[element] = common;
  }
  return result;
}

function intersectionNode(node: FieldSet, other: FieldSet): FieldSet | undefined {
  const below = intersection(node, other);
  const isPath = isMember(node) && isMember(other);
  if (isEmptySet(below)) return isPath ? LEAF : undefined;
  return isPath ? { ".": LEAF, ...below } : below;
}

/** Whether the second holds every path of the first. */
export function isSubset(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  for (const element in left) {
    if (element === ".") continue;
    const node = left[element] as FieldSet;
    const other = right[element];
    if (other === undefined || (isMember(node) && !isMember(other)) || !isSubset(node, other)) return false;
  }
  return true;
}

/** Whether both hold the same paths. */
export function sameSet(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  let count = 0;
  for (const element in left) {
    const other = right[element];
    if (other === undefined || !sameSet(left[element] as FieldSet, other)) return false;
    count++;
  }
  for (const _ in right) count--;
  return count === 0;
}

/** Calls back with each path, those of a level before those below, both sorted. The array is reused: copy it to keep it. */
export function forEachPath(set: FieldSet, tell: (path: readonly PathElement[]) => void): void {
  walk(set, [], tell);
}

function walk(set: FieldSet, path: PathElement[], tell: (path: readonly PathElement[]) => void): void {
  const elements = Object.keys(set)
    .filter((element) => element !== ".")
    .sort(compareElements);
  for (const element of elements) {
    if (!isMember(set[element] as FieldSet)) continue;
    path.push(element);
    tell(path);
    path.pop();
  }
  for (const element of elements) {
    path.push(element);
    walk(set[element] as FieldSet, path, tell);
    path.pop();
  }
}

/** `.spec.containers[name="c"].image`. */
export function printPath(path: readonly PathElement[]): string {
  return path.map(printElement).join("");
}

/** The same set with its keys in the order in which the API server writes them; the set itself when they are. */
export function sortSet(set: FieldSet): FieldSet {
  let previous: string | undefined;
  let isSorted = true;
  let changed: FieldSetDraft | undefined;
  for (const element in set) {
    if (previous !== undefined && isSorted && compareElements(previous, element) > 0) isSorted = false;
    previous = element;
    const child = set[element] as FieldSet;
    const sorted = sortSet(child);
    if (sorted !== child) (changed ??= { ...set })[element] = sorted;
  }
  const result = changed ?? set;
  if (isSorted) return result;
  const ordered: FieldSetDraft = {};
  for (const element of Object.keys(result).sort(compareElements)) ordered[element] = result[element] as FieldSet;
  return ordered;
}
