// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "../../schema/schema.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";
import { fieldElement, type PathElement } from "./path-element.ts";

/** What scalars a place may hold. */
export type ScalarKind = "numeric" | "string" | "boolean" | "untyped";

/** How a list is merged: as a whole, or item by item. No keys: a set of scalars. */
export interface ListType {
  readonly isAtomic: boolean;
  readonly keys: readonly string[];
  readonly element: MergeType;
}

/** A declared field, and what its step is called in a set of paths. */
export interface FieldStep {
  readonly type: MergeType;
  readonly element: PathElement;
}

/** How an object is merged: as a whole, or field by field. */
export interface MapType {
  readonly isAtomic: boolean;
  /** The declared fields. */
  field(name: string): MergeType | undefined;
  /** A declared field together with its step in a path, which is kept: writing it anew costs more than all else of a field. */
  step(name: string): FieldStep | undefined;
  readonly hasFields: boolean;
  /** What other keys hold; undefined: there may be none. */
  readonly element: MergeType | undefined;
  /** What stands for a field that is absent, where it is a key of a list. */
  defaultOf(name: string): unknown;
}

/**
 * A schema as merging sees it. A value is a scalar, a list or a map; a place may allow several of them. Compile it
 * once for a kind with {@link mergeTypeOf} and keep it: fields are compiled when they are first met.
 *
 * @see structured-merge-diff schema.Atom, kube-openapi schemaconv
 */
export interface MergeType {
  readonly scalar: ScalarKind | undefined;
  readonly list: ListType | undefined;
  readonly map: MapType | undefined;
  /**
   * Of a root: objects that were found to fit it, and sets of paths found to be in order. They never change, so they are
   * looked through once.
   */
  readonly seen?: WeakSet<object>;
}

/**
 * The merge type of the objects of a kind. `apiVersion`, `kind` and `metadata` are filled in where the schema (of a
 * custom resource) does not spell them out.
 */
export function mergeTypeOf(schema: Schema): MergeType {
  const { scalar, list, map } = new SchemaCompiler().root(schema);
  return { scalar, list, map, seen: new WeakSet() };
}

/** Any value, merged as a whole. */
const UNTYPED_ATOMIC: MergeType = {
  scalar: "untyped",
  get list(): ListType {
    return ATOMIC_LIST;
  },
  get map(): MapType {
    return ATOMIC_MAP;
  },
};

const ATOMIC_LIST: ListType = { isAtomic: true, keys: [], element: UNTYPED_ATOMIC };

/** Any value: maps are merged key by key, lists as a whole. */
const DEDUCED: MergeType = {
  scalar: "untyped",
  list: ATOMIC_LIST,
  get map(): MapType {
    return DEDUCED_MAP;
  },
};

const ATOMIC_MAP: MapType = {
  isAtomic: true,
  hasFields: false,
  element: UNTYPED_ATOMIC,
  field: () => undefined,
  step: () => undefined,
  defaultOf: () => undefined,
};

const DEDUCED_MAP: MapType = {
  isAtomic: false,
  hasFields: false,
  element: DEDUCED,
  field: () => undefined,
  step: () => undefined,
  defaultOf: () => undefined,
};

/** A map of any content that no schema describes: changes of its schema are not tracked. */
export function isDeducedMap(map: MapType): boolean {
  return !map.hasFields && map.element?.scalar === "untyped" && map.element !== UNTYPED_ATOMIC;
}

const STRING: Schema = { type: "string" };

const ZEROS: Readonly<Record<string, unknown>> = { string: "", integer: 0, boolean: false };

/** Compiles each schema node once, so that cyclic schemas end. */
class SchemaCompiler {
  readonly #plain = new Map<Schema, MergeType>();
  readonly #preserving = new Map<Schema, MergeType>();

  root(schema: Schema): MergeType {
    return this.compile({ ...schema, properties: withTypeMeta(schema.properties) }, false);
  }

  compile(schema: Schema, inherited: boolean): MergeType {
    const preserves = inherited || schema["x-kubernetes-preserve-unknown-fields"] === true;
    const memo = preserves ? this.#preserving : this.#plain;
    const known = memo.get(schema);
    if (known !== undefined) return known;
    const compiled = new CompiledType(schema, preserves, this);
    memo.set(schema, compiled);
    return compiled;
  }

  compileEmbedded(schema: Schema, preserves: boolean): Schema {
    if (schema["x-kubernetes-embedded-resource"] !== true) return schema;
    const complete = { ...schema, "x-kubernetes-embedded-resource": false, properties: withTypeMeta(schema.properties) };
    return preserves ? { ...complete, "x-kubernetes-preserve-unknown-fields": true } : complete;
  }
}

/** Custom resources declare at most rules on `metadata`; its lists are merged as those of every object are. */
function withTypeMeta(properties: Schema["properties"]): NonNullable<Schema["properties"]> {
  const metadata = properties?.["metadata"];
  const isComplete = metadata?.properties !== undefined && Object.hasOwn(metadata.properties, "ownerReferences");
  return { ...properties, apiVersion: STRING, kind: STRING, metadata: isComplete ? metadata : objectMetaSchema };
}

