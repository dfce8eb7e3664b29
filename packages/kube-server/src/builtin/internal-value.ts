// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject } from "@flux-ts/kube-core";
import { INTERNAL_TYPES } from "./generated/internal-types.ts";
import { hasAt, objectAt } from "./shape.ts";

/**
 * A value as error messages print it: Kubernetes prints its unversioned Go structs there, with Go's names for fields,
 * all of them, in their order.
 *
 * A line of the table is `GoName=json:type` with `;` between: `+` before an embedded struct, `*` after the name for a
 * pointer. Types: s string, b boolean, i number, q quantity, x integer or string, y bytes, `[]` list, `{}` map, `_` anything.
 *
 * @param typeName e.g. `core.PodTemplateSpec`
 * @param value as it stands in JSON, with its defaults
 */
export function internalValue(typeName: string, value: JsonObject): JsonObject {
  const line = Object.hasOwn(INTERNAL_TYPES, typeName) ? INTERNAL_TYPES[typeName] : undefined;
  if (line === undefined) throw new Error(`The table of unversioned types has no ${typeName}; run tools/generate-builtin`);
  const source = typeName === "core.PodSpec" ? withHostFields(value) : value;
  const result: Record<string, unknown> = {};
  for (const part of line.split(";")) {
    const [, plus, goName = "", pointer, json = "", type = ""] = /^(\+?)(\w+)(\*?)=([^:]*):(.*)$/.exec(part) ?? [];
    if (goName === "") continue;
    if (!plus) result[goName] = print(type, pointer === "*", Object.hasOwn(source, json) ? source[json] : undefined);
    else if (type === "_") Object.assign(result, objectAt(source, json));
    else Object.assign(result, internalValue(type, source));
  }
  return result;
}

/** In the unversioned PodSpec, what a pod shares with its host is part of the security context. */
function withHostFields(spec: JsonObject): JsonObject {
  const shared = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"].filter((key) => hasAt(spec, key));
  return {
    ...spec,
    securityContext: { ...objectAt(spec, "securityContext"), ...Object.fromEntries(shared.map((key) => [key, spec[key]])) },
  };
}

function print(type: string, pointer: boolean, value: unknown): unknown {
  const isAbsent = value === undefined || value === null;
  if (isAbsent && pointer) return null;
  if (type.startsWith("[]")) return Array.isArray(value) ? value.map((item) => print(type.slice(2), false, item)) : null;
  if (type.startsWith("{}"))
    return isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, print(type.slice(2), false, item)]))
      : null;
  if (Object.hasOwn(INTERNAL_TYPES, type)) return internalValue(type, isJsonObject(value) ? value : {});
  return isAbsent ? zeroOf(type) : value;
}

function zeroOf(type: string): unknown {
  switch (type) {
    case "s":
      return "";
    case "b":
      return false;
    case "i":
    case "x":
      return 0;
    case "q":
      return "0";
    default:
      return null;
  }
}
