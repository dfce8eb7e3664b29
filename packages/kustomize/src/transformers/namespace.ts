// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, setScalar, wrongKind } from "../fieldspecs/apply-field-spec.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { FieldSpec } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { get, isEmpty, isMapping, isNull, scalarText, setKey } from "../mapping.ts";
import type { Resource } from "../resource.ts";
import { isDeleted } from "../resource.ts";
import { formatId } from "../resource-id.ts";
import type { Transformer } from "./transformer.ts";

/** Which subjects of role bindings get the namespace: those named `default`, all service accounts, or none. */
export type SubjectMode = "" | "defaultOnly" | "allServiceAccounts" | "none";

export interface NamespaceOptions {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  /** Leaves namespaces that are set. */
  readonly unsetOnly?: boolean;
  readonly setRoleBindingSubjects?: SubjectMode;
}

/**
 * Sets the namespace of everything that has one, and where else namespaces stand: subjects of role bindings, the name of
 * Namespaces, services of webhooks.
 *
 * @throws {KustomizeError} CONFLICT when two resources come to have the same id
 * @see kustomize filters/namespace, NamespaceTransformer
 */
export function setNamespace({
  namespace,
  fieldSpecs,
  unsetOnly = false,
  setRoleBindingSubjects = "defaultOnly",
}: NamespaceOptions): Transformer {
  const modes: readonly SubjectMode[] = ["", "defaultOnly", "allServiceAccounts", "none"];
  if (!modes.includes(setRoleBindingSubjects)) {
    throw new KustomizeError(
      "INVALID_KUSTOMIZATION",
      `invalid value "${setRoleBindingSubjects}" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
    );
  }
  const set = (old: unknown): unknown => (unsetOnly && hasText(old) ? old : setScalar(namespace)(old));
  return (resources) => {
    if (namespace === "") return;
    const counts = new Map<string, number>();
    for (const { key } of resources.list) counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const resource of resources.list) {
      if (isDeleted(resource) || resource.isHelmGenerated) continue;
      counts.set(resource.key, (counts.get(resource.key) ?? 1) - 1);
      resource.rememberId();
      resource.object = transformed(resource, fieldSpecs, set, setRoleBindingSubjects);
      const count = (counts.get(resource.key) ?? 0) + 1;
      counts.set(resource.key, count);
      if (count > 1) {
        const id = formatId(resource.id);
        throw new KustomizeError("CONFLICT", `namespace transformation produces ID conflict: ${id}`, { object: id });
      }
    }
  };
}

function hasText(value: unknown): boolean {
  return !isEmpty(value) && scalarText(value) !== "";
}

type Set = (old: unknown) => unknown;

function transformed(resource: Resource, fieldSpecs: readonly FieldSpec[], set: Set, subjects: SubjectMode): Mapping {
  const { apiVersion, kind } = resource;
  const isBinding = kind === "RoleBinding" || kind === "ClusterRoleBinding";
  let { object } = resource;
  if (!resource.id.isClusterScoped) {
    object = applyFieldSpec(object, { group: "", version: "", kind: "", path: "metadata/namespace", create: true }, set, "scalar");
  }
  if (isBinding && subjects !== "none") object = withSubjects(object, set, subjects);
  for (const spec of fieldSpecs) {
    // These two are not for specs: the namespace is set above, and only a core Namespace is renamed.
    if (spec.path === "metadata/namespace") continue;
    if (spec.path === "metadata/name" && apiVersion !== "v1") continue;
    if (isBinding && spec.path === "subjects/namespace" && (spec.kind === "RoleBinding" || spec.kind === "ClusterRoleBinding")) continue;
    const current = object;
    object = prefixed("namespace transformation failed", () => applyFieldSpec(current, spec, set, "scalar"));
  }
  return object;
}

function withSubjects(object: Mapping, set: Set, mode: SubjectMode): Mapping {
  const subjects = get(object, "subjects");
  if (isNull(subjects)) return object;
  const field = mode === "allServiceAccounts" ? "kind" : "name";
  const wanted = mode === "allServiceAccounts" ? "ServiceAccount" : "default";
  if (!Array.isArray(subjects)) throw wrongKind("SequenceNode", subjects);
  const changed = (subjects as unknown[]).map((subject) => {
    if (!isMapping(subject) || scalarText(get(subject, field)) !== wanted) return subject;
    const old = get(subject, "namespace");
    return setKey(subject, "namespace", set(isNull(old) ? "" : old));
  });
  return setKey(object, "subjects", changed);
}