const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const RAW_EXTENSION = "io.k8s.apimachinery.pkg.runtime.RawExtension";

class CompiledType implements MergeType {
  readonly scalar: ScalarKind | undefined;
  readonly list: ListType | undefined;
  readonly map: MapType | undefined;

  constructor(schema: Schema, preserves: boolean, compiler: SchemaCompiler) {
    const complete = compiler.compileEmbedded(schema, preserves);
    const name = schema["x-name"];
    if (name === RAW_EXTENSION) {
      this.scalar = "untyped";
      this.list = ATOMIC_LIST;
      this.map = ATOMIC_MAP;
      return;
    }
    this.scalar = name === QUANTITY ? "untyped" : scalarOf(schema);
    this.list = schema.type === undefined || schema.type === "array" ? new CompiledList(schema, preserves, compiler) : undefined;
    this.map = schema.type === undefined || schema.type === "object" ? new CompiledMap(complete, preserves, compiler) : undefined;
  }
}

/** Strings of a format (dates, quantities) may be numbers as well; a place without a type may hold anything. */
function scalarOf({ type, format = "" }: Schema): ScalarKind | undefined {
  switch (type) {
    case undefined:
      return "untyped";
    case "integer":
    case "number":
      return "numeric";
    case "boolean":
      return "boolean";
    case "string":
      return format === "" || format === "byte" ? "string" : "untyped";
    case "object":
    case "array":
      return undefined;
  }
}

class CompiledList implements ListType {
  readonly isAtomic: boolean;
  readonly keys: readonly string[];
  readonly #schema: Schema;
  readonly #preserves: boolean;
  readonly #compiler: SchemaCompiler;
  #element: MergeType | undefined;

  constructor(schema: Schema, preserves: boolean, compiler: SchemaCompiler) {
    this.#schema = schema;
    this.#preserves = preserves;
    this.#compiler = compiler;
    const listType = schema["x-kubernetes-list-type"];
    const mergeKey = schema["x-kubernetes-patch-merge-key"];
    // A list that says nothing of server-side apply is merged by it as by a strategic merge patch.
    const isMerged = schema["x-kubernetes-patch-strategy"]?.split(",").includes("merge") === true;
    this.isAtomic = listType === undefined ? !isMerged : listType === "atomic";
    if (listType === "map") this.keys = [...(schema["x-kubernetes-list-map-keys"] ?? [])].sort();
    else this.keys = listType === undefined && isMerged && mergeKey !== undefined ? [mergeKey] : [];
  }

  get element(): MergeType {
    const { items } = this.#schema;
    return (this.#element ??= items === undefined ? UNTYPED_ATOMIC : this.#compiler.compile(items, this.#preserves));
  }
}

class CompiledMap implements MapType {
  readonly isAtomic: boolean;
  readonly hasFields: boolean;
  readonly #schema: Schema;
  readonly #preserves: boolean;
  readonly #compiler: SchemaCompiler;
  readonly #fields = new Map<string, FieldStep>();
  #element: MergeType | "none" | undefined;

  constructor(schema: Schema, preserves: boolean, compiler: SchemaCompiler) {
    this.#schema = schema;
    this.#preserves = preserves;
    this.#compiler = compiler;
    this.isAtomic = schema["x-kubernetes-map-type"] === "atomic";
    this.hasFields = schema.properties !== undefined && Object.keys(schema.properties).length > 0;
  }

  field(name: string): MergeType | undefined {
    return this.step(name)?.type;
  }

  step(name: string): FieldStep | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const { properties } = this.#schema;
    const schema = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) return undefined;
    const step = { type: this.#compiler.compile(schema, this.#preserves), element: fieldElement(name) };
    this.#fields.set(name, step);
    return step;
  }

  get element(): MergeType | undefined {
    this.#element ??= this.#compileElement() ?? "none";
    return this.#element === "none" ? undefined : this.#element;
  }

  #compileElement(): MergeType | undefined {
    const { additionalProperties } = this.#schema;
    if (additionalProperties === undefined) return this.#preserves || !this.hasFields ? DEDUCED : undefined;
    if (typeof additionalProperties === "object") return this.#compiler.compile(additionalProperties, this.#preserves);
    return additionalProperties ? DEDUCED : undefined;
  }

  defaultOf(name: string): unknown {
    const { properties, required } = this.#schema;
    const property = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined || property.default !== undefined) return property?.default;
    // A field of a Go struct that is always written is never absent: its zero value stands for it.
    const isAlwaysWritten = this.#schema["x-name"] !== undefined && property["x-omit-zero"] !== true && required?.includes(name);
    return isAlwaysWritten ? ZEROS[property.type ?? ""] : undefined;
  }
}
