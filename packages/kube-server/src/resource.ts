// SPDX-License-Identifier: Apache-2.0
import type { CustomResourceSchema, FieldError, KubeObject, Schema } from "@flux-ts/kube-core";
import type { AddressRange } from "./address-range.ts";

/** One column of a Table. @see apimachinery meta/v1 TableColumnDefinition */
export interface TableColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, higher ones with `-o wide`. */
  readonly priority: number;
}

/** How a kind is printed: the columns, and the cells of one object, in the same order. `now` is in milliseconds. */
export interface TablePrinter {
  readonly columns: readonly TableColumn[];
  cells(object: KubeObject, now: number): readonly unknown[];
  /** What a client may highlight of a row. @see apimachinery meta/v1 TableRowCondition */
  conditions?(
    object: KubeObject,
  ): readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
}

/** What Services have been given, and what there is to give. */
export interface ServiceAllocations {
  readonly range: AddressRange;
  /** Whether another Service (than that of the uid) has this address, or the API server itself. */
  hasAddress(address: string, exceptUid?: string): boolean;
  /** Whether another Service has this node port. */
  hasPort(port: number, exceptUid?: string): boolean;
}

/** What a write may look at beyond the object itself. */
export interface StrategyContext {
  readonly services: ServiceAllocations;
  readonly now: number;
  /** 0 (included) to 1 (excluded). */
  random(): number;
  /** Reads another object of the store; for allocation (cluster IPs, node ports) and lookups. */
  read(apiVersion: string, kind: string, namespace: string, name: string): KubeObject | undefined;
  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[];
}

/** What makes one kind differ from another. Pure; returns new objects. */
export interface Strategy {
  /**
   * Fills in defaults, on create and update, after conversion to the storage version.
   * @param known has them already: parts that are its very own need none
   */
  applyDefaults?(object: KubeObject, known?: KubeObject): KubeObject;
  /** Before validation on create, e.g. clears status, allocates. @param known the object with its defaults, before admission */
  prepareCreate?(object: KubeObject, context: StrategyContext, known?: KubeObject): KubeObject;
  /** Before validation on update of the main resource; status is already that of `old`. */
  prepareUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): KubeObject;
  /** Before validation on update of `/status`; everything but status and some metadata is already that of `old`. */
  prepareStatusUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): KubeObject;
  /** What is wrong with a name of this kind; absent: a DNS subdomain. */
  nameProblems?(name: string): readonly string[];
  /**
   * The kind does not look at metadata itself: that is looked at, and told, only when the rest is in order; names must be fit for paths, no more.
   * @see apiserver registry/rest BeforeCreate
   */
  readonly leavesMetadata?: boolean;
  /**
   * How often the kind's own validation of an update looks at metadata, besides the server's: as a change, and as a whole. Causes are told as often.
   * Absent: `{ asChange: 1, asWhole: 0 }`.
   */
  readonly metadataOnUpdate?: { readonly asChange: 0 | 1; readonly asWhole: 0 | 1 | 2 };
  /** Metadata is the server's to validate. */
  validate?(object: KubeObject): readonly FieldError[];
  validateUpdate?(object: KubeObject, old: KubeObject): readonly FieldError[];
  validateStatusUpdate?(object: KubeObject, old: KubeObject): readonly FieldError[];
  /** Whether an update counts as a change of what is wanted (metadata.generation); absent: anything but metadata and status differs. */
  changesGeneration?(object: KubeObject, old: KubeObject): boolean;
  /** Texts of `Warning` headers. `old` is absent on create. */
  warnings?(object: KubeObject, old: KubeObject | undefined): readonly string[];
}

/** A subresource other than `status` and `scale`, or those two switched on. */
export interface Subresources {
  readonly status?: boolean;
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  /** Served by special code: `log`, `token`, `eviction`, `binding`, `finalize`, `approval`, `exec` … */
  readonly others?: readonly string[];
}

/** One version of one resource, built in or from a CustomResourceDefinition: everything the verbs ask about it. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Where objects are kept, when not at `plural.group`: kinds of two groups may be views of the same objects (`events`). */
  readonly storageKey?: string;
  /** In the order of discovery; virtual resources (reviews) have only `create`. */
  readonly verbs: readonly string[];
  /** The version in which objects are kept; others are views of it through `convert`. */
  readonly storageVersion: string;
  /** From the storage version to this one and back. Absent: only apiVersion changes. */
  readonly convert?: { fromStorage(object: KubeObject): KubeObject; toStorage(object: KubeObject): KubeObject };
  /** The whole object: apiVersion, kind, metadata (as an ObjectMeta), spec, status … */
  readonly schema: Schema;
  /** What is always written of an object of this kind, set or not (Go's structs): nobody owns it by creating. */
  readonly zero?: KubeObject;
  readonly strategy: Strategy;
  readonly subresources: Subresources;
  readonly printer: TablePrinter;
  /** Beyond metadata.name and metadata.namespace. */
  readonly fieldSelectors: Readonly<Record<string, (object: KubeObject) => string>>;
  /** Text of the 400 for an unsupported field label; absent: the generic registry's. */
  readonly unsupportedFieldLabel?: (label: string) => string;
  /** True for custom resources: merge patch instead of strategic, stricter updates, ratcheting, apiVersion and kind in list items. */
  readonly isCustom: boolean;
  /** Decodes, defaults and validates custom resources; only and always there when `isCustom`. */
  readonly custom?: CustomResourceSchema;
  /** A `Warning` for every request of a deprecated version. */
  readonly deprecation?: string;
  /** Whether metadata.generation is kept. */
  readonly hasGeneration: boolean;
  /** PUT to a missing object creates it. */
  readonly createOnUpdate: boolean;
  /** PUT without resourceVersion is 422. */
  readonly updateNeedsResourceVersion: boolean;
  /** DELETE answers with the object instead of a Status. */
  readonly deleteReturnsObject: boolean;
  /** Deletion without propagationPolicy: batch/v1 jobs orphan. */
  readonly defaultPropagation: "Background" | "Orphan";
  /** Fields that a write by apply or update never owns, per subresource (`""` is the main resource), as FieldsV1 paths: `["f:status"]`. */
  readonly resetFields: Readonly<Record<string, readonly (readonly string[])[]>>;
}
