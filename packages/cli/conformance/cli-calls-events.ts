// SPDX-License-Identifier: Apache-2.0
import { createClient, systemClock, type Client } from "@flux-ts/kube-client";
import { fluxKinds } from "@flux-ts/flux-api";
import { toCustomResourceDefinition, type KubeObject } from "@flux-ts/kube-core";
import { createApiServer } from "@flux-ts/kube-server";
import type { Call, Run } from "@flux-ts/testbed/call-cases";
import { Several } from "@flux-ts/testbed/call-cases";
import type { Holder } from "@flux-ts/testbed/call-expressions";
import type { EventQuery } from "../src/commands/events/event-rows.ts";
import { eventRows, listEvents } from "../src/commands/events/event-rows.ts";
import { kindWithEvents, referredObjects } from "../src/commands/events/referred-objects.ts";
import { splitSelector } from "../src/commands/events/run-events.ts";
import type { FluxKind } from "../src/commands/kinds.ts";
import type { ClientBuilder, Held } from "./cli-calls-cluster.ts";

/** Part of a query, as the cases hand it over. */
interface ListOption {
  readonly namespace?: string;
  readonly Selector?: string;
}

/** One server for each set of objects that a case asks. */
const KEY = "clients of held objects";

/** A client of a server that holds the objects. */
async function clientOf(objects: readonly Held[], run: Run, pageSize?: number): Promise<Client> {
  const servers = (run.variables.get(KEY) ?? new Map()) as Map<string, Promise<Client>>;
  run.variables.set(KEY, servers);
  const key = JSON.stringify([objects.map(({ Object: object }) => object), pageSize]);
  const known = servers.get(key) ?? startServer(objects, run, pageSize);
  servers.set(key, known);
  return known;
}

async function startServer(objects: readonly Held[], run: Run, pageSize?: number): Promise<Client> {
  const server = createApiServer({ clock: systemClock(), random: Math.random });
  run.cleanup.push(() => server.close());
  const client = createClient(server.transport, { userAgent: "test", ...(pageSize === undefined ? {} : { pageSize }) });
  for (const kind of fluxKinds) await client.create(toCustomResourceDefinition(kind));
  const all = objects.flatMap(({ Object: object }) => ("items" in object ? (object.items as readonly KubeObject[]) : [object]));
  for (const object of all.toSorted((a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"))) {
    await client.apply(object.kind === "Event" ? acceptable(object) : object, { fieldManager: "test", force: true });
  }
  return client;
}

/** Upstream's client in memory takes events of any name, and without a namespace; no test looks at these. */
function acceptable(event: KubeObject): KubeObject {
  const { name = "", namespace = "default" } = event.metadata;
  return { ...event, metadata: { ...event.metadata, name: name.toLowerCase(), namespace } };
}

/** `involvedObject.kind/name=Kind/name` is an index of the test's own. */
function queryOf(options: readonly ListOption[]): EventQuery {
  const namespace = options.find((option) => option.namespace !== undefined)?.namespace;
  const selector = options.find((option) => option.Selector !== undefined)?.Selector;
  const joined = /^involvedObject\.kind\/name=([^/]*)\/(.*)$/.exec(selector ?? "");
  const fieldSelector = joined === null ? selector : `involvedObject.kind=${joined[1]},involvedObject.name=${joined[2]}`;
  return { ...(namespace === undefined ? {} : { namespace }), ...(fieldSelector === undefined ? {} : { fieldSelector }) };
}

/** Ours for upstream's functions of `flux events`. */
export const eventCalls: Readonly<Record<string, Call>> = {
  "flux2/v2/internal/utils.NewScheme": () => ({}),
  WithObjects: (objects, on) => (on as ClientBuilder).with(objects),
  WithLists: (lists, on) => (on as ClientBuilder).with(lists),
  WithIndex: (_, on) => on,
  "sigs.k8s.io/controller-runtime/pkg/client.InNamespace": ([namespace]): ListOption => ({ namespace: String(namespace) }),
  "k8s.io/apimachinery/pkg/fields.OneTermEqualSelector": ([field, value]) => `${String(field)}=${String(value)}`,
  "flux2/v2/cmd/flux.getKindNameFromSelector": ([selector]) => new Several(...splitSelector(String(selector))),
  "flux2/v2/cmd/flux.refMap.getRefInfo": ([kind]) => {
    const found = kindWithEvents(String(kind));
    return { found, gvk: { Kind: found.kind } };
  },
  "flux2/v2/cmd/flux.getObjectRef": async ([objects, info, name, namespace], _, run) => {
    const client = await clientOf(objects as readonly Held[], run);
    const referred = await referredObjects(client, (info as { readonly found: FluxKind }).found, String(name), String(namespace));
    return referred.map((each) => `${each.kind}/${each.name}.${each.namespace}`);
  },
  "flux2/v2/internal/utils.ParseObjectKindNameNamespace": ([text]) => {
    const [, kind, name, namespace] = /^([^/]*)\/(.*)\.([^.]*)$/.exec(String(text)) ?? [];
    return new Several(kind, name, namespace);
  },
  "flux2/v2/cmd/flux.getRows": async ([objects, own, referred, showsNamespace], _, run) => {
    const client = await clientOf(objects as readonly Held[], run);
    const queries = [own, ...((referred ?? []) as readonly unknown[])].map((options) => queryOf(options as readonly ListOption[]));
    return eventRows(client, queries, { types: [], showsNamespace: showsNamespace === true, now: Date.now() });
  },
  "flux2/v2/cmd/flux.addEventsToList": async ([paged, list, options], _, run) => {
    const { Client: objects, pageSize } = (paged as Holder).current as { readonly Client: readonly Held[]; readonly pageSize: number };
    const client = await clientOf(objects, run, pageSize);
    (list as Holder).current = { Items: await listEvents(client, queryOf((options ?? []) as readonly ListOption[])) };
  },
};
