// SPDX-License-Identifier: Apache-2.0
import { parseApiVersion } from "@flux-ts/kube-core";
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";
import { dropKey, get, isEmpty, isMapping, isNull, mappingOf, scalarText, setKey, spelledText } from "./mapping.ts";
import type { OriginNode } from "./explain/field-origin.ts";
import type { Origin } from "./origin.ts";
import type { ResourceId } from "./resource-id.ts";
import { effectiveNamespace, formatId, idKey, resourceId } from "./resource-id.ts";
import { requireTextKey } from "./text-key.ts";

export type GeneratorBehavior = "unspecified" | "create" | "replace" | "merge";

/**
 * A resource during a build: the object, replaced as a whole with every change, and what the build remembers of it.
 * Upstream keeps the latter in annotations that it removes at the end.
 */
export class Resource {
  #object: Mapping;
  #id: ResourceId | undefined;
  #key: string | undefined;
  /** Earlier names, oldest first. `namespace` is the effective one. */
  previous: { readonly name: string; readonly namespace: string; readonly kind: string }[] = [];
  prefixes: string[] = [];
  suffixes: string[] = [];
  behavior: GeneratorBehavior = "unspecified";
  /** Whether the name gets a suffix of the content's hash at the end. */
  needsHash = false;
  /** Of a patch: whether it may change its target's name and kind. */
  mayChangeName = false;
  mayChangeKind = false;
  /** Made by a Helm chart, whose namespace Helm has set. */
  isHelmGenerated = false;
  origin: Origin | undefined;
  transformations: Origin[] = [];
  /** Where the fields of an earlier (or this) object come from, when that is wanted. */
  trace: { readonly object: Mapping; readonly node: OriginNode } | undefined;
  /** Of a patch: mappings that hold a key twice, which may stay as long as they are only looked into. */
  duplicates: ReadonlyMap<object, Error> | undefined;
  /** Vars whose value is in this resource. */
  vars: string[] = [];

  constructor(object: Mapping) {
    this.#object = object;
  }

  get object(): Mapping {
    return this.#object;
  }

  set object(object: Mapping) {
    if (object === this.#object) return;
    this.#object = object;
    this.#id = undefined;
    this.#key = undefined;
  }

  get apiVersion(): string {
    return scalarText(get(this.#object, "apiVersion"));
  }

  get kind(): string {
    return scalarText(get(this.#object, "kind"));
  }

  get name(): string {
    return metaText(this.#object, "name");
  }

  /** Empty when none is set. */
  get namespace(): string {
    return metaText(this.#object, "namespace");
  }

  get id(): ResourceId {
    this.#id ??= resourceId(this.apiVersion, this.kind, this.name, this.namespace);
    return this.#id;
  }

  /** {@link idKey} of the id. */
  get key(): string {
    this.#key ??= idKey(this.id);
    return this.#key;
  }

  /** The ids it has had, oldest first, without the current one. They are never cluster-scoped: their namespace says so. */
  get previousIds(): ResourceId[] {
    if (this.previous.length === 0) return [];
    const { group, version } = parseApiVersion(this.apiVersion);
    return this.previous.map(({ name, namespace, kind }) => ({ group, version, kind, name, namespace, isClusterScoped: false }));
  }

  /** The first id it had. */
  get originalId(): ResourceId {
    return this.previousIds[0] ?? this.id;
  }

  /** Every id it has and had, oldest first. */
  get allIds(): ResourceId[] {
    return this.previous.length === 0 ? [this.id] : [...this.previousIds, this.id];
  }

  /**
   * Remembers the current name, before it changes.
   *
   * @throws {KustomizeError} INVALID_RESOURCE where upstream, which keeps these between commas, cannot tell them apart again
   */
  rememberId(): void {
    const { name, kind } = this.id;
    const namespace = effectiveNamespace(this.id);
    if (commas(name) !== commas(namespace) || commas(name) !== commas(kind)) {
      const problem = "number of previous names, number of previous namespaces, number of previous kinds not equal";
      throw new KustomizeError("INVALID_RESOURCE", `recovered from kustomize build panic: ${problem}`, { object: formatId(this.id) });
    }
    this.previous = [...this.previous, { name, namespace, kind }];
  }

  /** Labels as text. */
  get labels(): Mapping {
    return textMap(get(get(this.#object, "metadata"), "labels"));
  }

  get annotations(): Mapping {
    return textMap(get(get(this.#object, "metadata"), "annotations"));
  }

  setMeta(field: string, value: unknown): void {
    const metadata = get(this.#object, "metadata");
    this.object = setKey(this.#object, "metadata", setKey(isMapping(metadata) ? metadata : {}, field, value));
  }

  /** Sets labels or annotations; an empty map removes the field. */
  setTextMap(field: "labels" | "annotations", map: Mapping): void {
    const keys = Object.keys(map);
    for (const key of keys) requireTextKey(key);
    if (keys.length > 0) this.setMeta(field, map);
    else this.dropMeta(field);
  }

  dropMeta(field: string): void {
    const metadata = get(this.#object, "metadata");
    if (!isMapping(metadata)) return;
    const rest = dropKey(metadata, field);
    if (rest !== metadata) this.object = setKey(this.#object, "metadata", rest);
  }

  /** A copy that changes apart from this one; objects are shared, since they never change. */
  copy(): Resource {
    const copy = new Resource(this.#object);
    copy.previous = this.previous;
    copy.prefixes = this.prefixes;
    copy.suffixes = this.suffixes;
    copy.behavior = this.behavior;
    copy.needsHash = this.needsHash;
    copy.mayChangeName = this.mayChangeName;
    copy.mayChangeKind = this.mayChangeKind;
    copy.isHelmGenerated = this.isHelmGenerated;
    copy.origin = this.origin;
    copy.transformations = this.transformations;
    copy.vars = this.vars;
    copy.trace = this.trace;
    copy.duplicates = this.duplicates;
    return copy;
  }
}

function metaText(object: Mapping, field: string): string {
  const metadata = get(object, "metadata");
  return scalarText(get(metadata, field));
}

/** Keys with the text of their values; values that are no scalars are empty text. */
function textMap(value: unknown): Mapping {
  if (!isMapping(value)) return {};
  return mappingOf(Object.entries(value).map(([key, child]) => [key, isNull(child) ? spelledText(child) : scalarText(child)]));
}

/** Whether a resource was deleted by a patch. */
export function isDeleted(resource: Resource): boolean {
  return isEmpty(resource.object);
}

function commas(text: string): number {
  return text.split(",").length;
}
