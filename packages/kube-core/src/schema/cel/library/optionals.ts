// SPDX-License-Identifier: Apache-2.0
import { evaluationError } from "../cel-error.ts";
import { isNumeric } from "../compare.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelList, CelMap, CelValue } from "../values.ts";
import { ArrayList, CelOptional, sizeOf, CelUint, CelDuration, CelTimestamp } from "../values.ts";

const NONE = new CelOptional();

/** Optional values. @see cel-go cel.OptionalTypes */
export const optionals: readonly Declaration[] = [
  overload("::optional.of(V) optional_type(V)", (value: CelValue) => new CelOptional(value)),
  overload("::optional.ofNonZeroValue(V) optional_type(V)", (value: CelValue) => (isZero(value) ? NONE : new CelOptional(value))),
  overload("::optional.none() optional_type(V)", () => NONE),
  overload("optional_type(V).value() V", (optional: CelOptional) => {
    if (optional.value === undefined) throw evaluationError("optional.none() dereference");
    return optional.value;
  }),
  overload("optional_type(V).hasValue() bool", (optional: CelOptional) => optional.value !== undefined),
  // The other value is evaluated only when it is needed: by the interpreter.
  overload("optional_type(V).or(optional_type(V)) optional_type(V)"),
  overload("optional_type(V).orValue(V) V"),
  overload("_[?_](list(V), int) optional_type(V)", optionalItem),
  overload("_[?_](optional_type(list(V)), int) optional_type(V)", (optional: CelOptional, index: CelValue) =>
    optional.value === undefined ? NONE : optionalItem(optional.value as CelList, index),
  ),
  overload("_[?_](map(K, V), K) optional_type(V)", optionalField),
  overload("_[?_](optional_type(map(K, V)), K) optional_type(V)", (optional: CelOptional, key: CelValue) =>
    optional.value === undefined ? NONE : optionalField(optional.value as CelMap, key),
  ),
  overload("_[_](optional_type(list(V)), int) optional_type(V)", (optional: CelOptional, index: CelValue) =>
    optional.value === undefined ? NONE : optionalItem(optional.value as CelList, index),
  ),
  overload("_[_](optional_type(map(K, V)), K) optional_type(V)", (optional: CelOptional, key: CelValue) =>
    optional.value === undefined ? NONE : optionalField(optional.value as CelMap, key),
  ),
  overload("list(V).first() optional_type(V)", (list: CelList) => (list.size === 0 ? NONE : new CelOptional(list.at(0)))),
  overload("list(V).last() optional_type(V)", (list: CelList) => (list.size === 0 ? NONE : new CelOptional(list.at(list.size - 1)))),
  overload("::optional.unwrap(list(optional_type(V))) list(V)", unwrap),
  overload("list(optional_type(V)).unwrapOpt() list(V)", unwrap),
];

export function optionalItem(list: CelList, index: CelValue): CelOptional {
  const at = isNumeric(index) ? Number(index instanceof CelUint ? index.value : index) : -1;
  return at >= 0 && at < list.size ? new CelOptional(list.at(at)) : NONE;
}

export function optionalField(map: CelMap, key: CelValue): CelOptional {
  const value = map.get(key);
  return value === undefined ? NONE : new CelOptional(value);
}

function unwrap(list: CelList): CelList {
  return new ArrayList([...list].flatMap((item) => (item instanceof CelOptional && item.value !== undefined ? [item.value] : [])));
}

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === "" || value === 0 || value === 0n) return true;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDuration) return value.nanos === 0n;
  if (value instanceof CelTimestamp) return value.nanos === -62_135_596_800n * 1_000_000_000n;
  return typeof value === "object" && sizeOf(value) === 0;
}
