// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { createClient } from "@flux-ts/kube-client";
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { refOf, toCustomResourceDefinition } from "@flux-ts/kube-core";
import type { ApiServer, SubresourceHandler } from "@flux-ts/kube-server";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import type { Io } from "../src/io.ts";
import { root } from "../src/root.ts";
import { runCommand } from "../src/run.ts";

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a controller of Flux would do with an object that changed; undefined does nothing. */
export type Reconcile = (object: KubeObject) => Readonly<Record<string, unknown>> | undefined;

export interface FluxOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the user answers. Absent: nobody is there. */
  readonly answer?: string;
  readonly signal?: AbortSignal;
  /** Told everything that was printed so far, at each piece. */
  readonly onOutput?: (out: string) => void;
  /** Reached in place of the cluster. */
  readonly cluster?: NonNullable<Io["cluster"]>;
}

/** An API server that knows the kinds of Flux, time that stands still, and the `flux` command. */
export interface TestCluster extends AsyncDisposable {
  readonly server: ApiServer;
  readonly client: Client;
  readonly clock: TestClock;
  /** Runs a command; words are split at spaces. */
  flux(words: string, options?: FluxOptions): Promise<Outcome>;
  /** Runs a command whose words may be empty or hold spaces. */
  fluxWords(words: readonly string[], options?: FluxOptions): Promise<Outcome>;
  /** Creates objects, the namespaces that they need, and then their status. */
  add(...objects: readonly KubeObject[]): Promise<void>;
  /** Plays the controller of a kind from now on: what the function returns becomes the status. */
  play(kind: string, reconcile: Reconcile): Promise<void>;
}

/** Close it with `await using`. @param subresources what only running containers could answer, such as `pods/log` */
export async function createTestCluster(subresources: Readonly<Record<string, SubresourceHandler>> = {}): Promise<TestCluster> {
  const clock = new TestClock();
  const server = createApiServer({ clock, random: () => 0.5, subresources });
  const client = createClient(server.transport, { userAgent: "test" });
  for (const kind of fluxKinds) await client.create(toCustomResourceDefinition(kind));
  const players: { readonly stop: AbortController; readonly ended: Promise<void> }[] = [];

  const setStatus = async (object: KubeObject, status: unknown): Promise<void> => {
    await client.patch(refOf(object), { status }, { type: "merge", subresource: "status" });
  };

  const add = async (...objects: readonly KubeObject[]): Promise<void> => {
    for (const object of objects) {
      const { namespace } = object.metadata;
      if (namespace !== undefined && (await client.find({ apiVersion: "v1", kind: "Namespace", name: namespace })) === undefined) {
        await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      }
      const created = await client.create(object);
      const status: unknown = Reflect.get(object, "status");
      if (status !== undefined) await setStatus(created, status);
    }
  };

  const play = async (kindName: string, reconcile: Reconcile): Promise<void> => {
    const kind = fluxKinds.find((one) => one.kind === kindName);
    if (kind === undefined) throw new Error(`no kind ${kindName}`);
    const ref = { apiVersion: `${kind.group}/${kind.version}`, kind: kindName };
    const stop = new AbortController();
    const { resourceVersion } = await client.list(ref);
    const events = await client.watch(ref, { resourceVersion, signal: stop.signal });
    const follow = async (): Promise<void> => {
      for await (const { type, object } of events) {
        if (type !== "ADDED" && type !== "MODIFIED") continue;
        const status = reconcile(object as KubeObject);
        if (status !== undefined) await setStatus(object as KubeObject, status);
      }
    };
    // A watch that is stopped ends with the reason of the signal.
    players.push({ stop, ended: follow().catch(() => undefined) });
  };

  const flux = (words: string, options?: FluxOptions): Promise<Outcome> => fluxWords(words.split(" ").filter(Boolean), options);

  const fluxWords = async (words: readonly string[], options: FluxOptions = {}): Promise<Outcome> => {
    let out = "";
    let err = "";
    const { answer } = options;
    const io: Io = {
      stdout: (text) => {
        out += text;
        options.onOutput?.(out);
      },
      stderr: (text) => {
        err += text;
      },
      stdin: () => Promise.resolve(""),
      ask: (question) => {
        err += question;
        return answer === undefined ? Promise.reject(new Error("nobody is there")) : Promise.resolve(answer);
      },
      env: options.env ?? {},
      cwd: options.cwd ?? "/",
      home: "/nonexistent",
      clock,
      terminal: { isTty: false, columns: 80 },
      signal: options.signal ?? new AbortController().signal,
      scanHostKeys: (host) => Promise.resolve(`${host} ssh-ed25519 AAAA\n`),
      cluster:
        options.cluster ??
        (() =>
          Promise.resolve({
            transport: server.transport,
            contextNamespace: "of-the-context",
            [Symbol.asyncDispose]: () => Promise.resolve(),
          })),
    };
    const code = await runCommand(root, words, io);
    return { code, out, err };
  };

  return {
    server,
    client,
    clock,
    flux,
    fluxWords,
    add,
    play,
    async [Symbol.asyncDispose]() {
      for (const { stop, ended } of players) {
        stop.abort();
        await ended;
      }
      server.close();
    },
  };
}

/** The status of an object that is reconciled: Ready with a message, the generation seen, and the last request handled. */
export function reconciled(object: KubeObject, message: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { generation = 1, annotations = {} } = object.metadata;
  const requested = annotations["reconcile.fluxcd.io/requestedAt"];
  return {
    observedGeneration: generation,
    conditions: [condition("True", "Succeeded", message, generation)],
    ...(requested === undefined ? {} : { lastHandledReconcileAt: requested }),
    ...more,
  };
}

/** A Ready condition. */
export function condition(status: Condition["status"], reason: string, message: string, observedGeneration = 1): unknown {
  return { type: "Ready", status, reason, message, observedGeneration, lastTransitionTime: "2026-01-01T00:00:00Z" };
}

/** An artifact of a source. */
export function artifact(revision: string): Readonly<Record<string, unknown>> {
  const digest = `sha256:${"0".repeat(64)}`;
  return { artifact: { revision, digest, path: "a.tar.gz", url: "http://source/a.tar.gz", lastUpdateTime: "2026-01-01T00:00:00Z" } };
}

/** Whether a controller has nothing to do with it: its status is of this generation and request. */
export function isSettled(object: KubeObject): boolean {
  const status = (Reflect.get(object, "status") ?? {}) as {
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
  };
  const requested = object.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
  return status.observedGeneration === object.metadata.generation && status.lastHandledReconcileAt === requested;
}

/** A GitRepository or Kustomization, as tests need them. */
export function gitRepository(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  const object = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: "flux-system" },
    spec: { url: "https://git.example.com/app", interval: "1m", ref: { branch: "main" }, ...spec },
  };
  return object;
}

export function kustomization(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  const object = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "10m", path: "./deploy", prune: true, sourceRef: { kind: "GitRepository", name: "app" }, ...spec },
  };
  return object;
}
