// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { createClient } from "@flux-ts/kube-client";
import { parseFlags, silentLogger } from "@flux-ts/kube-runtime";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { expect, test } from "vitest";
import { startLabCluster } from "../../packages/flux-ts/src/lab/cluster.ts";

const CONFIG_MAPS = 4000;
const PATCHES = 12_000;
/** Of a build: it takes longer, and is killed then. */
const LIMIT_MS = 10_000;
const RENEWAL_MS = 200;
const MOST_MS = 200;

/** A folder whose build takes minutes: each patch looks at each object. */
function slowFolder(): Readonly<Record<string, string>> {
  const documents = Array.from(
    { length: CONFIG_MAPS },
    (_, index) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm-${index}\ndata:\n  a: "${index}"\n`,
  );
  const patch = (index: number): string =>
    `- target: { kind: ConfigMap, name: "cm-.*" }\n  patch: |-\n    - op: add\n      path: /data/p${index}\n      value: "${index}"\n`;
  const patches = Array.from({ length: PATCHES }, (_, index) => patch(index));
  return {
    "slow/maps.yaml": documents.join(""),
    "slow/kustomization.yaml": `resources: [maps.yaml]\npatches:\n${patches.join("")}`,
    "quick/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: quick\n  namespace: default\n",
  };
}

function kustomization(name: string): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "10m", path: `./${name}`, prune: true, sourceRef: { kind: "GitRepository", name: "app" } },
  };
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
  readonly lastHandledReconcileAt?: string;
}

const readyOf = ({ conditions = [] }: Status): NonNullable<Status["conditions"]>[number] | undefined =>
  conditions.find(({ type }) => type === "Ready");

/** Waits until the status of a Kustomization is as wanted. */
async function until(client: Client, name: string, isIt: (status: Status) => boolean): Promise<Status> {
  const { apiVersion, kind } = kustomization(name);
  const options = { namespace: "flux-system", fieldSelector: `metadata.name=${name}`, sendInitialEvents: true };
  for await (const { object } of await client.watch({ apiVersion, kind }, options)) {
    const status = (object["status"] ?? {}) as Status;
    if (isIt(status)) return status;
  }
  throw new Error("the watch ended");
}

/**
 * The time of this thread, in milliseconds, without that in which it would have run and other programs of the machine had the processors
 * (which only Linux tells): that is not the build's doing.
 */
function ownTime(): number {
  let waitedNs = 0;
  try {
    waitedNs = Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]);
  } catch {
    // Elsewhere it is measured on an idle machine, or not at all.
  }
  return performance.now() - waitedNs / 1e6;
}

/** The longest of each, in milliseconds. */
interface Longest {
  probe: number;
  reconcile: number;
  renewal: number;
}

/** Asks for probes and for reconciles of the other tenant, one after the other, and sees the renewals of the lease, until the time is up. */
async function measure(client: Client, healthPort: number, isOver: () => boolean): Promise<Longest> {
  const longest: Longest = { probe: 0, reconcile: 0, renewal: 0 };
  const note = (what: keyof Longest, since: number): void => void (longest[what] = Math.max(longest[what], ownTime() - since));
  const end = new AbortController();
  const kind = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
  const lease = { namespace: "flux-system", fieldSelector: "metadata.name=kustomize-controller-leader-election", sendInitialEvents: true };
  const renewals = (async () => {
    let last = ownTime();
    for await (const { type } of await client.watch(kind, { ...lease, signal: end.signal })) {
      if (type === "BOOKMARK") continue;
      note("renewal", last);
      last = ownTime();
    }
    note("renewal", last);
  })().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  const { apiVersion, kind: own } = kustomization("quick");
  const ref = { apiVersion, kind: own, namespace: "flux-system", name: "quick" };
  while (!isOver()) {
    const probed = ownTime();
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);
    note("probe", probed);
    const asked = ownTime();
    const token = `at-${asked}`;
    await client.patch(ref, { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": token } } }, { type: "merge" });
    await until(client, "quick", ({ lastHandledReconcileAt }) => lastHandledReconcileAt === token);
    note("reconcile", asked);
  }
  end.abort();
  await renewals;
  return longest;
}

test(`a build that runs for ${LIMIT_MS / 1000} s and is killed then costs probes, leases and another tenant's reconcile less than ${MOST_MS} ms`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-busy-"));
  const port = 41_000 + (process.pid % 20_000);
  const flags = [
    "--metrics-addr=0",
    `--health-addr=127.0.0.1:${port}`,
    "--enable-leader-election",
    `--leader-election-retry-period=${RENEWAL_MS}ms`,
  ];
  const cluster = await startLabCluster({
    folder: join(folder, "lab"),
    isKept: false,
    port: 0,
    podReadyAfterMs: 0,
    values: parseFlags(flags, fluxFlags, flagsNotBuilt),
    log: silentLogger,
    workerUrl: new URL("../../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url),
    buildTimeoutMs: LIMIT_MS,
    path: process.env["PATH"] ?? "",
    hostname: "test",
  });
  const git = await createGitServer();
  try {
    const client = createClient(cluster.server.transport, { userAgent: "test" });
    const repository = git.repository("app", slowFolder());
    await client.create({
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "app", namespace: "flux-system" },
      spec: { interval: "10m", url: repository.url, ref: { branch: "main" } },
    });
    await client.create(kustomization("quick"));
    await until(client, "quick", (status) => readyOf(status)?.status === "True");
    const begun = performance.now();
    const idle = await measure(client, port, () => performance.now() - begun > 3000);

    await client.create(kustomization("slow"));
    const started = performance.now();
    let tookMs = 0;
    const slow = until(client, "slow", (status) => readyOf(status)?.status === "False").then((status) => {
      tookMs = performance.now() - started;
      return readyOf(status);
    });
    const busy = await measure(client, port, () => tookMs > 0);

    expect(await slow).toMatchObject({
      reason: "BuildFailed",
      message: expect.stringContaining(`took longer than ${LIMIT_MS / 1000} s and was killed`) as string,
    });
    expect(tookMs, "the build ran up to its limit").toBeGreaterThan(LIMIT_MS);
    for (const what of ["probe", "reconcile"] as const)
      expect(busy[what], `longest ${what}; ${JSON.stringify({ idle, busy })}`).toBeLessThan(idle[what] + MOST_MS);
    expect(busy.renewal, `longest time between renewals; ${JSON.stringify({ idle, busy })}`).toBeLessThan(
      Math.max(RENEWAL_MS, idle.renewal) + MOST_MS,
    );
  } finally {
    await cluster.stop(1000);
    await git[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
