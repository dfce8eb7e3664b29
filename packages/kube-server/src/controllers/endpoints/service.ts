// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Change } from "../../store/change.ts";
import type { Pod } from "../objects.ts";
import { isDeleting } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf } from "../plane.ts";

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
    readonly clusterIP?: string;
    readonly ipFamilies?: readonly string[];
    readonly type?: string;
    readonly publishNotReadyAddresses?: boolean;
  };
}

/** A port as pods have it. */
export interface TargetPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";
export const HEADLESS = "service.kubernetes.io/headless";

/** Whether controllers keep the endpoints of the service. */
export function hasManagedEndpoints({ spec }: Service): boolean {
  return spec.selector !== undefined && spec.type !== "ExternalName";
}

export function isHeadless({ spec: { clusterIP } }: Service): boolean {
  return clusterIP === undefined || clusterIP === "" || clusterIP === "None";
}

/** The services whose selector takes the pod, as it is or as it was. */
export function servicesOf(change: Change, plane: Plane): readonly string[] {
  const { namespace } = change.object.metadata;
  const labels = [change.object.metadata.labels ?? {}, change.previous?.metadata.labels ?? {}];
  return plane
    .list<Service>(ENDPOINTS.services, namespace)
    .filter(({ spec: { selector } }) => selector !== undefined && labels.some((one) => isSubset(selector, one)))
    .map((service) => keyOf(namespace, service.metadata.name ?? ""));
}

function isSubset(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** Pods that the service selects and that have an address and have not ended; those on their way out only when asked for. */
export function podsOf(plane: Plane, service: Service, withTerminating: boolean): readonly Pod[] {
  const selector = service.spec.selector ?? {};
  return plane
    .list<Pod>(ENDPOINTS.pods, service.metadata.namespace)
    .filter(
      (pod) =>
        isSubset(selector, pod.metadata.labels ?? {}) &&
        pod.status?.phase !== "Succeeded" &&
        pod.status?.phase !== "Failed" &&
        (withTerminating || !isDeleting(pod)) &&
        addressesOf(pod).length > 0,
    );
}

/** All addresses of a pod, the main one first. */
export function addressesOf(pod: Pod): readonly string[] {
  const all = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  return all.length > 0 || pod.status?.podIP === undefined ? all : [pod.status.podIP];
}

export function familyOf(address: string): "IPv4" | "IPv6" {
  return address.includes(":") ? "IPv6" : "IPv4";
}

/** The ports of the service as this pod has them; those that it does not name are left out. @see endpointslice FindPort */
export function targetPorts(service: Service, pod: Pod): readonly TargetPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = numberOf(port, pod);
    if (number === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function numberOf({ port, targetPort, protocol = "TCP" }: ServicePort, pod: Pod): number | undefined {
  if (targetPort === undefined || targetPort === 0 || targetPort === "") return port;
  if (typeof targetPort === "number") return targetPort;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container["restartPolicy"] === "Always");
  const ports = [...(pod.spec.containers ?? []), ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((one) => one.name === targetPort && (one.protocol ?? "TCP") === protocol)?.containerPort;
}

/** The pod's own name under the service's, if it has one there. */
export function hostnameOf(service: Service, pod: Pod): { readonly hostname?: string } {
  const { hostname, subdomain } = pod.spec;
  return hostname !== undefined && hostname !== "" && subdomain === service.metadata.name ? { hostname } : {};
}

export function referenceTo(pod: Pod): Readonly<Record<string, unknown>> {
  const { namespace, name, uid } = pod.metadata;
  return { kind: "Pod", namespace, name, uid };
}
