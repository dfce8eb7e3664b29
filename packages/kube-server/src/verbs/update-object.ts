// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject, ObjectMeta, Schema } from "@flux-ts/kube-core";
import { deepEqual, isSameButManagerTimes, pathSegmentProblems } from "@flux-ts/kube-core";
import { requireNoEscalation } from "../access/escalation.ts";
import { validateUpdateAdmission } from "../admission/admission.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import { warn } from "../request/context.ts";
import { isSameBySchema } from "../codec/same-by-schema.ts";
import { parseRevision } from "../request/resource-version.ts";
import { conflict, invalid, plainError, staleWrite } from "../status-errors.ts";
import {
  checksFinalizers,
  finalizerWarnings,
  standardFinalizerErrors,
  validateObjectMeta,
  validateObjectMetaUpdate,
  withoutRepeatedOwners,
} from "../validation/object-meta.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { Write } from "./write.ts";
import { kindOf, resourceOf, withMetadata } from "./write.ts";

/** Objects that came through an update by themselves unchanged, as the definition that saw it: they need not go through again. */
const settled = new WeakMap<KubeObject, ResourceDefinition>();

/**
 * Replaces an object by what `change` makes of it, in the version of the request.
 *
 * @param stored the object as it is kept
 * @param change gives the new object, decoded, defaulted and with its managed fields in place
 * @returns the object as it is afterwards; the old one, resourceVersion and all, when nothing changed
 * @throws {ApiError} 409, 422
 * @see apiserver registry/generic/registry Store.Update, registry/rest BeforeUpdate
 */
export function updateObject(write: Write, stored: KubeObject, change: (old: KubeObject) => KubeObject): KubeObject {
  const { plane, definition, request, options } = write;
  const old = plane.views.of(definition, stored);
  const wanted = withoutRepeatedOwners(change(old), request.method === "PATCH", (text) => warn(request, text));
  const name = old.metadata.name ?? "";
  requireSameUid(write, wanted, old);
  requireVersion(write, wanted, old);
  // What most applies of a GitOps tool are.
  if (wanted === old && write.subresource === "" && !definition.isCustom && settled.get(old) === definition) {
    for (const text of definition.strategy.warnings?.(old, old) ?? []) warn(request, text);
    validateUpdateAdmission(write, old, old);
    return old;
  }

  const next = prepare(write, wanted, old);
  const errors = validate(write, next, old);
  if (errors.length > 0) throw invalid(kindOf(definition), name, errors);
  for (const text of [
    ...(definition.strategy.warnings?.(next, old) ?? []),
    ...(definition.isCustom ? finalizerWarnings(next.metadata, old.metadata) : []),
  ])
    warn(request, text);

  validateUpdateAdmission(write, next, old);
  if (!deepEqual(withoutMetadata(next), withoutMetadata(old))) requireNoEscalation(plane.authorizer, request.identity, definition, next);
  const key = objectKey(definition, old.metadata.namespace ?? "", name);
  const resource = storageKeyOf(definition);
  const kept = plane.views.toStorage(definition, withMetadata(next, { resourceVersion: old.metadata.resourceVersion }));
  if (isFinished(next)) {
    if (options.isDryRun) return plane.views.of(definition, kept);
    // Watches see the last state that was stored; who wrote sees what was written.
    plane.store.delete(resource, key);
    return plane.views.of(definition, kept);
  }
  if (isSameButManagerTimes(stored, kept)) {
    if (wanted === old && write.subresource === "") settled.set(old, definition);
    return old;
  }
  if (options.isDryRun) return plane.views.of(definition, kept);
  return plane.views.of(definition, plane.store.put(resource, key, kept));
}

function withoutMetadata({ metadata: _metadata, ...rest }: KubeObject): Record<string, unknown> {
  return rest;
}

/** The last finalizer of an object in deletion went: so does the object. */
function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds !== 0 || finalizers.length > 0) return false;
  // A namespace stays until its own finalizers went through the finalize subresource.
  if (object.kind !== "Namespace" || object.apiVersion !== "v1") return true;
  const spec = object["spec"] as { readonly finalizers?: readonly string[] } | undefined; // the namespace's own type
  return (spec?.finalizers ?? []).length === 0;
}

function requireVersion(write: Write, wanted: KubeObject, old: KubeObject): void {
  const { definition } = write;
  const given = parseRevision(wanted.metadata.resourceVersion ?? "", plainError);
  const name = old.metadata.name ?? "";
  if (given === 0) {
    if (!definition.updateNeedsResourceVersion || write.request.method === "PATCH") return;
    const error: FieldError = {
      type: "FieldValueInvalid",
      field: "metadata.resourceVersion",
      value: 0,
      detail: "must be specified for an update",
    };
    throw invalid(resourceOf(definition), name, [error]);
  }
  if (String(given) !== old.metadata.resourceVersion) throw staleWrite(resourceOf(definition), name);
}

/** Where etcd keeps kinds whose folder is not their name. */
const OLD_FOLDERS: Readonly<Record<string, string>> = {
  services: "services/specs",
  endpoints: "services/endpoints",
  replicationcontrollers: "controllers",
  nodes: "minions",
  ingresses: "ingress",
};

