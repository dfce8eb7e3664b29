// SPDX-License-Identifier: Apache-2.0
import { wrongKind } from "./fieldspecs/apply-field-spec.ts";
import { splitPath } from "./fieldspecs/split-path.ts";
import { KustomizeError } from "./kustomize-error.ts";
import { get, isMapping, isNull, scalarText, setKey } from "./mapping.ts";
import { compileMatch } from "./selector.ts";

/**
 * Splits a path at dots. `\.` stands for a dot, and what is in brackets stays whole: `[name=nginx]` keeps its brackets,
 * `[a.b/c]` loses them.
 *
 * @see kyaml utils, SmarterPathSplitter
 */
export function splitFieldPath(path: string): string[] {
  const raw = splitPath(path, ".");
  const out: string[] = [];
  for (let index = 0; index < raw.length; index++) {
    let part = raw[index] ?? "";
    if (part.startsWith("[") && !part.endsWith("]")) {
      while (index < raw.length - 1 && !part.endsWith("]")) {
        index++;
        part += `.${raw[index] ?? ""}`;
      }
      if (!part.includes("=")) part = part.replace(/^[[\]]+|[[\]]+$/g, "");
    }
    out.push(part);
  }
  return out;
}

const isListPart = (part: string): boolean => part.startsWith("[") && part.endsWith("]");
const isIndex = (part: string): boolean => /^\+?\d+$/.test(part);

function keyAndValue(part: string): [string, string] {
  const inner = part.slice(1, -1);
  const equals = inner.indexOf("=");
  if (equals < 0) throw new KustomizeError("CANNOT_APPLY", "list path element must contain fieldName=fieldValue for element to match");
  return [inner.slice(0, equals), inner.slice(equals + 1)];
}

/**
 * The value at a path of fields, indices, `-` (the last item) and `[name=value]`; undefined when it is not there.
 *
 * @throws {KustomizeError} CANNOT_APPLY when the path goes through a value of another kind
 * @see kyaml, PathGetter
 */
export function lookup(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const raw of path) {
    const part = raw.trim();
    if (part === "") continue;
    value = step(value, part);
    if (value === undefined) return undefined;
  }
  return value;
}

function step(value: unknown, part: string): unknown {
  if (/^[-+]?\d+$/.test(part) || part === "-") {
    if (part.startsWith("-") && part !== "-") throw new KustomizeError("CANNOT_APPLY", `array index ${part} cannot be negative`);
    const items = requireList(value);
    return part === "-" ? items.at(-1) : items[Number(part)];
  }
  if (part === "*") throw new KustomizeError("CANNOT_APPLY", "wildcard is not supported in PathGetter");
  if (isListPart(part)) {
    const [key, wanted] = keyAndValue(part);
    const items = requireList(value);
    if (key === "") return items.find((item) => scalarText(item) === wanted);
    return items.find((item) => isMapping(item) && Object.hasOwn(item, key) && (wanted === "" || scalarText(item[key]) === wanted));
  }
  if (isNull(value)) return undefined;
  if (!isMapping(value)) throw wrongKind("MappingNode", value);
  return get(value, part);
}

function requireList(value: unknown): readonly unknown[] {
  if (isNull(value)) return [];
  if (!Array.isArray(value)) throw wrongKind("SequenceNode", value);
  return value;
}

/** What is not there is created as. */
export type CreatedValue = "scalar" | "mapping" | "sequence";

/** Marks a scalar that was just created and has no value yet. */
export const created: unique symbol = Symbol("created");

export interface PathEdit {
  readonly path: readonly string[];
  /** Creates what is not there; undefined to leave it. */
  readonly create: CreatedValue | undefined;
  /** Called with each value found; `created` for a new scalar. */
  readonly set: (value: unknown) => unknown;
}

/**
 * Changes every value that a path of fields, indices, `*` and `[name=pattern]` leads to.
 *
 * @returns the changed root, and how many values were found
 * @throws {KustomizeError} CANNOT_APPLY when the path goes through a value of another kind
 * @see kyaml, PathMatcher
 */
export function editPath(root: unknown, edit: PathEdit): { readonly value: unknown; readonly count: number } {
  const state = { count: 0 };
  return { value: visit(root, 0, edit, state), count: state.count };
}

interface Count {
  count: number;
}

function visit(value: unknown, depth: number, edit: PathEdit, state: Count): unknown {
  const part = edit.path[depth];
  if (part === undefined) {
    state.count++;
    return edit.set(value);
  }
  if (isIndex(part)) return visitIndex(value, Number(part), depth, edit, state);
  if (isListPart(part)) return visitMatching(value, part, depth, edit, state);
  if (part === "*")
    return withItems(
      value,
      () => true,
      (item) => visit(item, depth + 1, edit, state),
    );
  return visitField(value, part, depth, edit, state);
}

/** What a part of a path that is not there becomes, from the part after it. */
function createdFor(next: string | undefined, create: CreatedValue): unknown {
  if (next === undefined) return create === "scalar" ? created : create === "mapping" ? {} : [];
  return isListPart(next) || isIndex(next) ? [] : {};
}

function visitField(value: unknown, name: string, depth: number, edit: PathEdit, state: Count): unknown {
  if (!isNull(value) && value !== created && !isMapping(value)) throw wrongKind("MappingNode", value);
  const mapping = isMapping(value) ? value : {};
  // Upstream takes the empty name for one that matches scalars.
  if (name === "") throw wrongKind("ScalarNode", mapping);
  const exists = Object.hasOwn(mapping, name);
  if (!exists && edit.create === undefined) return value;
  const child = exists ? mapping[name] : createdFor(edit.path[depth + 1], edit.create ?? "scalar");
  const changed = visit(child, depth + 1, edit, state);
  return exists && changed === child ? value : setKey(mapping, name, changed);
}

function visitIndex(value: unknown, index: number, depth: number, edit: PathEdit, state: Count): unknown {
  const items = requireList(value);
  const isNew = items.length === index && edit.create !== undefined;
  if (!isNew && index >= items.length) {
    throw new KustomizeError("CANNOT_APPLY", `index ${index} specified but only ${items.length} elements found`);
  }
  const item = isNew ? createdFor(edit.path[depth + 1], edit.create ?? "scalar") : items[index];
  const changed = visit(item, depth + 1, edit, state);
  return isNew ? [...items, changed] : changed === item ? value : items.with(index, changed);
}

function visitMatching(value: unknown, part: string, depth: number, edit: PathEdit, state: Count): unknown {
  const [key, wanted] = keyAndValue(part);
  const isWanted = compileMatch(["", wanted, ""]);
  const isMatch = (item: unknown): boolean => {
    if (key === "") return isWanted(scalarText(item).trim());
    return isMapping(item) && Object.hasOwn(item, key) && isWanted(scalarText(item[key]).trim());
  };
  const before = state.count;
  const follow = (item: unknown): unknown => {
    // An item that is matched by its own text is what the path leads to, whatever follows.
    if (key !== "") return visit(item, depth + 1, edit, state);
    state.count++;
    return edit.set(item);
  };
  const changed = withItems(value, isMatch, follow);
  if (state.count > before || edit.create === undefined) return changed;
  const item = key === "" ? wanted : { [key]: wanted };
  return [...requireList(changed), isMatch(item) ? follow(item) : item];
}

function withItems(value: unknown, isMatch: (item: unknown) => boolean, change: (item: unknown) => unknown): unknown {
  const items = requireList(value);
  let copy: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    if (!isMatch(item)) continue;
    const changed = change(item);
    if (changed !== item) {
      copy ??= [...items];
      copy[index] = changed;
    }
  }
  return copy ?? value;
}
