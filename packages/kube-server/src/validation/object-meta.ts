// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject, ObjectMeta, OwnerReference } from "@flux-ts/kube-core";
import {
  deepEqual,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  generateNameOf,
  goQuote,
  labelKeyProblems,
  labelValueProblems,
} from "@flux-ts/kube-core";

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** How names of a kind are checked, and whether they live in namespaces. */
export interface MetaRules {
  /** Whether finalizers must be qualified, or ones that Kubernetes knows. */
  readonly checksFinalizers: boolean;
  readonly namespaced: boolean;
  /** Whether the base of a generated name is checked besides the name. */
  readonly checksGenerateName: boolean;
  readonly nameProblems?: ((name: string) => readonly string[]) | undefined;
}

/** What is wrong with the metadata of an object. @see apimachinery api/validation ValidateObjectMeta */
export function validateObjectMeta(meta: ObjectMeta, rules: MetaRules): readonly FieldError[] {
  const errors: FieldError[] = [];
  const nameProblems = rules.nameProblems ?? dns1123SubdomainProblems;
  if (meta.generateName && rules.checksGenerateName) {
    for (const detail of generateNameOf((name) => [...nameProblems(name)])(meta.generateName)) {
      errors.push({ type: "FieldValueInvalid", field: "metadata.generateName", value: meta.generateName, detail });
    }
  }
  if (!meta.name) errors.push({ type: "FieldValueRequired", field: "metadata.name", detail: "name or generateName is required" });
  else
    for (const detail of nameProblems(meta.name))
      errors.push({ type: "FieldValueInvalid", field: "metadata.name", value: meta.name, detail });
  if (rules.namespaced) {
    if (!meta.namespace) errors.push({ type: "FieldValueRequired", field: "metadata.namespace", detail: "" });
    else {
      for (const detail of dns1123LabelProblems(meta.namespace)) {
        errors.push({ type: "FieldValueInvalid", field: "metadata.namespace", value: meta.namespace, detail });
      }
    }
  } else if (meta.namespace) {
    errors.push({ type: "FieldValueForbidden", field: "metadata.namespace", detail: "not allowed on this type" });
  }
  errors.push(...commonErrors(meta));
  if (rules.checksFinalizers) errors.push(...standardFinalizerErrors(meta));
  return errors;
}

/** Groups whose kinds take any finalizer: their validation looks at metadata as custom resources' does. */
const ANY_FINALIZER: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "policy",
]);

export function checksFinalizers(definition: { readonly group: string; readonly isCustom: boolean }): boolean {
  return !definition.isCustom && !ANY_FINALIZER.has(definition.group);
}

/** What is wrong with the finalizers of built-in kinds. @see kubernetes apis/core/validation validateKubeFinalizerName */
export function standardFinalizerErrors(meta: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  (meta.finalizers ?? []).forEach((finalizer, index) => {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.has(finalizer)) return;
    errors.push({
      type: "FieldValueInvalid",
      field: `metadata.finalizers[${index}]`,
      value: finalizer,
      detail: "name is neither a standard finalizer name nor is it fully qualified",
    });
  });
  return errors;
}

/** What an update may not change in metadata. @see apimachinery api/validation ValidateObjectMetaUpdate */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    const before = old.finalizers ?? [];
    const added = (meta.finalizers ?? []).filter((finalizer) => !before.includes(finalizer)).toSorted();
    if (added.length > 0) {
      errors.push({
        type: "FieldValueForbidden",
        field: "metadata.finalizers",
        detail: `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(goQuote).join(", ")}}`,
      });
    }
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push({
      type: "FieldValueInvalid",
      field: "metadata.generation",
      value: meta.generation ?? 0,
      detail: "must not be decremented",
    });
  }
  for (const field of ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] as const) {
    if (!deepEqual(meta[field] ?? undefined, old[field] ?? undefined)) {
      errors.push({
        type: "FieldValueInvalid",
        field: `metadata.${field}`,
        value: meta[field] ?? emptyOf(field),
        detail: "field is immutable",
      });
    }
  }
  errors.push(
    ...labelErrors(meta.labels ?? {}, "metadata.labels"),
    ...annotationErrors(meta.annotations ?? {}),
    ...ownerErrors(meta.ownerReferences ?? []),
  );
  return errors;
}

function emptyOf(field: string): unknown {
  return field === "name" || field === "namespace" || field === "uid" ? "" : undefined;
}

