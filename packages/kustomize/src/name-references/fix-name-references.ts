// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, wrongKind } from "../fieldspecs/apply-field-spec.ts";
import type { NameReference } from "../fieldspecs/transformer-config.ts";
import { splitPath } from "../fieldspecs/split-path.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { FieldSpec } from "../kustomization.ts";
import { get, isMapping, isNull, isScalar, scalarText, setKey } from "../mapping.ts";
import type { Resource } from "../resource.ts";
import type { ResourceMap } from "../resource-map.ts";
import type { Gvk, ResourceId } from "../resource-id.ts";
import { effectiveNamespace, formatId, isSelected, notANamespace } from "../resource-id.ts";

/** One field of one resource that may hold the name of a resource of the target's kind. */
interface Reference {
  readonly referrer: Resource;
  readonly spec: FieldSpec;
  readonly target: Gvk;
  /** What the referrer can refer to, by the names it had. */
  readonly candidates: Candidates;
}

interface Candidates {
  named(oldName: string): readonly Resource[];
  /** Whether any of them was made in the namespace. */
  startedIn(namespace: string): boolean;
}

/**
 * Writes new names into the fields that hold old ones. A name that several resources had is told apart by kind, by
 * namespace and by the prefixes and suffixes that referrer and target share.
 *
 * @throws {KustomizeError} CONFLICT when that leaves several with different names
 * @see kustomize filters/nameref, internal/accumulator nameReferenceTransformer
 */
export function fixNameReferences(resources: ResourceMap, references: readonly NameReference[]): void {
  for (const resource of resources.list) if (resource.id.group === rbac) subjectNamespaces(resource);
  const byOldName = indexByOldName(resources.list);
  // Nothing was ever renamed: nothing to look for.
  if (byOldName.size === 0) return;
  const specs = references.flatMap((reference) =>
    (reference.fieldSpecs ?? []).map((spec) => ({ spec: { parts: splitPath(spec.path), ...spec }, target: reference })),
  );
  const byKind = new Map<string, { readonly spec: FieldSpec; readonly target: Gvk }[]>();
  for (const referrer of resources.list) {
    const { originalId } = referrer;
    let own = byKind.get(originalId.kind);
    if (own === undefined) {
      own = specs.filter(({ spec }) => spec.kind === "" || spec.kind === originalId.kind);
      byKind.set(originalId.kind, own);
    }
    let candidates: Candidates | undefined;
    for (const { spec, target } of own) {
      if (!isSelected(originalId, spec)) continue;
      candidates ??= candidatesOf(referrer, resources.list, byOldName);
      // The path decides, whatever version the referrer has by now.
      const { group, version, kind } = referrer.id;
      fix({ referrer, spec: { ...spec, group, version, kind }, target, candidates });
    }
  }
}

const rbac = "rbac.authorization.k8s.io";

function indexByOldName(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const out = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const name of new Set(resource.previous.map((previous) => previous.name))) {
      const list = out.get(name);
      if (list === undefined) out.set(name, [resource]);
      else list.push(resource);
    }
  }
  return out;
}

function candidatesOf(referrer: Resource, all: readonly Resource[], byOldName: ReadonlyMap<string, readonly Resource[]>): Candidates {
  const { id } = referrer;
  const namespace = effectiveNamespace(id);
  const more = subjectNamespaces(referrer);
  const canBe = (resource: Resource): boolean =>
    id.isClusterScoped || resource.id.isClusterScoped || effectiveNamespace(resource.id) === namespace || more.has(resource.namespace);
  let started: ReadonlySet<string> | undefined;
  return {
    named: (name) => (byOldName.get(name) ?? []).filter(canBe),
    startedIn(wanted) {
      started ??= new Set(all.filter(canBe).map((resource) => effectiveNamespace(resource.originalId)));
      return started.has(wanted);
    },
  };
}

/** A RoleBinding may refer to service accounts of other namespaces. */
function subjectNamespaces(referrer: Resource): ReadonlySet<string> {
  const out = new Set<string>();
  const subjects = get(referrer.object, "subjects");
  if (referrer.kind !== "RoleBinding" || !Array.isArray(subjects)) return out;
  for (const subject of subjects as unknown[]) {
    const namespace = get(subject, "namespace");
    if (namespace === undefined || scalarText(get(subject, "kind")) !== "ServiceAccount") continue;
    if (typeof namespace !== "string") {
      throw new KustomizeError("INVALID_RESOURCE", `Invalid Input: namespace is blank for resource "${formatId(referrer.id)}"`, {
        object: formatId(referrer.id),
      });
    }
    out.add(namespace);
  }
  return out;
}

