// SPDX-License-Identifier: Apache-2.0
import type { Identity, KubeObject } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "../resource.ts";
import { forbidden, notFound } from "../status-errors.ts";
import type { Authorizer } from "./authorizer.ts";
import type { PolicyRule } from "./rules.ts";
import { compactRules, ruleText, uncovered } from "./rules.ts";

const GROUP = "rbac.authorization.k8s.io";

/**
 * Nobody gives what they do not have: a role may hold, and a binding may grant, only what its writer may do, unless they
 * may `escalate` or `bind`.
 *
 * @throws {ApiError} 403, 404 for a binding to a role that is not there
 * @see kubernetes registry/rbac policybased
 */
export function requireNoEscalation(authorizer: Authorizer, identity: Identity, definition: ResourceDefinition, object: KubeObject): void {
  if (definition.group !== GROUP || identity.groups?.includes("system:masters")) return;
  const { name = "", namespace = "" } = object.metadata;
  if (definition.kind === "Role" || definition.kind === "ClusterRole") {
    if (may(authorizer, identity, "escalate", definition.plural, namespace, name)) return;
    requireHeld(authorizer, identity, definition, name, namespace, (object["rules"] ?? []) as readonly PolicyRule[]); // decoded as a role
    return;
  }
  const roleRef = object["roleRef"] as { readonly kind?: string; readonly name?: string } | undefined; // decoded as a binding
  const { kind = "", name: roleName = "" } = roleRef ?? {};
  if (may(authorizer, identity, "bind", kind === "ClusterRole" ? "clusterroles" : "roles", namespace, roleName)) return;
  const rules = authorizer.roleRules(kind, roleName, namespace);
  if (!rules) throw notFound({ group: GROUP, name: kind.toLowerCase() }, roleName);
  requireHeld(authorizer, identity, definition, name, namespace, rules);
}

function may(authorizer: Authorizer, identity: Identity, verb: string, resource: string, namespace: string, name: string): boolean {
  return authorizer.decide({ kind: "resource", identity, verb, namespace, group: GROUP, resource, subresource: "", name }).isAllowed;
}

function requireHeld(
  authorizer: Authorizer,
  identity: Identity,
  definition: ResourceDefinition,
  name: string,
  namespace: string,
  rules: readonly PolicyRule[],
): void {
  const missing = uncovered(authorizer.rulesOf(identity, namespace).rules, rules);
  if (missing.length === 0) return;
  const groups = (identity.groups ?? []).map((group) => JSON.stringify(group)).join(" ");
  const who = `user ${JSON.stringify(identity.user)} (groups=[${groups}])`;
  const texts = compactRules(missing).map(ruleText).toSorted();
  throw forbidden(
    { group: definition.group, name: definition.plural },
    name,
    `${who} is attempting to grant RBAC permissions not currently held:\n${texts.join("\n")}`,
  );
}
