// SPDX-License-Identifier: Apache-2.0

/** A type, as the checker sees it. */
export interface CelType {
  readonly kind: "dyn" | "error" | "null" | "scalar" | "list" | "map" | "type" | "opaque" | "object" | "param";
  /** `int`, `list`, `optional_type`, `kubernetes.URL`, `_var3`. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** Of objects: fields by their name in expressions. */
  readonly fields?: ReadonlyMap<string, CelType>;
}

function simple(kind: CelType["kind"], name: string): CelType {
  return { kind, name, parameters: [] };
}

export const DYN = simple("dyn", "dyn");
export const ERROR = simple("error", "!error!");
export const NULL = simple("null", "null");
export const BOOL = simple("scalar", "bool");
export const INT = simple("scalar", "int");
export const UINT = simple("scalar", "uint");
export const DOUBLE = simple("scalar", "double");
export const STRING = simple("scalar", "string");
export const BYTES = simple("scalar", "bytes");
export const TIMESTAMP = simple("scalar", "timestamp");
export const DURATION = simple("scalar", "duration");
export const TYPE: CelType = simple("type", "type");

export function listOf(item: CelType): CelType {
  return { kind: "list", name: "list", parameters: [item] };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: "map", name: "map", parameters: [key, value] };
}

export function optionalOf(type: CelType): CelType {
  return { kind: "opaque", name: "optional_type", parameters: [type] };
}

export function typeOf(type: CelType): CelType {
  return { kind: "type", name: "type", parameters: [type] };
}

export function objectType(name: string, fields: ReadonlyMap<string, CelType>): CelType {
  return { kind: "object", name, parameters: [], fields };
}

export function paramType(name: string): CelType {
  return simple("param", name);
}

const SCALARS: Readonly<Record<string, CelType>> = {
  dyn: DYN,
  null: NULL,
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  timestamp: TIMESTAMP,
  duration: DURATION,
  type: TYPE,
};

/** Reads `list(A)`, `map(string, dyn)`, `optional_type(V)`, `kubernetes.URL`; a single capital letter is a parameter. */
export function readType(text: string): CelType {
  const open = text.indexOf("(");
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  const parameters = open < 0 ? [] : splitTypes(text.slice(open + 1, text.lastIndexOf(")"))).map(readType);
  if (open < 0) return SCALARS[name] ?? (/^[A-Z]$/.test(name) ? paramType(name) : simple("opaque", name));
  if (name === "list" || name === "map" || name === "type") return { kind: name, name, parameters };
  return { kind: "opaque", name, parameters };
}

/** Splits at the commas that stand outside of parentheses. */
export function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "(") depth++;
    else if (text[index] === ")") depth--;
    else if (text[index] === "," && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}

/** As messages show it. @see cel-go checker.FormatCELType */
export function formatType(type: CelType): string {
  return type.parameters.length === 0 ? type.name : `${type.name}(${type.parameters.map(formatType).join(", ")})`;
}

/** The arguments of a call: `(int, string)`, with a target `string.(int)`. */
export function formatArguments(types: readonly CelType[], hasTarget: boolean): string {
  const [target, ...rest] = types;
  const shown = (hasTarget ? rest : types).map(formatType).join(", ");
  return hasTarget && target !== undefined ? `${formatType(target)}.(${shown})` : `(${shown})`;
}

export function isSameType(left: CelType, right: CelType): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind || left.name !== right.name || left.parameters.length !== right.parameters.length) return false;
  // Objects of a schema have no name of their own: two are one when their fields are.
  if (left.kind === "object") return left.fields === right.fields;
  return left.parameters.every((parameter, index) => isSameType(parameter, right.parameters[index] ?? ERROR));
}

/** What the parameters of types stand for, found out while checking. */
export type Substitutions = ReadonlyMap<string, CelType>;

/** The substitutions under which one type can be used as the other; undefined when it cannot. @see cel-go checker/types.go */
export function assign(known: Substitutions, from: readonly CelType[], to: readonly CelType[]): Substitutions | undefined {
  const found = new Map(known);
  return assignAll(found, from, to) ? found : undefined;
}

function assignAll(known: Map<string, CelType>, from: readonly CelType[], to: readonly CelType[]): boolean {
  return from.length === to.length && from.every((type, index) => assignOne(known, type, to[index] ?? ERROR));
}

function assignOne(known: Map<string, CelType>, from: CelType, to: CelType): boolean {
  if (to.kind === "param") {
    const { isValid, isKnown } = substituteParam(known, from, to);
    if (isValid) return true;
    if (isKnown) return false;
  }
  if (from.kind === "param") return substituteParam(known, to, from).isValid;
  if (isWild(from) || isWild(to)) return true;
  if (from.kind === "null") return isNullable(to);
  if (to.kind === "null") return isNullable(from);
  switch (from.kind) {
    case "scalar":
    case "object":
      return isSameType(from, to);
    case "type":
      return to.kind === "type";
    default:
      return from.kind === to.kind && from.name === to.name && assignAll(known, from.parameters, to.parameters);
  }
}

function substituteParam(known: Map<string, CelType>, type: CelType, param: CelType): { isValid: boolean; isKnown: boolean } {
  if (isSameType(type, param)) return { isValid: true, isKnown: true };
  const bound = known.get(param.name);
  if (bound !== undefined) {
    if (isSameType(type, bound)) return { isValid: true, isKnown: true };
    if (!assignOne(known, type, bound)) return { isValid: false, isKnown: true };
    const general = mostGeneral(type, bound);
    if (!occurs(known, param, general)) known.set(param.name, general);
    return { isValid: true, isKnown: true };
  }
  if (occurs(known, param, type)) return { isValid: false, isKnown: false };
  known.set(param.name, type);
  return { isValid: true, isKnown: false };
}

function occurs(known: Substitutions, param: CelType, within: CelType): boolean {
  if (isSameType(param, within)) return true;
  if (within.kind === "param") {
    const bound = known.get(within.name);
    return bound !== undefined && occurs(known, param, bound);
  }
  return within.parameters.some((parameter) => occurs(known, param, parameter));
}

export function isWild(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "error";
}

function isNullable(type: CelType): boolean {
  return type.kind === "null" || type.kind === "opaque" || type.kind === "object" || type === TIMESTAMP || type === DURATION;
}

/** Of two types that fit each other, the one that says less. */
export function mostGeneral(left: CelType, right: CelType): CelType {
  return saysLess(left, right) ? left : right;
}

function saysLess(left: CelType, right: CelType): boolean {
  if (left.kind === "dyn" || left.kind === "param") return true;
  if (right.kind === "dyn" || right.kind === "param" || left.kind !== right.kind) return false;
  if (left.kind === "type") return true;
  if (left.kind === "list" || left.kind === "map" || left.kind === "opaque") {
    if (left.name !== right.name || left.parameters.length !== right.parameters.length) return false;
    return left.parameters.every((parameter, index) => saysLess(parameter, right.parameters[index] ?? ERROR));
  }
  return isSameType(left, right);
}

/** Puts in what is known of parameters; with `toDyn`, the others become dyn. */
export function substitute(known: Substitutions, type: CelType, toDyn: boolean): CelType {
  if (type.kind === "param") {
    const bound = known.get(type.name);
    if (bound !== undefined) return substitute(known, bound, toDyn);
    return toDyn ? DYN : type;
  }
  if (type.parameters.length === 0) return type;
  return { ...type, parameters: type.parameters.map((parameter) => substitute(known, parameter, toDyn)) };
}
