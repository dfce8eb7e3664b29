// SPDX-License-Identifier: Apache-2.0
import type { Identity, KubeObject } from "@flux-ts/kube-core";
import type { RevisionStore } from "../store/revision-store.ts";
import type { Attributes } from "./attributes.ts";
import type { PolicyRule } from "./rules.ts";
import { ruleAllows } from "./rules.ts";

/** May they? */
export interface Decision {
  readonly isAllowed: boolean;
  /** Which binding allows it, or what stood in the way of finding out. */
  readonly reason?: string;
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
}

/** Rules that somebody has, and the binding that gives them. */
export interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly source: string;
  readonly isInNamespace: boolean;
}

const GROUP = "rbac.authorization.k8s.io";
const MASTERS = "system:masters";

/**
 * Decides by Roles, ClusterRoles and their bindings. What somebody has in a namespace is kept until any of these changes.
 * @see kubernetes plugin/pkg/auth/authorizer/rbac
 */
export class Authorizer {
  readonly #store: RevisionStore;
  #grants = new Map<string, { readonly grants: readonly Grant[]; readonly problems: readonly string[] }>();

  constructor(store: RevisionStore) {
    this.#store = store;
    for (const plural of ["roles", "clusterroles", "rolebindings", "clusterrolebindings"]) {
      store.subscribe(`${plural}.${GROUP}`, () => this.#grants.clear());
    }
  }

  decide(attributes: Attributes): Decision {
    if (attributes.identity.groups?.includes(MASTERS)) return { isAllowed: true };
    const namespace = attributes.kind === "resource" ? attributes.namespace : "";
    const { grants, problems } = this.#resolve(attributes.identity, namespace);
    for (const { rules, source, isInNamespace } of grants) {
      if (attributes.kind === "path" && isInNamespace) continue;
      if (rules.some((rule) => ruleAllows(rule, attributes))) return { isAllowed: true, reason: `RBAC: allowed by ${source}` };
    }
    const isNode = attributes.identity.user.startsWith("system:node:");
    if (isNode)
      return { isAllowed: false, reason: `no relationship found between node '${attributes.identity.user.slice(12)}' and this object` };
    return problems.length > 0 ? { isAllowed: false, reason: `RBAC: ${aggregate(problems)}` } : { isAllowed: false };
  }

  /** Everything that somebody may do in a namespace. */
  rulesOf(identity: Identity, namespace: string): { readonly rules: readonly PolicyRule[]; readonly problems: readonly string[] } {
    const { grants, problems } = this.#resolve(identity, namespace);
    return { rules: grants.flatMap((grant) => grant.rules), problems };
  }

  /** The rules of a role that a binding in this namespace names; undefined when there is no such role. */
  roleRules(kind: string, name: string, namespace: string): readonly PolicyRule[] | undefined {
    const stored =
      kind === "ClusterRole" ? this.#store.get(`clusterroles.${GROUP}`, name) : this.#store.get(`roles.${GROUP}`, `${namespace}/${name}`);
    return stored && ((stored as Role).rules ?? []); // by its resource
  }

  #resolve(identity: Identity, namespace: string): { readonly grants: readonly Grant[]; readonly problems: readonly string[] } {
    const key = JSON.stringify([identity.user, identity.groups, namespace]);
    const kept = this.#grants.get(key);
    if (kept) return kept;
    const grants: Grant[] = [];
    const problems: string[] = [];
    const visit = (bindings: readonly Binding[], isInNamespace: boolean): void => {
      for (const binding of bindings) {
        const subject = (binding.subjects ?? []).find((candidate) => isSubject(candidate, identity, binding.metadata.namespace ?? ""));
        if (!subject) continue;
        const { kind, name } = binding.roleRef;
        const rules = this.roleRules(kind, name, binding.metadata.namespace ?? "");
        if (!rules) {
          problems.push(`${kind.toLowerCase()}.${GROUP} ${JSON.stringify(name)} not found`);
          continue;
        }
        grants.push({ rules, source: describe(binding, subject), isInNamespace });
      }
    };
    visit(this.#store.page(`clusterrolebindings.${GROUP}`, "").objects as readonly Binding[], false); // by their resource
    if (namespace !== "") visit(this.#store.page(`rolebindings.${GROUP}`, `${namespace}/`).objects as readonly Binding[], true);
    const resolved = { grants, problems };
    if (this.#grants.size > 10_000) this.#grants.clear();
    this.#grants.set(key, resolved);
    return resolved;
  }
}

function isSubject(subject: Subject, identity: Identity, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === identity.user;
    case "Group":
      return identity.groups?.includes(subject.name) ?? false;
    case "ServiceAccount":
      return identity.user === `system:serviceaccount:${subject.namespace || bindingNamespace}:${subject.name}`;
    default:
      return false;
  }
}

function describe({ kind, metadata, roleRef }: Binding, subject: Subject): string {
  const binding = metadata.namespace ? `${metadata.name ?? ""}/${metadata.namespace}` : (metadata.name ?? "");
  const who = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace ?? ""}` : subject.name;
  return `${kind} ${JSON.stringify(binding)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject.kind} ${JSON.stringify(who)}`;
}

/** Several errors as Go prints them together. */
function aggregate(problems: readonly string[]): string {
  const unique = [...new Set(problems)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}