function commonErrors(meta: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  if ((meta.generation ?? 0) < 0) {
    errors.push({
      type: "FieldValueInvalid",
      field: "metadata.generation",
      value: meta.generation,
      detail: "must be greater than or equal to 0",
    });
  }
  errors.push(
    ...labelErrors(meta.labels ?? {}, "metadata.labels"),
    ...annotationErrors(meta.annotations ?? {}),
    ...ownerErrors(meta.ownerReferences ?? []),
  );
  const finalizers = meta.finalizers ?? [];
  for (const finalizer of finalizers) {
    for (const detail of labelKeyProblems(finalizer))
      errors.push({ type: "FieldValueInvalid", field: "metadata.finalizers", value: finalizer, detail });
  }
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push({
      type: "FieldValueInvalid",
      field: "metadata.finalizers",
      value: finalizers,
      detail: 'finalizer "orphan" and "foregroundDeletion" cannot be both set',
    });
  }
  return errors;
}

/** @see apimachinery meta/v1/validation ValidateLabels */
export function labelErrors(labels: Readonly<Record<string, string>>, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const detail of labelKeyProblems(key)) errors.push({ type: "FieldValueInvalid", field, value: key, detail });
    for (const detail of labelValueProblems(value)) errors.push({ type: "FieldValueInvalid", field, value, detail });
  }
  return errors;
}

function annotationErrors(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    // Upper case is allowed in keys of annotations.
    for (const detail of labelKeyProblems(key.toLowerCase()))
      errors.push({ type: "FieldValueInvalid", field: "metadata.annotations", value: key, detail });
  }
  if (size > MAX_ANNOTATIONS_BYTES) {
    errors.push({
      type: "FieldValueTooLong",
      field: "metadata.annotations",
      detail: `may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`,
    });
  }
  return errors;
}

function ownerErrors(owners: readonly OwnerReference[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  const controllers: OwnerReference[] = [];
  owners.forEach((owner) => {
    const field = "metadata.ownerReferences";
    const empty = (name: string, detail = "must not be empty"): number =>
      errors.push({ type: "FieldValueInvalid", field: `${field}.${name}`, value: "", detail });
    const version = owner.apiVersion?.split("/").at(-1) ?? "";
    if (version === "")
      errors.push({
        type: "FieldValueInvalid",
        field: `${field}.apiVersion`,
        value: owner.apiVersion ?? "",
        detail: "version must not be empty",
      });
    if (!owner.kind) empty("kind");
    if (!owner.name) empty("name");
    if (!owner.uid) empty("uid");
    if (owner.apiVersion === "v1" && owner.kind === "Event") {
      errors.push({ type: "FieldValueInvalid", field, value: owner, detail: "/v1, Kind=Event is disallowed from being an owner" });
    }
    if (owner.controller) controllers.push(owner);
  });
  const [first, second] = controllers;
  if (first && second) {
    errors.push({
      type: "FieldValueInvalid",
      field: "metadata.ownerReferences",
      value: owners,
      detail: `Only one reference can have Controller set to true. Found "true" in references for ${first.kind}/${first.name} and ${second.kind}/${second.name}`,
    });
  }
  return errors;
}

/**
 * Owners that are named twice are named once, and whoever wrote that is warned.
 * @returns the object itself when there are none
 * @see apiserver endpoints/handlers dedupOwnerReferencesAndAddWarning
 */
export function withoutRepeatedOwners(object: KubeObject, isPatch: boolean, tell: (warning: string) => void): KubeObject {
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length < 2) return object;
  const kept: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const owner of owners) {
    if (kept.some((other) => deepEqual(other, owner))) repeated.push(owner.uid ?? "");
    else kept.push(owner);
  }
  if (repeated.length === 0) return object;
  tell(
    `.metadata.ownerReferences contains duplicate entries${isPatch ? " after mutating admission happens" : ""}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`,
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } };
}

/** Warnings about new finalizers without a path. @see apiserver registry/rest metadata warnings */
export function finalizerWarnings(meta: ObjectMeta, old?: ObjectMeta): readonly string[] {
  return (meta.finalizers ?? [])
    .filter((finalizer) => !finalizer.includes("/") && !STANDARD_FINALIZERS.has(finalizer) && !old?.finalizers?.includes(finalizer))
    .map((finalizer) => {
      const wanted = finalizer.includes(".") ? "finalizer name including a path (/)" : "finalizer name";
      return `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified ${wanted} to avoid accidental conflicts with other finalizer writers`;
    });
}
