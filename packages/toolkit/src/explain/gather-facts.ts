// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import { isKindMissing } from "@flux-ts/kube-client";
import type { Clock, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { escapeFieldValue, isNotFound } from "@flux-ts/kube-core";
import { openQueries } from "./explain.ts";
import type { Answer, BuildFact, Facts, Query } from "./facts.ts";
import { queryKey } from "./facts.ts";

/** What facts are gathered with. */
export interface GatherPorts {
  readonly client: Client;
  readonly clock: Pick<Clock, "now">;
  /** Ends the gathering: what was found by then is explained. */
  readonly signal: AbortSignal;
  /** Builds the files of a Kustomization; absent: there are none. */
  readonly build?: (kustomization: KubeObject) => Promise<BuildFact>;
}

/** How much is looked up at most. */
export interface GatherLimits {
  /** Default 400. */
  readonly queries?: number;
  /** At a time. Default 8. */
  readonly concurrency?: number;
}

/** Of these only names are read. */
const NAMES_ONLY: ReadonlySet<string> = new Set(["Secret", "ConfigMap"]);
/** So many objects of a list are kept. */
const MOST_OF_LIST = 1000;

/**
 * Looks up what an explanation of `target` needs, and no more: each round asks for what the round before showed to be needed.
 * What cannot be looked up becomes a problem among the facts. Reads only; of Secrets and ConfigMaps only metadata.
 *
 * @returns facts that explain() takes; gathered as far as limits and signal let it
 */
export async function gatherFacts(target: ObjectRef, ports: GatherPorts, limits: GatherLimits = {}): Promise<Facts> {
  const { queries: most = 400, concurrency = 8 } = limits;
  const answers = new Map<string, Answer>();
  const now = ports.clock.now();
  const facts = (): Facts => ({ target, now, answers: [...answers.values()] });
  for (let open = openQueries(facts()); open.length > 0; open = openQueries(facts())) {
    const allowed = open.slice(0, Math.max(0, most - answers.size));
    for (const query of open.slice(allowed.length))
      answers.set(queryKey(query), { query, objects: [], problem: `not looked up: more than ${most} reads` });
    for (let at = 0; at < allowed.length; at += concurrency) {
      const batch = allowed.slice(at, at + concurrency);
      for (const answer of await Promise.all(batch.map((query) => answerOf(query, ports, answers))))
        answers.set(queryKey(answer.query), answer);
    }
  }
  return facts();
}

async function answerOf(query: Query, ports: GatherPorts, known: ReadonlyMap<string, Answer>): Promise<Answer> {
  const { signal } = ports;
  if (signal.aborted) return { query, objects: [], problem: "not looked up: the time is up" };
  try {
    if ("build" in query) return { query, objects: [], ...(await buildOf(query.build, ports, known)) };
    return { query, objects: await read(query, ports) };
  } catch (error) {
    if (isNotFound(error) || isKindMissing(error)) return { query, objects: [] };
    const problem = signal.aborted ? "the time was up" : error instanceof Error ? error.message : String(error);
    return { query, objects: [], problem };
  }
}

async function read(query: Exclude<Query, { build: unknown }>, { client, signal }: GatherPorts): Promise<readonly KubeObject[]> {
  if ("get" in query) {
    const { get: ref } = query;
    if (!NAMES_ONLY.has(ref.kind)) {
      const object = await client.find(ref, { signal });
      return object === undefined ? [] : [object];
    }
    const { items } = await client.list(ref, {
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      fieldSelector: `metadata.name=${escapeFieldValue(ref.name)}`,
      metadataOnly: true,
      signal,
    });
    return items
      .slice(0, 1)
      .map(({ metadata }) => ({ apiVersion: ref.apiVersion, kind: ref.kind, metadata: withoutAnnotations(metadata) }));
  }
  if ("eventsOf" in query) {
    const { kind, name, namespace } = query.eventsOf;
    const fieldSelector = `involvedObject.kind=${escapeFieldValue(kind)},involvedObject.name=${escapeFieldValue(name)}`;
    // Events of what has no namespace are in `default`.
    const { items } = await client.list({ apiVersion: "v1", kind: "Event" }, { namespace: namespace ?? "default", fieldSelector, signal });
    return items.slice(-MOST_OF_LIST);
  }
  const { list, namespace, labelSelector } = query;
  const { items } = await client.list(list, {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    signal,
  });
  return items.slice(0, MOST_OF_LIST).map((item) => ({ ...item, apiVersion: list.apiVersion, kind: list.kind }));
}

/** Without annotations: tools keep whole objects there, values of Secrets included. */
function withoutAnnotations(metadata: KubeObject["metadata"]): KubeObject["metadata"] {
  const { name, namespace, uid, deletionTimestamp, finalizers } = metadata;
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
}

async function buildOf(
  ref: ObjectRef,
  { build }: GatherPorts,
  known: ReadonlyMap<string, Answer>,
): Promise<{ readonly build?: BuildFact }> {
  const [kustomization] = known.get(queryKey({ get: ref }))?.objects ?? [];
  return build === undefined || kustomization === undefined ? {} : { build: await build(kustomization) };
}
