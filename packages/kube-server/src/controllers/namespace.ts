// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import type { KindIndex } from "./kind-index.ts";
import type { PlaneController } from "./loop.ts";
import { isDeleting } from "./objects.ts";
import type { Endpoint, Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

const CA_NAME = "kube-root-ca.crt";
const CA_DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/**
 * Every namespace has a default ServiceAccount and the CA of the cluster.
 * @param caPem the certificate that verifies the API server
 * @see kube-controller-manager serviceaccount, root-ca-certificate-publisher
 */
export function namespaceDefaultsController(caPem: string): PlaneController {
  const ofNamespace = (name: string) => (change: Change) => {
    const { metadata } = change.object;
    return metadata.name === name && metadata.namespace !== undefined ? [metadata.namespace] : [];
  };
  return {
    name: "namespace-defaults",
    watches: {
      namespaces: (change) => [change.key],
      serviceaccounts: ofNamespace("default"),
      configmaps: ofNamespace(CA_NAME),
    },
    reconcile: async (name, plane) => {
      const namespace = plane.get<Namespace>(ENDPOINTS.namespaces, undefined, name);
      if (namespace === undefined || isDeleting(namespace)) return;
      if (plane.get(ENDPOINTS.serviceAccounts, name, "default") === undefined) {
        await plane.create(ENDPOINTS.serviceAccounts, {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: "default", namespace: name },
        });
      }
      const data = { "ca.crt": caPem };
      const current = plane.get(ENDPOINTS.configMaps, name, CA_NAME);
      if (current === undefined) {
        const metadata = { name: CA_NAME, namespace: name, annotations: { "kubernetes.io/description": CA_DESCRIPTION } };
        await plane.create(ENDPOINTS.configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata, data });
      } else if (!deepEqual(current["data"], data)) {
        await plane.update(ENDPOINTS.configMaps, { ...current, data });
      }
    },
  };
}

/**
 * Empties namespaces that are being deleted, then lets them go; conditions tell what remains.
 * @see kube-controller-manager namespace
 */
export function namespaceDeletionController(kinds: KindIndex): PlaneController {
  return {
    name: "namespace-controller",
    watches: {
      namespaces: (change) => [change.key],
      "*": (change, plane) => {
        const { namespace } = change.object.metadata;
        if (change.type === "ADDED" || namespace === undefined) return [];
        const owner = plane.get<Namespace>(ENDPOINTS.namespaces, undefined, namespace);
        return owner !== undefined && isDeleting(owner) ? [namespace] : [];
      },
    },
    reconcile: async (name, plane) => {
      const namespace = plane.get<Namespace>(ENDPOINTS.namespaces, undefined, name);
      if (namespace === undefined || !isDeleting(namespace)) return;
      const served = kinds.namespaced();
      await empty(plane, ENDPOINTS.pods, name);
      if (plane.list(ENDPOINTS.pods, name).length > 0) {
        // Pods may still need what the namespace holds. Upstream tells nothing of them meanwhile.
        await writeConditions(plane, plane.get<Namespace>(ENDPOINTS.namespaces, undefined, name) ?? namespace, []);
        return;
      }
      for (const kind of served) await empty(plane, kind, name);
      const left = served.map((kind) => ({ kind, objects: plane.list(kind, name) })).filter(({ objects }) => objects.length > 0);
      const fresh = plane.get<Namespace>(ENDPOINTS.namespaces, undefined, name);
      if (fresh === undefined) return;
      const isUntold = left.length === 0 && fresh.status?.conditions === undefined;
      const withStatus = isUntold ? fresh : await writeConditions(plane, fresh, left);
      if (left.length > 0) return;
      const finalizers = (withStatus.spec?.finalizers ?? []).filter((finalizer) => finalizer !== "kubernetes");
      if (finalizers.length !== (withStatus.spec?.finalizers ?? []).length) {
        await plane.update(ENDPOINTS.namespaces, { ...withStatus, spec: { ...withStatus.spec, finalizers } }, "finalize");
      }
    },
  };
}

async function empty(plane: Plane, kind: Endpoint, namespace: string): Promise<void> {
  for (const object of plane.list(kind, namespace)) {
    if (!isDeleting(object)) await plane.delete(kind, object, { propagationPolicy: "Background" });
  }
}

async function writeConditions(
  plane: Plane,
  namespace: Namespace,
  left: readonly { readonly kind: Endpoint; readonly objects: readonly KubeObject[] }[],
): Promise<Namespace> {
  const finalizers = new Map<string, number>();
  for (const { objects } of left) {
    for (const finalizer of objects.flatMap((object) => object.metadata.finalizers ?? [])) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const remaining = left
    .map(({ kind, objects }) => `${kind.resource}${kind.resource.includes(".") ? "" : "."} has ${objects.length} resource instances`)
    .toSorted();
  const held = [...finalizers]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  const wanted: readonly Pick<Condition, "type" | "status" | "reason" | "message">[] = [
    {
      type: "NamespaceDeletionDiscoveryFailure",
      status: "False",
      reason: "ResourcesDiscovered",
      message: "All resources successfully discovered",
    },
    {
      type: "NamespaceDeletionGroupVersionParsingFailure",
      status: "False",
      reason: "ParsedGroupVersions",
      message: "All legacy kube types successfully parsed",
    },
    {
      type: "NamespaceDeletionContentFailure",
      status: "False",
      reason: "ContentDeleted",
      message: "All content successfully deleted, may be waiting on finalization",
    },
    remaining.length > 0
      ? {
          type: "NamespaceContentRemaining",
          status: "True",
          reason: "SomeResourcesRemain",
          message: `Some resources are remaining: ${remaining.join(", ")}`,
        }
      : { type: "NamespaceContentRemaining", status: "False", reason: "ContentRemoved", message: "All content successfully removed" },
    held.length > 0
      ? {
          type: "NamespaceFinalizersRemaining",
          status: "True",
          reason: "SomeFinalizersRemain",
          message: `Some content in the namespace has finalizers remaining: ${held.join(", ")}`,
        }
      : {
          type: "NamespaceFinalizersRemaining",
          status: "False",
          reason: "ContentHasNoFinalizers",
          message: "All content-preserving finalizers finished",
        },
  ];
  const before = namespace.status?.conditions ?? [];
  const now = toTimestamp(plane.clock.now());
  const conditions = wanted.map((condition) => {
    const old = before.find((one) => one.type === condition.type);
    const isSame = old?.status === condition.status && old.reason === condition.reason && old.message === condition.message;
    return isSame ? old : { ...condition, lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime : now };
  });
  if (deepEqual(conditions, before)) return namespace;
  return plane.update(ENDPOINTS.namespaces, { ...namespace, status: { ...namespace.status, conditions } }, "status");
}
