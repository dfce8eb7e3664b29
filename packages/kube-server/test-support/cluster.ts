// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { TestClock } from "@flux-ts/testbed/clock";
import type { ControlPlaneOptions } from "../src/controllers/control-plane.ts";
import { startControlPlane } from "../src/controllers/control-plane.ts";
import type { RunningControllers } from "../src/controllers/loop.ts";
import type { ApiServer } from "../src/server.ts";
import { createApiServer } from "../src/server.ts";

/** Any object as an answer shows it. */
export type Shown = KubeObject & { readonly status?: Record<string, unknown>; readonly spec?: Record<string, unknown> };

/** A server with its simulated controllers and a clock that tests turn. */
export interface Cluster {
  readonly server: ApiServer;
  readonly clock: TestClock;
  /** What controllers failed with, apart from conflicts. */
  readonly errors: readonly string[];
  /** Asks and waits until the controllers have nothing to do. @throws never: failures are Status objects */
  request<T = Shown>(method: string, path: string, body?: Record<string, unknown>): Promise<T>;
  /** Waits until the controllers have nothing to do but to wait for time. */
  idle(): Promise<void>;
  get(path: string): Promise<Shown>;
  list(path: string): Promise<readonly Shown[]>;
  /** Turns the clock on from timer to timer, letting the controllers finish at each. */
  advance(ms: number): Promise<void>;
  /** Ends the controllers and starts new ones over the same store. */
  restart(): Promise<void>;
  /** Counts writes by resource from now on. */
  countWrites(): ReadonlyMap<string, number>;
}

/** Two nodes whose pods are ready after a second, unless told otherwise. */
export async function startCluster(options: Partial<ControlPlaneOptions> = {}): Promise<Cluster> {
  const clock = new TestClock();
  const server = createApiServer({ clock, random: seeded(7) });
  const errors: string[] = [];
  const start = (): Promise<RunningControllers> =>
    startControlPlane(server, {
      level: "nodes",
      nodes: 2,
      podReadyAfterMs: 1000,
      onError: (name, key, error) => errors.push(`${name} ${key}: ${String(error)}`),
      ...options,
    });
  let plane = await start();
  const request = async <T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> => {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = { "content-type": contentType };
    const { object } = await server.transport({ method, path, headers, ...(body === undefined ? {} : { body }) });
    await plane.idle();
    return object as T;
  };
  await plane.idle();
  return {
    server,
    clock,
    errors,
    request,
    idle: () => plane.idle(),
    get: (path) => request<Shown>("GET", path),
    list: async (path) => (await request<{ items: Shown[] }>("GET", path)).items,
    async advance(ms) {
      const end = clock.now() + ms;
      for (let due = clock.nextDueAt; due !== undefined && due <= end; due = clock.nextDueAt) {
        clock.advanceTo(due);
        await plane.idle();
      }
      clock.advanceTo(end);
      await plane.idle();
    },
    async restart() {
      await plane.stop();
      plane = await start();
      await plane.idle();
    },
    countWrites() {
      const counts = new Map<string, number>();
      server.plane.store.subscribe("*", ({ resource }) => counts.set(resource, (counts.get(resource) ?? 0) + 1));
      return counts;
    },
  };
}

/** A small repeatable generator: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const APPS = "/apis/apps/v1/namespaces/default";
export const BATCH = "/apis/batch/v1/namespaces/default";
export const CORE = "/api/v1/namespaces/default";

/** A workload whose pods are labelled `app: <name>`. */
export function workload(kind: string, name: string, spec: Record<string, unknown> = {}, pod: Record<string, unknown> = {}) {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "web:1" }], ...pod } },
      ...spec,
    },
  };
}

export function job(name: string, spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}) {
  const pod = { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { template: { metadata: { annotations }, spec: pod }, ...spec } };
}

/** The conditions of a status as `Type=Status Reason`. */
export function conditionsOf({ status }: Shown): readonly string[] {
  const conditions = (status?.["conditions"] ?? []) as readonly { type: string; status: string; reason?: string }[];
  return conditions.map(({ type, status: value, reason = "" }) => `${type}=${value} ${reason}`.trim());
}

/** The image of each pod's first container. */
export function imagesOf(pods: readonly Shown[]): readonly string[] {
  return pods.map(({ spec }) => {
    const [container] = (spec?.["containers"] ?? []) as readonly { image: string }[];
    return container?.image ?? "";
  });
}
