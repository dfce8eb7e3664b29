// SPDX-License-Identifier: Apache-2.0
import { type TemplateFunction, fn, kindOf, typeOf } from "../values.ts";
import { isEmpty } from "./convert.ts";
import { deepEqual } from "./deep-equal.ts";

/** Sprig's functions of emptiness and types. @see Masterminds/sprig defaults.go, reflect.go */
export function defaultFunctions(): [string, TemplateFunction][] {
  return [
    ["default", fn("any,any...", ([fallback, given]) => (isEmpty(given) ? fallback : given))],
    ["empty", fn("any", ([value]) => isEmpty(value))],
    ["coalesce", fn("any...", (args) => args.find((value) => !isEmpty(value)) ?? null)],
    ["all", fn("any...", (args) => args.every((value) => !isEmpty(value)))],
    ["any", fn("any...", (args) => args.some((value) => !isEmpty(value)))],
    ["ternary", fn("any,any,bool", ([yes, no, condition]) => (condition === true ? yes : no))],
    ["typeOf", fn("any", ([value]) => typeOf(value))],
    ["typeIs", fn("string,any", ([type, value]) => typeOf(value) === type)],
    ["typeIsLike", fn("string,any", ([type, value]) => typeOf(value) === type || typeOf(value) === `*${String(type)}`)],
    ["kindOf", fn("any", ([value]) => kindOf(value))],
    ["kindIs", fn("string,any", ([kind, value]) => kindOf(value) === kind)],
    ["deepEqual", fn("any,any", ([a, b], call) => deepEqual(a, b, call.spend))],
    ["hello", fn("", () => "Hello!")],
  ];
}
