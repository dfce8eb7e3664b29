// SPDX-License-Identifier: Apache-2.0
import type { Identity, KindDefinition, KubeObject, Transport, TransportRequest } from "@flux-ts/kube-core";
import { isJsonObject, parseDuration, parseYamlDocuments, toCustomResourceDefinition } from "@flux-ts/kube-core";
import { createClient, createDiscovery, type Client, type KindRef } from "@flux-ts/kube-client";
import {
  computeInLine,
  conditionsOf,
  createKubeEventSink,
  createManager,
  combineSinks,
  type ConfiguredController,
  type EmittedEvent,
  type Manager,
} from "@flux-ts/kube-runtime";
import type { ApiServer, PlaneLevel, PodRule } from "@flux-ts/kube-server";
import { TestClock } from "./clock.ts";
import { foreignPlane } from "./foreign-plane.ts";
import { createGitServer, type GitServer } from "./git-server.ts";
import { recordingLogger, type LogLine } from "./world-logger.ts";
import { embeddedPlane } from "./world-plane.ts";

export interface WorldOptions {
  readonly controllers?: readonly ConfiguredController[];
  /** Kinds to serve beyond those of the controllers. */
  readonly kinds?: readonly KindDefinition[];
  /** Where time begins. */
  readonly startMs?: number;
  /**
   * What runs beside the API server: `none` (the default), `controllers` (garbage collection, namespaces, ReplicaSets …),
   * or `nodes` (Pods become ready a second after they are bound, or as `podRules` say).
   */
  readonly level?: PlaneLevel;
  readonly podRules?: readonly PodRule[];
  /**
   * Stand on this cluster, as its administrator, rather than on an API server in this process: `level` and `podRules` are what it is, and its time
   * is the real one. It need not be empty; what the test makes is deleted at the end, but for the definitions of the world's kinds.
   */
  readonly cluster?: Transport | undefined;
  /** Start without the manager: `world.manager.start()` later. */
  readonly paused?: boolean;
  /** Real time that `settle` may take. Default 15 s, a minute on a cluster elsewhere. */
  readonly settleTimeoutMs?: number;
}

/** A request that the controllers made. */
export interface WorldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: TransportRequest["query"];
  /** `kustomize-controller/test`. */
  readonly userAgent: string | undefined;
  readonly identity: Identity | undefined;
}

/** Everything Flux needs, in one process: an API server, a git server, controllers, and time that a test turns by hand. */
export interface World extends AsyncDisposable {
  /** @throws {Error} when read, where the world stands on a cluster elsewhere */
  readonly server: ApiServer;
  /** Acts as an administrator. */
  readonly client: Client;
  readonly clock: TestClock;
  readonly git: GitServer;
  readonly manager: Manager;
  /** Every event that a controller told, in order. */
  readonly events: readonly EmittedEvent[];
  readonly logs: readonly LogLine[];
  /** Every request of the controllers to the API server, in order. */
  readonly requests: readonly WorldRequest[];
  /** Server-side apply (field manager `test`) of objects, or of YAML documents. Namespaces are made as needed; `default` is the default. */
  apply(...objects: readonly (KubeObject | string)[]): Promise<void>;
  /** The object; undefined when there is none. The apiVersion may be left out where the kind is known. */
  get(kind: string | KindRef, name: string, namespace?: string): Promise<KubeObject | undefined>;
  patch(kind: string, name: string, patch: Readonly<Record<string, unknown>>, namespace?: string): Promise<KubeObject>;
  delete(kind: string, name: string, namespace?: string): Promise<void>;
  /** Asks for a reconcile, as `flux reconcile` does; the token is new each time. */
  request(kind: string, name: string, namespace?: string): Promise<string>;
  /** The message of Ready when it is True; otherwise `False Reason: message`; undefined without one. */
  ready(kind: string, name: string, namespace?: string): Promise<string | undefined>;
  /** Resolves once nothing happens any more until time passes. Rejects, naming what is under way, when that takes too long. */
  settle(): Promise<void>;
  /** Lets time pass: `1m`, `1h30m`. Settles before, after, and after every timer. */
  advance(duration: string): Promise<void>;
  /** Stops the manager at once, as a crash would, and starts another over the same cluster. */
  restart(): Promise<void>;
}

