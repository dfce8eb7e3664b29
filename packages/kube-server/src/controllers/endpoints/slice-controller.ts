// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual } from "@flux-ts/kube-core";
import { isNamespaceGoing } from "../create-pod.ts";
import type { PlaneController } from "../loop.ts";
import type { Pod } from "../objects.ts";
import { isDeleting, isPodReady, ownedBy } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import type { Service, TargetPort } from "./service.ts";
import {
  HEADLESS,
  TRIGGER_TIME,
  addressesOf,
  familyOf,
  hasManagedEndpoints,
  hostnameOf,
  isHeadless,
  podsOf,
  referenceTo,
  servicesOf,
  targetPorts,
} from "./service.ts";
import { TriggerTimes } from "./trigger-times.ts";

const MANAGER = "endpointslice-controller.k8s.io";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const SERVICE_NAME = "kubernetes.io/service-name";
const MAX_ENDPOINTS = 100;

interface Slice extends KubeObject {
  readonly addressType: string;
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly TargetPort[] | null;
}

interface Endpoint {
  readonly addresses: readonly string[];
  readonly [field: string]: unknown;
}

/** What a slice should hold. */
interface Content {
  readonly addressType: string;
  readonly endpoints: readonly Endpoint[] | null;
  readonly ports: readonly TargetPort[] | null;
}

/**
 * EndpointSlices of services with a selector, at most 100 endpoints each; pods on nodes that are not there are left out.
 * @see kube-controller-manager endpointslice
 */
export function endpointSliceController(): PlaneController {
  const times = new TriggerTimes();
  return {
    name: "endpointslice-controller",
    watches: {
      services: (change) => [change.key],
      pods: servicesOf,
      nodes: (change, plane) =>
        change.type === "MODIFIED"
          ? []
          : plane.list<Service>(ENDPOINTS.services).map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? "")),
      "endpointslices.discovery.k8s.io": (change) => {
        const { labels, namespace } = change.object.metadata;
        const service = labels?.[MANAGED_BY] === MANAGER ? labels[SERVICE_NAME] : undefined;
        return service === undefined || change.type === "ADDED" ? [] : [keyOf(namespace, service)];
      },
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const service = plane.get<Service>(ENDPOINTS.services, namespace, name);
      if (service === undefined) times.forget(key);
      // Those of a deleted service go with their owner.
      if (service === undefined || isDeleting(service) || !hasManagedEndpoints(service)) return;
      const pods = podsOf(plane, service, true);
      const triggerTime = times.next(key, service, pods);
      for (const addressType of service.spec.ipFamilies ?? ["IPv4"]) {
        await syncFamily(plane, service, addressType, contentsOf(plane, service, pods, addressType), triggerTime);
      }
    },
  };
}

function contentsOf(plane: Plane, service: Service, pods: readonly Pod[], addressType: string): readonly Content[] {
  const byPorts = new Map<string, { readonly ports: readonly TargetPort[]; readonly endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const node = plane.get(ENDPOINTS.nodes, undefined, pod.spec.nodeName ?? "");
    if (node === undefined && service.spec.publishNotReadyAddresses !== true) continue;
    const addresses = addressesOf(pod).filter((address) => familyOf(address) === addressType);
    if (addresses.length === 0) continue;
    const ports = targetPorts(service, pod);
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: [] };
    byPorts.set(key, group);
    const serving = isPodReady(pod);
    const terminating = isDeleting(pod);
    const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"];
    group.endpoints.push({
      addresses: addresses.slice(0, 1),
      conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
      ...hostnameOf(service, pod),
      targetRef: referenceTo(pod),
      ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      ...(zone === undefined ? {} : { zone }),
    });
  }
  const contents = [...byPorts.values()].flatMap(({ ports, endpoints }) =>
    chunks(endpoints.toSorted((a, b) => ((a.addresses[0] ?? "") < (b.addresses[0] ?? "") ? -1 : 1))).map((chunk) => ({
      addressType,
      endpoints: chunk,
      ports,
    })),
  );
  // There is always one, so that others know that somebody cares for the service.
  return contents.length > 0 ? contents : [{ addressType, endpoints: null, ports: null }];
}

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const all: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += MAX_ENDPOINTS) all.push(items.slice(at, at + MAX_ENDPOINTS));
  return all;
}

/** Slices with the same ports are kept for them; others are used up before new ones are made, and what is left over goes. */
async function syncFamily(
  plane: Plane,
  service: Service,
  addressType: string,
  contents: readonly Content[],
  triggerTime: string | undefined,
): Promise<void> {
  const { namespace, name = "" } = service.metadata;
  const free = plane.list<Slice>(ENDPOINTS.endpointSlices, namespace).filter((slice) => {
    const { labels } = slice.metadata;
    const isOurs = labels?.[SERVICE_NAME] === name && labels[MANAGED_BY] === MANAGER;
    return isOurs && slice.addressType === addressType && !isDeleting(slice);
  });
  const labels = {
    ...withoutReserved(service.metadata.labels),
    ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
    [MANAGED_BY]: MANAGER,
    [SERVICE_NAME]: name,
  };
  const take = (fits: (slice: Slice) => boolean): Slice | undefined => {
    const at = free.findIndex(fits);
    return at < 0 ? undefined : free.splice(at, 1)[0];
  };
  const paired = contents.map((content) => ({
    content,
    slice: take((one) => deepEqual(normal(one), content)) ?? take((one) => deepEqual(one.ports ?? null, content.ports)),
  }));
  for (const { content, slice } of paired) await writeSlice(plane, service, slice ?? take(() => true), content, labels, triggerTime);
  for (const slice of free) await plane.delete(ENDPOINTS.endpointSlices, slice);
}

function withoutReserved(labels: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const { [HEADLESS]: _, [MANAGED_BY]: __, [SERVICE_NAME]: ___, ...own } = labels;
  return own;
}

function normal({ addressType, endpoints, ports }: Slice): Content {
  const isEmpty = (endpoints ?? []).length === 0;
  return { addressType, endpoints: isEmpty ? null : (endpoints ?? null), ports: ports ?? null };
}

async function writeSlice(
  plane: Plane,
  service: Service,
  slice: Slice | undefined,
  content: Content,
  labels: Readonly<Record<string, string>>,
  triggerTime: string | undefined,
): Promise<void> {
  const { namespace = "", name = "" } = service.metadata;
  if (slice !== undefined && deepEqual(normal(slice), content) && deepEqual(slice.metadata.labels, labels)) return;
  const { [TRIGGER_TIME]: _, ...kept } = slice?.metadata.annotations ?? {};
  const annotations = { ...kept, ...(triggerTime === undefined ? {} : { [TRIGGER_TIME]: triggerTime }) };
  if (slice !== undefined) {
    await plane.update<Slice>(ENDPOINTS.endpointSlices, { ...slice, ...content, metadata: { ...slice.metadata, labels, annotations } });
    return;
  }
  try {
    await plane.create<Slice>(ENDPOINTS.endpointSlices, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { generateName: `${name}-`, namespace, labels, annotations, ownerReferences: [ownedBy(service)] },
      ...content,
    });
  } catch (error) {
    if (!(error instanceof ApiError) || !isNamespaceGoing(error)) throw error;
  }
}
