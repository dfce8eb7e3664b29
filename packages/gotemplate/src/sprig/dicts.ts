// SPDX-License-Identifier: Apache-2.0
import { FunctionError } from "../template-error.ts";
import { GoMap, Int, MAP_TYPE, Slice, type TemplateFunction, type Value, fn, strings, typeOf } from "../values.ts";
import { asMap, isEmpty, toText } from "./convert.ts";

const MAX_DEPTH = 1000;

/** Sprig's functions of maps. Where Go's order is random, keys are sorted. @see Masterminds/sprig dict.go */
export function dictFunctions(): [string, TemplateFunction][] {
  const mergeInto = (isOverwriting: boolean): TemplateFunction =>
    fn("map,map...", ([target, ...sources], call) => {
      for (const source of sources) merge(asMap(target), asMap(source), isOverwriting, call.spend, 0);
      return target;
    });
  const copy = fn("any", ([value], call) => {
    if (value === null || value === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
    return deepCopy(value, call.spend, 0);
  });
  return [
    ["dict", fn("any...", dict)],
    ["get", fn("map,string", ([map, key]) => (asMap(map).entries.has(String(key)) ? (asMap(map).entries.get(String(key)) ?? null) : ""))],
    [
      "set",
      fn("map,string,any", ([map, key, value]) => {
        if (asMap(map).isNil) throw new FunctionError("assignment to entry in nil map");
        asMap(map).entries.set(String(key), value ?? null);
        return map;
      }),
    ],
    [
      "unset",
      fn("map,string", ([map, key]) => {
        asMap(map).entries.delete(String(key));
        return map;
      }),
    ],
    ["hasKey", fn("map,string", ([map, key]) => asMap(map).entries.has(String(key)))],
    [
      "pluck",
      fn(
        "string,map...",
        ([key, ...maps]) =>
          new Slice(maps.filter((map) => asMap(map).entries.has(String(key))).map((map) => asMap(map).entries.get(String(key)))),
      ),
    ],
    ["keys", fn("map...", (maps) => strings(maps.flatMap((map) => asMap(map).sortedKeys())))],
    [
      "values",
      fn(
        "map",
        ([map]) =>
          new Slice(
            asMap(map)
              .sortedKeys()
              .map((key) => asMap(map).entries.get(key)),
          ),
      ),
    ],
    [
      "pick",
      fn(
        "map,string...",
        ([map, ...keys]) =>
          new GoMap(
            new Map(keys.map(String).flatMap((key) => (asMap(map).entries.has(key) ? [[key, asMap(map).entries.get(key)] as const] : []))),
          ),
      ),
    ],
    ["omit", fn("map,string...", ([map, ...keys]) => new GoMap(new Map([...asMap(map).entries].filter(([key]) => !keys.includes(key)))))],
    ["merge", mergeInto(false)],
    ["mustMerge", mergeInto(false)],
    ["mergeOverwrite", mergeInto(true)],
    ["mustMergeOverwrite", mergeInto(true)],
    ["deepCopy", copy],
    ["mustDeepCopy", copy],
    ["dig", fn("any...", dig)],
  ];
}

function dict(args: readonly Value[]): Value {
  const entries = new Map<string, Value>();
  for (let i = 0; i < args.length; i += 2) entries.set(toText(args[i]), i + 1 < args.length ? (args[i + 1] ?? null) : "");
  return new GoMap(entries);
}

function dig(args: readonly Value[]): Value {
  if (args.length < 3) throw new FunctionError("dig needs at least three arguments");
  let map: Value = asDict(args.at(-1));
  const keys = args.slice(0, -2);
  for (const key of keys)
    if (typeof key !== "string") throw new FunctionError(`interface conversion: interface {} is ${conversionType(key)}, not string`);
  for (const key of keys) {
    const dict: GoMap = asDict(map);
    if (!dict.entries.has(String(key))) return args.at(-2);
    map = dict.entries.get(String(key));
  }
  return map;
}

/** The very type that dig asks for; a named one is another. */
function asDict(value: Value): GoMap {
  if (value instanceof GoMap && value.type === MAP_TYPE) return value;
  throw new FunctionError(`interface conversion: interface {} is ${conversionType(value)}, not ${MAP_TYPE}`);
}

function conversionType(value: Value): string {
  return value === null || value === undefined ? "nil" : typeOf(value);
}

/** Merges maps as Sprig does by way of mergo: what is empty in the target counts as missing. @see mergo deepMerge */
function merge(target: GoMap, source: GoMap, isOverwriting: boolean, spend: (steps: number) => void, depth: number): void {
  spend(source.entries.size);
  if (depth > MAX_DEPTH) throw new FunctionError(`maps are nested more than ${MAX_DEPTH} deep`);
  if (target === source) return;
  // A copy: it is written to while it is read when both are the same map below.
  for (const [key, value] of Array.from(source.entries)) {
    const old = target.entries.get(key);
    if (value === null || value === undefined) {
      if (isOverwriting) target.entries.set(key, null);
      continue;
    }
    // Also into an empty map, which thereby stays the target's own.
    if (value instanceof GoMap && old instanceof GoMap) {
      merge(old, value, isOverwriting, spend, depth + 1);
      if (old.entries.size > 0) continue;
    }
    if (isOverwriting || isEmpty(old)) target.entries.set(key, value);
  }
}

function deepCopy(value: Value, spend: (steps: number) => void, depth: number): Value {
  spend(1);
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  if (value instanceof GoMap)
    return new GoMap(new Map([...value.entries].map(([key, item]) => [key, deepCopy(item, spend, depth + 1)])), value.type, value.methods);
  if (value instanceof Slice)
    return new Slice(
      value.items.map((item) => deepCopy(item, spend, depth + 1)),
      value.type,
      value,
    );
  return value instanceof Int ? new Int(value.type, value.value) : value;
}