/**
 * Makes a world. Close it with `await using`.
 *
 * @example
 * await using world = await createWorld({ controllers: [configure(kustomizations, options)] });
 */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const clock = new TestClock(options.startMs);
  const random = seededRandom();
  const controllers = options.controllers ?? [];
  const kinds = uniqueKinds([...controllers.flatMap(kindsOf), ...(options.kinds ?? [])]);
  const { level = "none", podRules, cluster } = options;
  const plane = await (cluster === undefined
    ? embeddedPlane({ clock, random, level, ...(podRules === undefined ? {} : { podRules }) })
    : foreignPlane(cluster, new Set(kinds.map(({ plural, group }) => `${plural}.${group}`))));
  const client = createClient(plane.transport, { userAgent: "test" });
  if (cluster === undefined) for (const kind of kinds) await client.create(toCustomResourceDefinition(kind));
  else await defineKinds(client, kinds);
  const events: EmittedEvent[] = [];
  const { log, lines } = recordingLogger();
  const git = await createGitServer();

  const requests: WorldRequest[] = [];
  const transport: Transport = (request) => {
    const { method, path, query, headers, identity } = request;
    requests.push({ method, path, query, userAgent: headers?.["user-agent"], identity });
    return plane.transport(request);
  };

  const createWorldManager = (): Manager =>
    createManager({
      controllers,
      transport,
      clock,
      random,
      log,
      compute: computeInLine,
      version: "test",
      events: (_, ofComponent) =>
        combineSinks(
          {
            emit: (event) => {
              events.push(event);
            },
            flush: async () => {},
          },
          createKubeEventSink({ client: ofComponent, clock, random, log }),
        ),
    });
  let manager = createWorldManager();

  const refOf = async (kind: string | KindRef): Promise<KindRef> => {
    if (typeof kind !== "string") return kind;
    const known = kinds.find((candidate) => candidate.kind === kind);
    if (known !== undefined) return { apiVersion: `${known.group}/${known.version}`, kind };
    // Asked anew each time: tests make definitions as they go.
    const served = (await createDiscovery(plane.transport, {}, []).resources()).find((resource) => resource.kind === kind);
    if (served === undefined) throw new Error(`The world has no kind ${kind}`);
    return { apiVersion: served.group === "" ? served.version : `${served.group}/${served.version}`, kind };
  };

  const settle = async (): Promise<void> => {
    const timeoutMs = options.settleTimeoutMs ?? (cluster === undefined ? 15_000 : 60_000);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const running = manager.running.join(", ") || "nothing that is told; is a watch or an event stuck?";
        reject(
          new Error(
            `The world did not settle within ${timeoutMs} ms. Under way: ${running}. What waits for time must do so in ctx.waiting().`,
          ),
        );
      }, timeoutMs);
    });
    const quiet = async (): Promise<void> => {
      do {
        await plane.idle();
        await manager.idle();
      } while (!plane.isIdle);
    };
    try {
      await Promise.race([quiet(), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  };

  const advance = async (duration: string): Promise<void> => {
    const end = clock.now() + parseDuration(duration);
    await settle();
    for (let next = clock.nextDueAt; next !== undefined && next <= end; next = clock.nextDueAt) {
      clock.advanceTo(next);
      await settle();
    }
    clock.advanceTo(end);
    await settle();
  };

  const ensureNamespace = async (name: string): Promise<void> => {
    if ((await client.find({ apiVersion: "v1", kind: "Namespace", name })) !== undefined) return;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  };

  const apply = async (...objects: readonly (KubeObject | string)[]): Promise<void> => {
    for (const given of objects.flatMap((object) => (typeof object === "string" ? parseDocuments(object) : [object]))) {
      const { namespaced } = await client.resourceFor(given);
      const object = namespaced ? { ...given, metadata: { namespace: "default", ...given.metadata } } : given;
      if (namespaced) await ensureNamespace(object.metadata.namespace ?? "default");
      await client.apply(object, { fieldManager: "test", force: true });
    }
  };

  const find: World["get"] = async (kind, name, namespace = "default") => client.find({ ...(await refOf(kind)), name, namespace });
  let asked = 0;

  if (!options.paused) await manager.start();

  return {
    get server() {
      if (plane.server === undefined) throw new Error("This world stands on a cluster elsewhere: its server is in another process");
      return plane.server;
    },
    client,
    clock,
    git,
    get manager() {
      return manager;
    },
    events,
    logs: lines,
    requests,
    apply,
    get: find,
    patch: async (kind, name, patch, namespace = "default") =>
      client.patch({ ...(await refOf(kind)), name, namespace }, patch, { type: "merge", fieldManager: "test" }),
    async delete(kind, name, namespace = "default") {
      await client.delete({ ...(await refOf(kind)), name, namespace });
    },
    async request(kind, name, namespace = "default") {
      asked += 1;
      const token = `request-${asked}`;
      await client.patch(
        { ...(await refOf(kind)), name, namespace },
        { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": token } } },
        { type: "merge", fieldManager: "test" },
      );
      return token;
    },
    async ready(kind, name, namespace) {
      const object = await find(kind, name, namespace);
      const ready = object && conditionsOf(object).find(({ type }) => type === "Ready");
      if (ready === undefined) return undefined;
      return ready.status === "True" ? ready.message : `${ready.status} ${ready.reason}: ${ready.message}`;
    },
    settle,
    advance,
    async restart() {
      await manager.stop(0);
      manager = createWorldManager();
      await manager.start();
    },
    async [Symbol.asyncDispose]() {
      // A reconcile that does not listen holds up nobody for long.
      const stopped = manager.stop(0);
      const timer = setTimeout(() => clock.advanceTo(clock.now() + 60_000), Math.min(options.settleTimeoutMs ?? 2000, 2000));
      await stopped;
      clearTimeout(timer);
      await plane.stop();
      await git[Symbol.asyncDispose]();
    },
  };
}

/** On a cluster elsewhere, where a definition may be there, and is served a moment later. */
async function defineKinds(client: Client, kinds: readonly KindDefinition[]): Promise<void> {
  for (const kind of kinds) await client.apply(toCustomResourceDefinition(kind), { fieldManager: "testbed", force: true });
  for (const { group, version, kind } of kinds) {
    const ref = { apiVersion: `${group}/${version}`, kind };
    for (let attempts = 1; ; attempts += 1) {
      try {
        await client.list(ref);
        break;
      } catch (error) {
        if (attempts === SERVED_ATTEMPTS) throw error;
        client.forgetDiscovery();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** How often it is asked for, 50 ms apart. */
const SERVED_ATTEMPTS = 200;

function kindsOf({ definition }: ConfiguredController): readonly KindDefinition[] {
  return [definition.kind, ...definition.watches.flatMap(({ kind }) => ("apiVersion" in kind ? [] : [kind]))];
}

function uniqueKinds(kinds: readonly KindDefinition[]): readonly KindDefinition[] {
  return [...new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind])).values()];
}

function parseDocuments(yaml: string): readonly KubeObject[] {
  // What is not an object of Kubernetes is refused by the server, with words of its own.
  return parseYamlDocuments(yaml).filter(isJsonObject) as unknown as readonly KubeObject[];
}

/** The same numbers in every run. @see mulberry32 */
function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
