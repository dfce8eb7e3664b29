// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Quantity } from "@flux-ts/kube-core";
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { storageKeyOf } from "../registry.ts";
import type { ResourceDefinition } from "../resource.ts";
import { contributionOf } from "../quota/contribution.ts";
import type { ResourceQuota } from "../quota/scopes.ts";
import { isInScope } from "../quota/scopes.ts";
import { usageOf } from "../quota/usage.ts";
import { forbidden } from "../status-errors.ts";
import { podSpec } from "./pod.ts";

const COMPUTE: ReadonlySet<string> = new Set(["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]);
/** What can grow without being created anew. */
const GROWS_ON_UPDATE: ReadonlySet<string> = new Set(["services", "persistentvolumeclaims"]);

/**
 * Refuses what its namespace has no quota left for. A quota counts once its controller has taken it up.
 * @throws {ApiError} 403
 * @see apiserver admission/plugin/resourcequota
 */
export function requireQuota(plane: Plane, definition: ResourceDefinition, object: KubeObject, old: KubeObject | undefined): void {
  const { namespace, name = "" } = object.metadata;
  if (!definition.namespaced || !namespace) return;
  const quotas = plane.store.page("resourcequotas", `${namespace}/`).objects as readonly ResourceQuota[]; // by their resource
  if (quotas.length === 0) return;
  const resource = storageKeyOf(definition);
  if (old && !GROWS_ON_UPDATE.has(resource)) return;
  const taken = contributionOf(resource, object);
  const before = old && contributionOf(resource, old);
  const refuse = (why: string): Error => forbidden({ group: definition.group, name: definition.plural }, name, why);

  const concerned = quotas.filter(
    (quota) => isInScope(quota, resource, object) && Object.keys(quota.status?.hard ?? {}).some((hard) => isAbout(hard, resource, taken)),
  );
  if (resource === "pods") {
    for (const quota of concerned) {
      const unsaid = unsaidAmounts(object, Object.keys(quota.status?.hard ?? {}));
      if (unsaid !== "") throw refuse(`failed quota: ${quota.metadata.name}: must specify ${unsaid}`);
    }
  }
  for (const quota of concerned) {
    const hard = quota.status?.hard ?? {};
    const used = usageOf(plane.store, quota, Object.keys(hard));
    const exceeded: { readonly name: string; readonly requested: Quantity; readonly used: Quantity; readonly hard: Quantity }[] = [];
    for (const [counted, amount] of taken) {
      const [bound, now, earlier] = [hard[counted], used.get(counted), before?.get(counted)];
      if (bound === undefined || !now) continue;
      const requested = earlier ? subtractQuantities(amount, earlier) : amount;
      const isMore = compareQuantities(requested, parseQuantity("0")) > 0;
      if (!isMore || compareQuantities(addQuantities(now, requested), parseQuantity(bound)) <= 0) continue;
      exceeded.push({ name: counted, requested, used: now, hard: parseQuantity(bound) });
    }
    if (exceeded.length === 0) continue;
    exceeded.sort((a, b) => (a.name < b.name ? -1 : 1));
    const tell = (pick: "requested" | "used" | "hard"): string =>
      exceeded.map((entry) => `${entry.name}=${formatQuantity(entry[pick])}`).join(",");
    throw refuse(
      `exceeded quota: ${quota.metadata.name}, requested: ${tell("requested")}, used: ${tell("used")}, limited: ${tell("hard")}`,
    );
  }
}

function isAbout(hard: string, resource: string, taken: ReadonlyMap<string, Quantity>): boolean {
  return taken.has(hard) || (resource === "pods" && COMPUTE.has(hard));
}

/** Amounts that a quota limits and containers do not name: `limits.cpu for: a,b; requests.cpu for: a`. */
function unsaidAmounts(pod: KubeObject, hard: readonly string[]): string {
  const { containers = [], initContainers = [] } = podSpec(pod);
  const unsaid = hard
    .filter((name) => COMPUTE.has(name))
    .toSorted()
    .map((name) => {
      const isLimit = name.startsWith("limits.");
      const amount = name.replace(/^(requests|limits)\./, "");
      const without = [...containers, ...initContainers].filter(({ resources }) => {
        const given = (isLimit ? resources?.limits : resources?.requests) ?? {};
        return !Object.hasOwn(given, amount);
      });
      return { name, containers: [...new Set(without.map((container) => container.name))].toSorted() };
    });
  return unsaid
    .filter((entry) => entry.containers.length > 0)
    .map((entry) => `${entry.name} for: ${entry.containers.join(",")}`)
    .join("; ");
}
