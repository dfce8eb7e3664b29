// SPDX-License-Identifier: Apache-2.0
import { compareStrings } from "../bytes.ts";
import { FunctionError, limitError } from "../template-error.ts";
import { Slice, type TemplateFunction, type Value, fn, int, strings, kindOf } from "../values.ts";
import { isEmpty, itemsOf, nilPointer, toNumber, toText, toTexts } from "./convert.ts";
import { deepEqual } from "./deep-equal.ts";

const NIL_LIST = new Slice([], undefined, { isNil: true });

function includes(list: readonly Value[], value: Value, spend: (steps: number) => void): boolean {
  spend(list.length);
  return list.some((item) => deepEqual(item, value, spend));
}

/** Sprig's functions of lists. @see Masterminds/sprig list.go */
export function listFunctions(): [string, TemplateFunction][] {
  const list = fn("any...", (args) => new Slice(args));
  const both = (name: string, mustName: string, run: TemplateFunction): [string, TemplateFunction][] => [
    [name, run],
    [mustName, run],
  ];
  const push = fn("any,any", ([items, value]) => new Slice([...itemsOf(items, "Cannot push on type"), value ?? null]));
  return [
    ["list", list],
    ["tuple", list],
    ...both("append", "mustAppend", push),
    ...both("push", "mustPush", push),
    ...both(
      "prepend",
      "mustPrepend",
      fn("any,any", ([items, value]) => new Slice([value ?? null, ...itemsOf(items, "Cannot prepend on type")])),
    ),
    ...both(
      "first",
      "mustFirst",
      fn("any", ([items]) => itemsOf(items, "Cannot find first on type")[0] ?? null),
    ),
    ...both(
      "last",
      "mustLast",
      fn("any", ([items]) => itemsOf(items, "Cannot find last on type").at(-1) ?? null),
    ),
    ...both(
      "rest",
      "mustRest",
      fn("any", ([items]) => tail(itemsOf(items, "Cannot find rest on type"), 1, 0)),
    ),
    ...both(
      "initial",
      "mustInitial",
      fn("any", ([items]) => tail(itemsOf(items, "Cannot find initial on type"), 0, 1)),
    ),
    ...both(
      "reverse",
      "mustReverse",
      fn("any", ([items]) => new Slice(itemsOf(items, "Cannot find reverse on type").toReversed())),
    ),
    ...both(
      "compact",
      "mustCompact",
      fn("any", ([items]) => new Slice(itemsOf(items, "Cannot compact on type").filter((item) => !isEmpty(item)))),
    ),
    ...both(
      "uniq",
      "mustUniq",
      fn("any", ([items], call) => {
        const seen: Value[] = [];
        for (const item of itemsOf(items, "Cannot find uniq on type")) if (!includes(seen, item, call.spend)) seen.push(item);
        return new Slice(seen);
      }),
    ),
    ...both(
      "without",
      "mustWithout",
      fn(
        "any,any...",
        ([items, ...omit], call) =>
          new Slice(itemsOf(items, "Cannot find without on type").filter((item) => !includes(omit, item, call.spend))),
      ),
    ),
    ...both(
      "has",
      "mustHas",
      fn(
        "any,any",
        ([needle, items], call) =>
          items !== null && items !== undefined && includes(itemsOf(items, "Cannot find has on type"), needle, call.spend),
      ),
    ),
    ...both("slice", "mustSlice", fn("any,any...", slice)),
    ...both("chunk", "mustChunk", fn("int,any", chunk)),
    ["concat", fn("any...", concat)],
    [
      "sortAlpha",
      fn("any", ([items]) => (items instanceof Slice ? strings(toTexts(items).sort(compareStrings)) : strings([toText(items)]))),
    ],
    ["toStrings", fn("any", ([items]) => strings(toTexts(items)))],
    ["join", fn("string,any", ([separator, items], call) => joinTexts(toTexts(items), String(separator), call.maxSize))],
    ["until", fn("int", ([count], call) => range(0, toNumber(count), toNumber(count) < 0 ? -1 : 1, call.maxSize))],
    ["untilStep", fn("int,int,int", ([start, stop, step], call) => range(toNumber(start), toNumber(stop), toNumber(step), call.maxSize))],
    ["seq", fn("int...", (args, call) => sequence(args.map(toNumber), call.maxSize))],
  ];
}

function joinTexts(texts: readonly string[], separator: string, maxSize: number): string {
  const size = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  if (size > maxSize) throw limitError(`a string of ${size} characters is too long`);
  return texts.join(separator);
}

function tail(items: readonly Value[], fromStart: number, fromEnd: number): Slice {
  return items.length === 0 ? NIL_LIST : new Slice(items.slice(fromStart, items.length - fromEnd));
}

function slice([list, ...indices]: readonly Value[]): Value {
  const items = itemsOf(list, "list should be type of slice or array but");
  if (!(list instanceof Slice) || items.length === 0) return null;
  const start = indices.length > 0 ? toNumber(indices[0]) : 0;
  const end = indices.length > 1 ? toNumber(indices[1]) : items.length;
  if (start < 0 || end > items.length || start > end) throw new FunctionError("reflect.Value.Slice: slice index out of bounds");
  return new Slice(items.slice(start, end), list.type);
}

/** Counts as Sprig does, also where the size makes no sense. */
function chunk([size, list]: readonly Value[]): Value {
  const items = itemsOf(list, "Cannot chunk type");
  const length = toNumber(size);
  const count = Math.floor((items.length - 1) / length) + 1;
  if (!(count >= 0 && count <= items.length)) throw new FunctionError("runtime error: makeslice: len out of range");
  const chunks = Array.from({ length: count }, (_, i) => {
    const rest = items.length % length;
    const width = i === count - 1 && rest !== 0 ? rest : length;
    if (width < 0) throw new FunctionError("runtime error: makeslice: len out of range");
    return new Slice(items.slice(i * length, i * length + width));
  });
  return new Slice(chunks, "[][]interface {}");
}

function concat(lists: readonly Value[]): Value {
  const all = lists.flatMap((list) => {
    if (list === null || list === undefined) throw nilPointer();
    if (!(list instanceof Slice)) throw new FunctionError(`Cannot concat type ${kindOf(list)} as list`);
    return list.items;
  });
  return all.length === 0 ? NIL_LIST : new Slice(all);
}

function numbers(start: number, stop: number, step: number, maxSize: number): number[] {
  const isDown = stop < start;
  if (isDown ? step >= 0 : step <= 0) return [];
  const count = Math.ceil((stop - start) / step);
  if (count > maxSize / 64) throw limitError(`a list of ${count} numbers is too long`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function range(start: number, stop: number, step: number, maxSize: number): Slice {
  return new Slice(
    numbers(start, stop, step, maxSize).map((number) => int(number)),
    "[]int",
  );
}

function sequence(params: readonly number[], maxSize: number): string {
  const [a = 0, b = 0, c = 0] = params;
  const from = (start: number, end: number, step: number): string => {
    const direction = end < start ? -1 : 1;
    return numbers(start, end + direction, step, maxSize).join(" ");
  };
  switch (params.length) {
    case 1:
      return from(1, a, a < 1 ? -1 : 1);
    case 2:
      return from(a, b, b < a ? -1 : 1);
    case 3:
      return c < a && b > 0 ? "" : from(a, c, b);
    default:
      return "";
  }
}
