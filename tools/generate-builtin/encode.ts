// SPDX-License-Identifier: Apache-2.0
import type { GoField, GoType } from "./go-types.ts";
import type { OpenApiSchema } from "./openapi.ts";

/** Types of the table that stand for themselves, by the Go type they come from. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  string: "s",
  bool: "b",
  int32: "i",
  int64: "l",
  int: "l",
  float64: "f",
  "[]byte": "y",
  "meta.v1.Time": "t",
  "meta.v1.MicroTime": "u",
  "meta.v1.Duration": "d",
  "meta.v1.FieldsV1": "v",
  "resource.Quantity": "q",
  "intstr.IntOrString": "x",
  "runtime.RawExtension": "r",
  "apiextensions.v1.JSON": "j",
  "apiextensions.v1.JSONSchemaPropsOrArray": "ja",
  "apiextensions.v1.JSONSchemaPropsOrBool": "jb",
  "apiextensions.v1.JSONSchemaPropsOrStringArray": "js",
  "types.UID": "s",
  "types.NodeName": "s",
};

/** How one Go package calls the others. */
const IMPORTS: Readonly<Record<string, string>> = {
  metav1: "meta.v1",
  corev1: "core.v1",
  apiv1: "core.v1",
  v1: "core.v1",
  resource: "resource",
  intstr: "intstr",
  runtime: "runtime",
  types: "types",
  resourceapi: "resource.v1",
  apiextensionsv1: "apiextensions.v1",
  rbac: "rbac.v1",
  rbacv1: "rbac.v1",
  authorizationv1: "authorization.v1",
  authenticationv1: "authentication.v1",
};

/** `[]core.v1.Container` and the like, from a Go type as it stands in the file of `pkg`. Pointers are dropped. */
export function encodeType(goType: string, pkg: string): { readonly text: string; readonly refs: readonly string[] } {
  if (goType.startsWith("*")) return encodeType(goType.slice(1), pkg);
  if (goType === "[]byte") return { text: "y", refs: [] };
  if (goType.startsWith("[]")) return wrap("[]", encodeType(goType.slice(2), pkg));
  if (goType.startsWith("map[")) return wrap("{}", encodeType(goType.slice(goType.indexOf("]") + 1), pkg));
  const dot = goType.indexOf(".");
  const full =
    PRIMITIVES[goType] && dot < 0 ? goType : dot < 0 ? `${pkg}.${goType}` : `${importOf(goType.slice(0, dot))}.${goType.slice(dot + 1)}`;
  const primitive = PRIMITIVES[full];
  return primitive ? { text: primitive, refs: [] } : { text: full, refs: [full] };
}

function wrap(
  prefix: string,
  inner: { readonly text: string; readonly refs: readonly string[] },
): { text: string; refs: readonly string[] } {
  return { text: prefix + inner.text, refs: inner.refs };
}

function importOf(name: string): string {
  const pkg = IMPORTS[name];
  if (!pkg) throw new Error(`No short name is known for the Go import ${name}: add it to IMPORTS`);
  return pkg;
}

/**
 * One type as one line: the grammar is described at the top of packages/kube-server/src/builtin/type-table.ts.
 * @param promoted OpenAPI schemas of the structs that embed this one, in which its annotations stand
 */
export function encodeGoType(
  type: GoType,
  pkg: string,
  api: OpenApiSchema | undefined,
  promoted: readonly OpenApiSchema[],
): { readonly text: string; readonly refs: readonly string[] } {
  if (type.kind === "alias") {
    const { text, refs } = encodeType(type.goType, pkg);
    return { text: `=${text}`, refs };
  }
  const refs: string[] = [];
  const sources = [...(api ? [api] : []), ...promoted];
  const fields = type.fields
    .filter((field) => !field.goType.endsWith("TypeMeta"))
    .map((field) => {
      const { text, refs: own } = encodeType(field.goType, pkg);
      refs.push(...own);
      if (field.inline) return `+${field.goName}${field.number ? `=${field.number}` : ""}:${text}`;
      const source = sources.find((candidate) => candidate.properties && Object.hasOwn(candidate.properties, field.json));
      return encodeField(field, text, source);
    });
  const marks = (api?.["x-kubernetes-map-type"] === "atomic" ? ["@atomic"] : []).concat(
    type.fields.some((field) => field.goType.endsWith("TypeMeta")) ? ["@kind"] : [],
  );
  return { text: [...marks, ...fields].join(";"), refs };
}

function encodeField(field: GoField, type: string, source: OpenApiSchema | undefined): string {
  const flags =
    (source?.required?.includes(field.json) ? "!" : "") +
    (field.goType.startsWith("*") ? "*" : "") +
    (field.omit === "omitempty" ? "~" : field.omit === "omitzero" ? "^" : "");
  const api = source?.properties?.[field.json];
  return `${field.json}${flags}${field.number ? `=${field.number}` : ""}:${type}${api ? annotations(api) : ""}`;
}

function annotations(api: OpenApiSchema): string {
  let text = "";
  const listType = api["x-kubernetes-list-type"];
  if (listType) text += listType === "map" ? `@map(${(api["x-kubernetes-list-map-keys"] ?? []).join(",")})` : `@${listType}`;
  if (api["x-kubernetes-map-type"]) text += `@${api["x-kubernetes-map-type"]}-map`;
  const strategy = api["x-kubernetes-patch-strategy"];
  if (strategy) text += `%${strategy}${api["x-kubernetes-patch-merge-key"] ? `|${api["x-kubernetes-patch-merge-key"]}` : ""}`;
  if (typeof api.default === "string" && api.default !== "") text += `#${api.default}`;
  return text;
}