function requireSameUid(write: Write, wanted: KubeObject, old: KubeObject): void {
  const { uid } = wanted.metadata;
  if (!uid || uid === old.metadata.uid || write.request.method !== "PUT") return;
  const { plural, group, isCustom } = write.definition;
  const { namespace, name = "" } = old.metadata;
  const folder = isCustom ? `${group}/${plural}` : ((group === "" || plural === "ingresses" ? OLD_FOLDERS[plural] : undefined) ?? plural);
  const path = `/registry/${folder}/${namespace ? `${namespace}/` : ""}${name}`;
  throw conflict(
    resourceOf(write.definition),
    name,
    `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ""}`,
  );
}

/** What the server keeps for itself, and what the subresource may not touch, comes from the old object. */
function prepare(write: Write, wanted: KubeObject, old: KubeObject): KubeObject {
  const { definition, subresource, plane } = write;
  const { strategy } = definition;
  const meta = {
    uid: wanted.metadata.uid || old.metadata.uid,
    creationTimestamp: old.metadata.creationTimestamp,
    deletionTimestamp: old.metadata.deletionTimestamp ?? wanted.metadata.deletionTimestamp,
    deletionGracePeriodSeconds: wanted.metadata.deletionGracePeriodSeconds ?? old.metadata.deletionGracePeriodSeconds,
    generation: old.metadata.generation,
    selfLink: undefined,
  };
  const context = plane.strategyContext();
  if (subresource === "status" || subresource === "approval") {
    const metadata = definition.isCustom ? withManagedFields(old.metadata, wanted.metadata.managedFields) : wanted.metadata;
    const status = withoutUndefined({ ...old, metadata, status: wanted["status"] });
    const only = withMetadata(status, meta);
    return strategy.prepareStatusUpdate?.(only, old, context) ?? only;
  }
  if (subresource === "binding") return withMetadata(wanted, meta);
  if (subresource === "finalize") {
    return withMetadata({ ...old, metadata: wanted.metadata, spec: wanted["spec"] }, meta);
  }
  const main = definition.subresources.status ? withoutUndefined({ ...wanted, status: old["status"] }) : wanted;
  const fixed = withMetadata(main, meta);
  const prepared = strategy.prepareUpdate?.(fixed, old, context) ?? fixed;
  const isChanged =
    strategy.changesGeneration?.(prepared, old) ??
    (definition.hasGeneration && differsInSpec(definition.schema, prepared, old, definition.subresources.status === true));
  return isChanged ? withMetadata(prepared, { generation: (old.metadata.generation ?? 0) + 1 }) : prepared;
}

function withManagedFields({ managedFields: _old, ...metadata }: ObjectMeta, managedFields: ObjectMeta["managedFields"]): ObjectMeta {
  return managedFields === undefined ? metadata : { ...metadata, managedFields };
}

function withoutUndefined(object: KubeObject): KubeObject {
  if (object["status"] !== undefined) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

function differsInSpec(schema: Schema, object: KubeObject, old: KubeObject, hasStatus: boolean): boolean {
  const strip = (value: KubeObject): Record<string, unknown> => ({
    ...value,
    metadata: undefined,
    ...(hasStatus ? { status: undefined } : {}),
  });
  const after = strip(object);
  const before = strip(old);
  return !deepEqual(after, before) && !isSameBySchema(schema, after, before);
}

function validate(write: Write, next: KubeObject, old: KubeObject): readonly FieldError[] {
  const { definition, subresource, request } = write;
  const metadataErrors = validateObjectMetaUpdate(next.metadata, old.metadata);
  if (definition.custom) {
    const { custom } = definition;
    const found =
      subresource === "status" ? custom.validateStatus(next, old, metadataErrors) : custom.validateUpdate(next, old, metadataErrors);
    for (const text of found.warnings) warn(request, text);
    return found.errors;
  }
  const { strategy } = definition;
  // These write what the main resource may not.
  if (subresource === "binding" || subresource === "finalize") return [...metadataErrors, ...metadataErrors];
  const { asChange, asWhole } = strategy.metadataOnUpdate ?? (strategy.leavesMetadata ? UNSEEN : CHANGE_ONLY);
  const { namespaced } = definition;
  const isSeen = hasSameTexts(next.metadata, old.metadata);
  const whole = (own: boolean): readonly FieldError[] =>
    isSeen
      ? []
      : validateObjectMeta(next.metadata, {
          namespaced,
          checksFinalizers: own && checksFinalizers(definition),
          checksGenerateName: true,
          nameProblems: own ? strategy.nameProblems : pathSegmentProblems,
        });
  const own =
    subresource === "status"
      ? (strategy.validateStatusUpdate ?? strategy.validateUpdate)?.(next, old)
      : (strategy.validateUpdate?.(next, old) ?? strategy.validate?.(next));
  return [
    ...whole(false),
    ...metadataErrors,
    ...(asChange === 0 ? [] : metadataErrors),
    ...(asChange === 0 || !checksFinalizers(definition) ? [] : standardFinalizerErrors(next.metadata)),
    ...Array.from({ length: subresource === "" ? asWhole : 0 }, () => whole(true)).flat(),
    ...(own ?? []),
  ];
}

const CHANGE_ONLY = { asChange: 1, asWhole: 0 } as const;
const UNSEEN = { asChange: 0, asWhole: 0 } as const;

/** Whether everything of metadata that users write is the very same: it was looked at before. */
function hasSameTexts(meta: ObjectMeta, old: ObjectMeta): boolean {
  return (
    meta.name === old.name &&
    meta.namespace === old.namespace &&
    meta.generateName === old.generateName &&
    meta.labels === old.labels &&
    meta.annotations === old.annotations &&
    meta.ownerReferences === old.ownerReferences &&
    meta.finalizers === old.finalizers
  );
}
