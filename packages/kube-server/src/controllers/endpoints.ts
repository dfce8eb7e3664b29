// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import type { PlaneController } from "./loop.ts";
import type { Pod } from "./objects.ts";
import { isDeleting, isPodReady, ownedBy } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
    readonly clusterIP?: string;
    readonly type?: string;
    readonly publishNotReadyAddresses?: boolean;
  };
}

/** The services whose selector takes the pod, as it is and as it was. */
function servicesOf(change: Change, plane: Plane): readonly string[] {
  const { namespace } = change.object.metadata;
  const labels = [change.object.metadata.labels ?? {}, change.previous?.metadata.labels ?? {}];
  return plane
    .list<Service>(ENDPOINTS.services, namespace)
    .filter(({ spec: { selector } }) => selector !== undefined && labels.some((one) => isSubset(selector, one)))
    .map((service) => keyOf(namespace, service.metadata.name ?? ""));
}

function isSubset(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function podsOf(plane: Plane, service: Service): readonly Pod[] {
  const selector = service.spec.selector ?? {};
  return plane
    .list<Pod>(ENDPOINTS.pods, service.metadata.namespace)
    .filter(
      (pod) =>
        isSubset(selector, pod.metadata.labels ?? {}) &&
        pod.status?.podIP !== undefined &&
        pod.status.phase !== "Succeeded" &&
        pod.status.phase !== "Failed",
    )
    .toSorted((a, b) => ((a.status?.podIP ?? "") < (b.status?.podIP ?? "") ? -1 : 1));
}

/** The number behind a target port: itself, or that of the container port of this name. */
function portOf(pod: Pod | undefined, { port, targetPort }: ServicePort): number | undefined {
  if (targetPort === undefined || targetPort === 0 || targetPort === "") return port;
  if (typeof targetPort === "number") return targetPort;
  const ports = (pod?.spec.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find((one) => one.name === targetPort)?.containerPort;
}

const watches: PlaneController["watches"] = { services: (change) => [change.key], pods: servicesOf };

/** Endpoints of services with a selector. @see kube-controller-manager endpoint */
export const endpointsController: PlaneController = {
  name: "endpoint-controller",
  watches,
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const service = plane.get<Service>(ENDPOINTS.services, namespace, name);
    const current = plane.get(ENDPOINTS.endpoints, namespace, name);
    if (service === undefined || isDeleting(service)) {
      if (current !== undefined && service === undefined) await plane.delete(ENDPOINTS.endpoints, current);
      return;
    }
    if (service.spec.selector === undefined || service.spec.type === "ExternalName") return;
    const subsets = subsetsOf(service, podsOf(plane, service));
    const labels = {
      ...service.metadata.labels,
      "endpoints.kubernetes.io/managed-by": "endpoint-controller",
      ...(service.spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {}),
    };
    const annotations = { "endpoints.kubernetes.io/last-change-trigger-time": service.metadata.creationTimestamp ?? "" };
    if (current === undefined) {
      await plane.create(ENDPOINTS.endpoints, {
        apiVersion: "v1",
        kind: "Endpoints",
        metadata: { name, namespace, labels, annotations },
        ...(subsets.length === 0 ? {} : { subsets }),
      });
    } else if (!deepEqual(current["subsets"] ?? [], subsets) || !deepEqual(current.metadata.labels, labels)) {
      // A change that a pod caused carries no trigger time of its own.
      const { "endpoints.kubernetes.io/last-change-trigger-time": _, ...kept } = current.metadata.annotations ?? {};
      const { subsets: __, ...rest } = current;
      await plane.update<KubeObject>(ENDPOINTS.endpoints, {
        ...rest,
        apiVersion: "v1",
        kind: "Endpoints",
        metadata: { ...current.metadata, labels, annotations: kept },
        ...(subsets.length === 0 ? {} : { subsets }),
      });
    }
  },
};

function subsetsOf(service: Service, pods: readonly Pod[]): readonly Readonly<Record<string, unknown>>[] {
  if (pods.length === 0) return [];
  const ports = (service.spec.ports ?? []).flatMap((port) => {
    const number = portOf(pods[0], port);
    return number === undefined
      ? []
      : [{ ...(port.name === undefined ? {} : { name: port.name }), port: number, protocol: port.protocol ?? "TCP" }];
  });
  const address = (pod: Pod): Readonly<Record<string, unknown>> => ({
    ip: pod.status?.podIP,
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  });
  const isListed = (pod: Pod): boolean => (isPodReady(pod) && !isDeleting(pod)) || service.spec.publishNotReadyAddresses === true;
  const ready = pods.filter(isListed).map(address);
  const notReady = pods.filter((pod) => !isListed(pod) && !isDeleting(pod)).map(address);
  if (ready.length + notReady.length === 0) return [];
  return [
    {
      ...(ready.length > 0 ? { addresses: ready } : {}),
      ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
      ...(ports.length > 0 ? { ports } : {}),
    },
  ];
}

/** One EndpointSlice for each service with a selector; pods on nodes that are not there are left out. @see kube-controller-manager endpointslice */
export const endpointSliceController: PlaneController = {
  name: "endpointslice-controller",
  watches,
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const service = plane.get<Service>(ENDPOINTS.services, namespace, name);
    const current = plane
      .list(ENDPOINTS.endpointSlices, namespace)
      .find(
        (slice) =>
          slice.metadata.labels?.["kubernetes.io/service-name"] === name &&
          slice.metadata.labels["endpointslice.kubernetes.io/managed-by"] === MANAGER,
      );
    if (service === undefined || isDeleting(service)) return;
    if (service.spec.selector === undefined || service.spec.type === "ExternalName") return;
    const pods = podsOf(plane, service).filter((pod) => plane.get(ENDPOINTS.nodes, undefined, pod.spec.nodeName ?? "") !== undefined);
    const endpoints = pods.map((pod) => {
      const isReady = isPodReady(pod);
      const isGoing = isDeleting(pod);
      return {
        addresses: [pod.status?.podIP],
        conditions: { ready: isReady && !isGoing, serving: isReady, terminating: isGoing },
        nodeName: pod.spec.nodeName,
        targetRef: { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
      };
    });
    const ports =
      pods.length === 0
        ? null
        : (service.spec.ports ?? []).flatMap((port) => {
            const number = portOf(pods[0], port);
            return number === undefined ? [] : [{ name: port.name ?? "", port: number, protocol: port.protocol ?? "TCP" }];
          });
    if (current === undefined) {
      const headless = service.spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {};
      await plane.create(ENDPOINTS.endpointSlices, {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: {
          generateName: `${name}-`,
          namespace,
          labels: {
            ...service.metadata.labels,
            "endpointslice.kubernetes.io/managed-by": MANAGER,
            "kubernetes.io/service-name": name,
            ...headless,
          },
          ownerReferences: [ownedBy(service)],
        },
        addressType: "IPv4",
        endpoints: endpoints.length === 0 ? null : endpoints,
        ports,
      });
    } else if (!deepEqual(current["endpoints"] ?? [], endpoints) || !deepEqual(current["ports"] ?? null, ports)) {
      await plane.update<KubeObject>(ENDPOINTS.endpointSlices, { ...current, endpoints: endpoints.length === 0 ? null : endpoints, ports });
    }
  },
};

const MANAGER = "endpointslice-controller.k8s.io";
