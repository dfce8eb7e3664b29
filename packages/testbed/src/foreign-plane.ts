// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Transport, TransportResponse, WatchEvent } from "@flux-ts/kube-core";
import { createClient, createDiscovery, type Client, type ResourceInfo } from "@flux-ts/kube-client";
import type { WorldPlane } from "./world-plane.ts";

/** So long must nothing be asked or told before a cluster elsewhere counts as quiet. */
const QUIET_MS = 300;
/** How long the objects of a test may take to go. */
const CLEAN_UP_MS = 30_000;
/** What the cluster makes by itself, all the time. */
const ITS_OWN: ReadonlySet<string> = new Set([
  "Event",
  "Lease",
  "Node",
  "APIService",
  "IPAddress",
  "FlowSchema",
  "PriorityLevelConfiguration",
]);

/**
 * A cluster elsewhere as the ground of a world: it has a time of its own, so it is idle once nothing was asked or told for a moment; and what a
 * test leaves behind is deleted when the world ends.
 *
 * @param definitions names of CustomResourceDefinitions that stay: the next world needs them
 */
export async function foreignPlane(transport: Transport, definitions: ReadonlySet<string>): Promise<WorldPlane> {
  let last = Date.now();
  let asked = 0;
  const touch = (): void => {
    last = Date.now();
  };
  const observed: Transport = async (request) => {
    asked += 1;
    try {
      const answer = await transport(request);
      return answer.events === undefined ? answer : { ...answer, events: touching(answer.events, touch) };
    } finally {
      asked -= 1;
      touch();
    }
  };
  const isQuiet = (): boolean => asked === 0 && Date.now() - last >= QUIET_MS;
  const before = new Set((await everything(transport)).map(({ object }) => object.metadata.uid));
  return {
    transport: observed,
    server: undefined,
    async idle() {
      while (!isQuiet()) await pause(Math.max(QUIET_MS - (Date.now() - last), 10));
    },
    get isIdle() {
      return isQuiet();
    },
    stop: () => cleanUp(transport, before, definitions),
  };
}

async function* touching(events: NonNullable<TransportResponse["events"]>, touch: () => void): AsyncGenerator<WatchEvent> {
  for await (const event of events) {
    touch();
    yield event;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Found {
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
}

/** Every object that can be listed and deleted. Kinds that come or go meanwhile count as empty. */
async function everything(transport: Transport): Promise<readonly Found[]> {
  const all = await createDiscovery(transport, {}, []).resources();
  const resources = all.filter(({ kind, verbs }) => verbs.includes("delete") && verbs.includes("list") && !ITS_OWN.has(kind));
  const lists = await Promise.all(
    resources.map(async (resource) => {
      const root = resource.group === "" ? "/api" : `/apis/${resource.group}`;
      const { status, object } = await transport({ method: "GET", path: `${root}/${resource.version}/${resource.plural}` });
      const items = status === 200 ? (object as { readonly items: readonly KubeObject[] }).items : []; // a list, as discovery says
      return items.map((item) => ({ resource, object: item }));
    }),
  );
  return lists.flat();
}

function kindOf({ group, version, kind }: ResourceInfo): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

/** Deletes what was not there before, finalizers or not, until it is gone. @throws {Error} when something stays */
async function cleanUp(transport: Transport, before: ReadonlySet<string | undefined>, kept: ReadonlySet<string>): Promise<void> {
  const client = createClient(transport, { userAgent: "testbed" });
  const end = Date.now() + CLEAN_UP_MS;
  for (;;) {
    const left = (await everything(transport)).filter(
      ({ resource, object }) =>
        !before.has(object.metadata.uid) && !(resource.kind === "CustomResourceDefinition" && kept.has(object.metadata.name ?? "")),
    );
    if (left.length === 0) return;
    if (Date.now() > end) {
      const names = left.map(({ resource, object }) => `${resource.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`);
      throw new Error(`Cannot clean the cluster up after a test: ${names.join(", ")} did not go`);
    }
    const full = new Set(left.map(({ object }) => object.metadata.namespace));
    const ending = left.filter(({ resource, object }) => resource.kind === "Namespace" && !full.has(object.metadata.name));
    await Promise.all(ending.map(async ({ object }) => finalize(transport, object)));
    // Definitions last: what is of their kind goes with them, but slower.
    for (const isDefinition of [false, true]) {
      const round = left.filter(({ resource }) => (resource.kind === "CustomResourceDefinition") === isDefinition);
      await Promise.all(round.map((found) => remove(client, found)));
    }
    await pause(50);
  }
}

/** Does what the namespace controller does last, since nothing else may run beside the API server. */
async function finalize(transport: Transport, namespace: KubeObject): Promise<void> {
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const path = `/api/v1/namespaces/${namespace.metadata.name ?? ""}/finalize`;
  // Refused when it went by itself, or changed meanwhile: the next round sees.
  await transport({ method: "PUT", path, body: { ...namespace, apiVersion: "v1", kind: "Namespace", spec: {} } });
}

async function remove(client: Client, { resource, object }: Found): Promise<void> {
  const { name = "", namespace, finalizers = [] } = object.metadata;
  const ref = { ...kindOf(resource), name, ...(namespace === undefined ? {} : { namespace }) };
  try {
    if (finalizers.length > 0 && resource.kind !== "Namespace") {
      await client.patch(ref, { metadata: { finalizers: null } }, { type: "merge", fieldManager: "testbed" });
    }
    if (object.metadata.deletionTimestamp === undefined)
      await client.delete(ref, { propagationPolicy: "Background", gracePeriodSeconds: 0 });
  } catch {
    // It went by itself, or changed meanwhile: the next round sees.
  }
}