function fix(reference: Reference): void {
  const { referrer, spec } = reference;
  const set = (value: unknown): unknown => {
    if (isNull(value)) return value;
    if (Array.isArray(value)) return mapItems(value, (item) => setOne(item, reference));
    return setOne(value, reference);
  };
  referrer.object = prefixed(
    () => `updating name reference in '${spec.path}' field of '${formatId(referrer.id)}'`,
    () => applyFieldSpec(referrer.object, spec, set),
  );
}

function mapItems(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    const changed = isNull(item) ? item : change(item);
    if (changed !== item) {
      copy ??= [...items];
      copy[index] = changed;
    }
  }
  return copy ?? items;
}

function setOne(value: unknown, reference: Reference): unknown {
  if (isMapping(value)) return setNameAndNamespace(value, reference);
  if (!isScalar(value)) throw wrongKind("ScalarNode", value);
  const oldName = scalarText(value);
  const found = select(oldName, reference.candidates.named(oldName), reference, (resource) => resource.name);
  return found === undefined || found.name === oldName ? value : found.name;
}

/** A mapping with `name` and perhaps `namespace`, such as a subject of a role binding. */
function setNameAndNamespace(value: Readonly<Record<string, unknown>>, reference: Reference): unknown {
  const nameValue = get(value, "name");
  if (nameValue === undefined) throw new KustomizeError("CANNOT_APPLY", "path config error; no 'name' field in node");
  const oldName = scalarText(nameValue);
  const candidates = inNamespace(reference.candidates, oldName, get(value, "namespace"));
  const found = select(oldName, candidates, reference, (resource) => `${resource.name}\n${resource.namespace}`);
  if (found === undefined || (found.name === oldName && found.namespace === "")) return value;
  const renamed = found.name === oldName ? value : setKey(value, "name", found.name);
  return found.namespace === "" || get(renamed, "namespace") === found.namespace ? renamed : setKey(renamed, "namespace", found.namespace);
}

/** Those that were made in the namespace if anything was; else those that are in it. */
function inNamespace(all: Candidates, oldName: string, namespaceValue: unknown): readonly Resource[] {
  const candidates = all.named(oldName);
  if (namespaceValue === undefined) return candidates;
  const namespace = scalarText(namespaceValue);
  if (namespace === notANamespace) return [];
  const idOf = (resource: Resource): ResourceId => (all.startedIn(namespace) ? resource.originalId : resource.id);
  return candidates.filter((resource) => effectiveNamespace(idOf(resource)) === namespace);
}

function select(
  oldName: string,
  named: readonly Resource[],
  reference: Reference,
  identity: (resource: Resource) => string,
): Resource | undefined {
  const { referrer, target } = reference;
  const isOfKind = (gvk: Gvk) => (resource: Resource) => resource.previousIds.some((id) => isSelected(id, gvk));
  const role = roleOf(reference);
  const referrerNamespace = effectiveNamespace(referrer.id);
  let candidates = named.filter(isOfKind(target));
  if (role !== undefined) candidates = candidates.filter(isOfKind(role));
  candidates = candidates.filter(
    (resource) =>
      referrer.id.isClusterScoped ||
      resource.id.isClusterScoped ||
      resource.kind === "ServiceAccount" ||
      effectiveNamespace(resource.id) === referrerNamespace,
  );
  if (candidates.length === 1) return candidates[0];
  candidates = candidates.filter((resource) => sharesAffixes(resource, referrer, true));
  if (candidates.length > 1) candidates = candidates.filter((resource) => sharesAffixes(resource, referrer, false));
  const [first] = candidates;
  if (first === undefined || candidates.every((resource) => identity(resource) === identity(first))) return first;
  throw new KustomizeError(
    "CONFLICT",
    `found multiple possible referrals: ${candidates.map((resource) => formatId(resource.id)).join(", ")} for the name '${oldName}' in ${formatId(referrer.id)}`,
    { object: formatId(referrer.id) },
  );
}

/** Of a `roleRef/name`: what kind the rest of the reference names. */
function roleOf({ referrer, spec }: Reference): Gvk | undefined {
  if (!spec.path.endsWith("roleRef/name")) return undefined;
  const roleRef = get(referrer.object, "roleRef");
  const group = get(roleRef, "apiGroup");
  const kind = get(roleRef, "kind");
  return group === undefined || kind === undefined ? undefined : { group: scalarText(group), version: "", kind: scalarText(kind) };
}

function sharesAffixes(one: Resource, other: Resource, mayBeEmpty: boolean): boolean {
  return endAlike(one.prefixes, other.prefixes, mayBeEmpty) && endAlike(one.suffixes, other.suffixes, mayBeEmpty);
}

function endAlike(one: readonly string[], other: readonly string[], mayBeEmpty: boolean): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length === 0) return mayBeEmpty || long.length === 0;
  return short.every((affix, index) => long[index + long.length - short.length] === affix);
}
