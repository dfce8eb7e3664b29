// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { addressRange } from "./address-range.ts";
import type { ServiceAllocations } from "./resource.ts";
import type { RevisionStore } from "./store/revision-store.ts";

interface ServiceSpec {
  readonly clusterIPs?: readonly string[];
  readonly healthCheckNodePort?: number;
  readonly ports?: readonly { readonly nodePort?: number }[];
}

/** Which addresses and node ports Services have, kept up with the store, so that giving one to a new Service looks at no other. */
export function indexServices(store: RevisionStore, cidr: string): ServiceAllocations {
  const owners = new Map<string, string>();
  const keysOf = ({ spec }: KubeObject): readonly string[] => {
    const { clusterIPs = [], healthCheckNodePort, ports = [] } = (spec ?? {}) as ServiceSpec;
    const nodePorts = [healthCheckNodePort, ...ports.map(({ nodePort }) => nodePort)];
    return [...clusterIPs, ...nodePorts.flatMap((port) => (port === undefined || port === 0 ? [] : [`:${port}`]))];
  };
  const move = (before: KubeObject | undefined, after: KubeObject | undefined): void => {
    if (before !== undefined) for (const key of keysOf(before)) owners.delete(key);
    if (after !== undefined) for (const key of keysOf(after)) owners.set(key, after.metadata.uid ?? "");
  };
  for (const service of store.page("services", "").objects) move(undefined, service);
  store.subscribe("services", ({ type, object, previous }) => move(previous, type === "DELETED" ? undefined : object));
  const isTaken = (key: string, exceptUid: string | undefined): boolean => owners.has(key) && owners.get(key) !== exceptUid;
  const range = addressRange(cidr);
  return {
    range,
    hasAddress: (address, exceptUid) => address === range.at(1) || isTaken(address, exceptUid),
    hasPort: (port, exceptUid) => isTaken(`:${port}`, exceptUid),
  };
}
