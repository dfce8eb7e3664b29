// SPDX-License-Identifier: Apache-2.0
import { parseApiVersion, type Schema } from "@flux-ts/kube-core";
import { hasType, structType, type Scalar, type TypeField, type TypeRef } from "./type-table.ts";
import { gvkOfType, openApiNameOf, typeNameOf } from "./type-packages.ts";

type Draft = { -readonly [K in keyof Schema]: Schema[K] };

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const APIEXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
const PRESERVE = { "x-kubernetes-preserve-unknown-fields": true } as const;

const SCALARS: Readonly<Record<Scalar, Schema>> = {
  s: { type: "string" },
  b: { type: "boolean" },
  i: { type: "integer", format: "int32" },
  l: { type: "integer", format: "int64" },
  f: { type: "number", format: "double" },
  y: { type: "string", format: "byte" },
  t: { type: "string", format: "date-time", "x-name": `${META}.Time` },
  u: { type: "string", format: "micro-time", "x-name": `${META}.MicroTime` },
  d: { type: "string", "x-name": `${META}.Duration` },
  q: { type: "string", format: "quantity", "x-name": "io.k8s.apimachinery.pkg.api.resource.Quantity" },
  x: { "x-kubernetes-int-or-string": true, format: "int-or-string", "x-name": "io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
  r: { type: "object", ...PRESERVE, "x-kubernetes-map-type": "atomic", "x-name": "io.k8s.apimachinery.pkg.runtime.RawExtension" },
  v: { type: "object", ...PRESERVE, "x-kubernetes-map-type": "atomic", "x-name": `${META}.FieldsV1` },
  j: { ...PRESERVE, "x-name": `${APIEXTENSIONS}.JSON` },
  ja: { ...PRESERVE, "x-name": `${APIEXTENSIONS}.JSONSchemaPropsOrArray` },
  jb: { ...PRESERVE, "x-name": `${APIEXTENSIONS}.JSONSchemaPropsOrBool` },
  js: { ...PRESERVE, "x-name": `${APIEXTENSIONS}.JSONSchemaPropsOrStringArray` },
};

// Built nodes, kept and shared: they are values and follow from the type table alone.
const built = new Map<string, Schema>();

/**
 * The schema of a built-in kind: the whole object, with list types, merge keys and names for OpenAPI documents (`x-name`).
 *
 * @returns undefined for kinds that Kubernetes does not have; nodes are shared and, in CustomResourceDefinitions, cyclic
 * @see kubernetes/kubernetes api/openapi-spec/v3
 */
export function builtinSchema(apiVersion: string, kind: string): Schema | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const name = typeNameOf(group, version, kind);
  return name !== undefined && hasType(name) ? schemaOfType(name) : undefined;
}

/** The schema of a struct of the type table, e.g. `meta.v1.ObjectMeta`. */
export function schemaOfType(name: string): Schema {
  const known = built.get(name);
  if (known) return known;
  const type = structType(name);
  const draft: Draft = { type: "object", "x-name": openApiNameOf(name) };
  built.set(name, draft);
  const properties: Record<string, Schema> = type.hasKind ? { apiVersion: SCALARS.s, kind: SCALARS.s } : {};
  for (const field of type.fields.values()) properties[field.name] = schemaOfField(field);
  // Upstream's marker of a default, which the table of types does not carry.
  if (name === "core.v1.LocalObjectReference" && properties["name"]) properties["name"] = { ...properties["name"], default: "" };
  draft.properties = properties;
  const required = [...type.fields.values()].filter((field) => field.required).map((field) => field.name);
  if (required.length > 0) draft.required = required;
  if (type.atomic) draft["x-kubernetes-map-type"] = "atomic";
  if (type.hasKind && !name.startsWith("meta.")) draft["x-kubernetes-group-version-kind"] = [gvkOfType(name)];
  return draft;
}

function schemaOfField(field: TypeField): Schema {
  const own: Draft = {};
  if (field.listType) own["x-kubernetes-list-type"] = field.listType;
  if (field.mapKeys) own["x-kubernetes-list-map-keys"] = field.mapKeys;
  if (field.mapType) own["x-kubernetes-map-type"] = field.mapType;
  if (field.patchStrategy !== undefined) own["x-kubernetes-patch-strategy"] = field.patchStrategy;
  if (field.patchMergeKey !== undefined) own["x-kubernetes-patch-merge-key"] = field.patchMergeKey;
  if (field.default !== undefined) own.default = field.default;
  const omitsZero = omitsZeroOf(field);
  if (omitsZero !== undefined) own["x-omit-zero"] = omitsZero;
  const schema = schemaOfRef(field.ref);
  return Object.keys(own).length === 0 ? schema : { ...schema, ...own };
}

/** Where Go leaves out other zero values than the schema would make one think. */
function omitsZeroOf(field: TypeField): boolean | undefined {
  if (field.pointer) return undefined;
  const { ref } = field;
  if (ref.kind === "list" || ref.kind === "map") return field.omit === "never" && !field.required ? false : undefined;
  if (ref.kind === "struct" || ref.scalar === "t" || ref.scalar === "u") return field.omit === "zero" ? true : undefined;
  return field.omit === "never" ? undefined : true;
}

function schemaOfRef(ref: TypeRef): Schema {
  switch (ref.kind) {
    case "scalar":
      return SCALARS[ref.scalar];
    case "list":
      return { type: "array", items: schemaOfRef(ref.items) };
    case "map":
      return { type: "object", additionalProperties: schemaOfRef(ref.values) };
    case "struct":
      return schemaOfType(ref.name);
  }
}
