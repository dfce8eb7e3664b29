// SPDX-License-Identifier: Apache-2.0
import { isPodReady } from "../objects.ts";
import type { Pod } from "../objects.ts";
import type { Service, TargetPort } from "./service.ts";
import { addressesOf, familyOf, hostnameOf, isHeadless, referenceTo, targetPorts } from "./service.ts";

interface Address {
  readonly ip: string;
  readonly [field: string]: unknown;
}

export interface Subset {
  readonly addresses?: readonly Address[];
  readonly notReadyAddresses?: readonly Address[];
  readonly ports?: readonly Omit<TargetPort, "name">[];
}

/** Endpoints do not grow beyond this. */
const MAX_ADDRESSES = 1000;

/**
 * Addresses of pods grouped by the ports that they serve under.
 * @returns the subsets, and whether some addresses had to be left out
 * @see kubernetes pkg/api/v1/endpoints RepackSubsets, endpoint truncateEndpoints
 */
export function subsetsOf(service: Service, pods: readonly Pod[]): { readonly subsets: readonly Subset[]; readonly isTruncated: boolean } {
  const family = service.spec.ipFamilies?.[0] ?? "IPv4";
  const byPorts = new Map<string, { readonly ports: readonly TargetPort[]; readonly ready: Address[]; readonly notReady: Address[] }>();
  for (const pod of pods) {
    const ip = addressesOf(pod).find((address) => familyOf(address) === family);
    const ports = targetPorts(service, pod).toSorted(byHash);
    if (ip === undefined || (ports.length === 0 && !servesWithoutPorts(service))) continue;
    const address: Address = {
      ip,
      ...hostnameOf(service, pod),
      ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: referenceTo(pod),
    };
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, ready: [], notReady: [] };
    byPorts.set(key, group);
    (isPodReady(pod) || service.spec.publishNotReadyAddresses === true ? group.ready : group.notReady).push(address);
  }
  let room = MAX_ADDRESSES;
  let isTruncated = false;
  const take = (addresses: readonly Address[]): readonly Address[] => {
    const taken = addresses.toSorted((a, b) => (a.ip < b.ip ? -1 : 1)).slice(0, room);
    room -= taken.length;
    isTruncated ||= taken.length < addresses.length;
    return taken;
  };
  // Ready addresses have precedence over all others.
  const ready = new Map([...byPorts].map(([key, group]) => [key, take(group.ready)]));
  const subsets = [...byPorts].map(([key, { ports, notReady }]) => subset(ready.get(key) ?? [], take(notReady), ports));
  return { subsets, isTruncated };
}

function servesWithoutPorts(service: Service): boolean {
  return isHeadless(service) && (service.spec.ports ?? []).length === 0;
}

function subset(ready: readonly Address[], notReady: readonly Address[], ports: readonly TargetPort[]): Subset {
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0 ? { ports: ports.map(({ name, ...port }) => (name === "" ? port : { name, ...port })) } : {}),
  };
}

const PRIME = 0x0000000001000000000000000000013bn;
const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const MASK = (1n << 128n) - 1n;

/** Upstream's order of ports: by the 128-bit FNV-1a hash of what Go prints of them. */
function byHash(a: TargetPort, b: TargetPort): number {
  const [left, right] = [hashOf(a), hashOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

function hashOf({ name, port, protocol, appProtocol }: TargetPort): bigint {
  const fields = `Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol ?? "<nil>"}`;
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(`(v1.EndpointPort){${fields}}`)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash;
}
