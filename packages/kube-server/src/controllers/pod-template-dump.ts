// SPDX-License-Identifier: Apache-2.0
import { POD_TYPES } from "./generated/pod-types.ts";

/**
 * One field of a Go struct. The generated table has a line for each struct: `GoName=json:printed|shape` with `;` between.
 * `printed` is the type as Go prints it; `shape` is `*` for a pointer, `[]` for a list, `{}` for a map, then `string`, `int`,
 * `bool` or the name of a struct. An empty JSON name is an embedded struct, whose fields stand in this one in JSON.
 */
interface Field {
  readonly goName: string;
  readonly json: string;
  readonly printed: string;
  readonly shape: string;
}

const FIELD = /^(\w+)=([^:]*):([^|]*)\|(.*)$/;

/**
 * The text that Kubernetes hashes to tell versions of a pod template apart: the template as a Go value, every field with its type,
 * absent ones too, map keys sorted.
 *
 * @see apimachinery util/dump ForHash (go-spew with `%#v`)
 */
export function dumpPodTemplate(template: unknown): string {
  return `(v1.PodTemplateSpec)${dumpStruct("v1.PodTemplateSpec", template)}`;
}

function dumpStruct(name: string, value: unknown): string {
  switch (name) {
    case "resource.Quantity":
      return dumpQuantity(value === undefined ? "0" : String(value));
    case "intstr.IntOrString":
      return typeof value === "string"
        ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
        : `{Type:(intstr.Type)0 IntVal:(int32)${Number(value ?? 0)} StrVal:(string)}`;
    case "v1.Time":
      return "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";
    default: {
      const object = (value ?? {}) as Readonly<Record<string, unknown>>;
      const fields = fieldsOf(name).map(({ goName, json, printed, shape }) => {
        const field = json === "" ? object : Object.hasOwn(object, json) ? object[json] : undefined;
        return `${goName}:(${printed})${dump(shape, field)}`;
      });
      return `{${fields.join(" ")}}`;
    }
  }
}

function fieldsOf(name: string): readonly Field[] {
  const line = POD_TYPES[name];
  if (line === undefined) throw new Error(`no type ${name} in the table of pod templates`);
  return line.split(";").map((text) => {
    const [, goName = "", json = "", printed = "", shape = ""] = FIELD.exec(text) ?? [];
    return { goName, json, printed, shape };
  });
}

function dump(shape: string, value: unknown): string {
  if (shape.startsWith("*")) return value === undefined || value === null ? "<nil>" : dump(shape.slice(1), value);
  if (shape.startsWith("[]")) {
    if (!Array.isArray(value) || value.length === 0) return "<nil>";
    return `[${value.map((item) => dump(shape.slice(2), item)).join(" ")}]`;
  }
  if (shape.startsWith("{}")) {
    const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? "<nil>" : `map[${entries.map(([key, item]) => `${key}:${dump(shape.slice(2), item)}`).join(" ")}]`;
  }
  switch (shape) {
    case "string":
      return typeof value === "string" ? value : "";
    case "int":
      return String(value ?? 0);
    case "bool":
      return String(value === true);
    default:
      return dumpStruct(shape, value);
  }
}

const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]?|[KMGTPE]i|[eE][+-]?\d+)$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** A quantity as it is in memory, with the text that it keeps when that is canonical already. @see resource.ParseQuantity */
function dumpQuantity(text: string): string {
  const [, sign = "", whole = "", fraction = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  const isBinary = suffix.endsWith("i");
  const format = isBinary ? "BinarySI" : /^[eE]./.test(suffix) ? "DecimalExponent" : "DecimalSI";
  const num = whole.replace(/^0+(?=\d)/, "") || "0";
  const exponent = isBinary
    ? BINARY.indexOf(suffix) * 10
    : format === "DecimalExponent"
      ? Number(suffix.slice(1))
      : (DECIMAL.indexOf(suffix) - 3) * 3;
  const precision = isBinary
    ? fraction === ""
      ? 15 - num.length - Math.trunc((exponent * 3) / 10) - 1
      : -1
    : 18 - num.length - fraction.length;
  const shifted = num + fraction;
  const scale = isBinary ? 0 : exponent - fraction.length;
  const value = BigInt(shifted);
  const amount = isBinary ? value << BigInt(exponent) : value;
  if (precision >= 0 && scale >= -9 && amount <= MAX_INT64) {
    const isCanonical =
      text === "0" ||
      (isBinary ? exponent % 10 === 0 && (value & 7n) !== 0n : scale % 3 === 0 && !shifted.endsWith("000") && shifted[0] !== "0");
    return quantity(
      `value:(int64)${sign === "-" ? -amount : amount} scale:(resource.Scale)${scale}`,
      "<nil>",
      isCanonical ? text : "",
      format,
    );
  }
  const unscaled = scaleTo9(value, isBinary, exponent, fraction.length);
  const decimal = `{unscaled:(big.Int){neg:(bool)${sign === "-"} abs:(big.nat)[${words(unscaled)}]} scale:(inf.Scale)9}`;
  return quantity("value:(int64)0 scale:(resource.Scale)0", decimal, "", format);
}

function quantity(integer: string, decimal: string, text: string, format: string): string {
  return `{i:(resource.int64Amount){${integer}} d:(resource.infDecAmount){Dec:(*inf.Dec)${decimal}} s:(string)${text} Format:(resource.Format)${format}}`;
}

/** The amount in billionths, rounded up. */
function scaleTo9(value: bigint, isBinary: boolean, exponent: number, decimals: number): bigint {
  const power = isBinary ? 9 - decimals : 9 + exponent - decimals;
  const scaled = isBinary ? value << BigInt(exponent) : value;
  if (power >= 0) return scaled * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (scaled + divisor - 1n) / divisor;
}

/** 64-bit words, the lowest first. */
function words(value: bigint): string {
  const list: bigint[] = [];
  for (let rest = value; rest > 0n; rest >>= 64n) list.push(rest & (2n ** 64n - 1n));
  return list.join(" ");
}
