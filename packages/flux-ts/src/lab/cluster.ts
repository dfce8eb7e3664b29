// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FluxFlagValues } from "@flux-ts/controllers";
import { fluxKinds } from "@flux-ts/flux-api";
import { toCustomResourceDefinition } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { createClient } from "@flux-ts/kube-client";
import type { Logger } from "@flux-ts/kube-runtime";
import { systemClock } from "@flux-ts/kube-runtime";
import type { ApiServer, Front, PodRule } from "@flux-ts/kube-server";
import {
  createApiServer,
  issueClient,
  issueServer,
  kubeconfig,
  loadOrCreatePki,
  openFileJournal,
  serveHttps,
  startControlPlane,
  writeKubeconfig,
} from "@flux-ts/kube-server";
import type { RunningFlux } from "../process/run-flux.ts";
import { runFlux } from "../process/run-flux.ts";
import { podsWithoutContainers } from "./pods-without-containers.ts";

export interface LabClusterOptions {
  /** For keys, kubeconfig, artifacts and (when it is kept) state; made for its owner alone. */
  readonly folder: string;
  /** Whether objects outlive the process. */
  readonly isKept: boolean;
  /** Of the API server; 0 is any free one. */
  readonly port: number;
  readonly podReadyAfterMs: number;
  readonly podRules?: readonly PodRule[];
  readonly values: FluxFlagValues;
  readonly log: Logger;
  readonly workerUrl: URL;
  /** Where git and ssh are found. */
  readonly path: string;
  readonly hostname: string;
}

/** An API server with simulated workloads, and the controllers over it, in this process. */
export interface LabCluster {
  readonly server: ApiServer;
  readonly client: Client;
  readonly url: string;
  readonly kubeconfigPath: string;
  readonly flux: RunningFlux;
  stop(graceMs?: number): Promise<void>;
}

export const NAMESPACE = "flux-system";

/** Starts everything on loopback. @throws {KubeServerError} when the folder is taken or cannot be read; {Error} when the port is taken */
export async function startLabCluster(options: LabClusterOptions): Promise<LabCluster> {
  const { folder, log } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const clock = systemClock();
  const pki = loadOrCreatePki(join(folder, "pki"), clock.now());
  const journal = options.isKept ? openFileJournal({ folder: join(folder, "objects") }) : undefined;
  const server = createApiServer({
    clock,
    serviceAccountKey: pki.serviceAccountKey,
    subresources: podsWithoutContainers,
    ...(journal === undefined ? {} : { journal }),
  });
  const now = clock.now();
  const tls = issueServer(pki.authority, ["localhost", "127.0.0.1", "::1", "kubernetes.default.svc"], now);
  const front = await serveHttps(server, { port: options.port, tls: { ...tls, clientCa: pki.authority.certificate } });
  const admin = issueClient(pki.authority, { user: "admin", groups: ["system:masters"] }, now);
  const kubeconfigPath = join(folder, "kubeconfig");
  writeKubeconfig(
    kubeconfigPath,
    kubeconfig({ server: front.url, caCertificate: pki.authority.certificate, client: admin, name: "flux-ts-lab" }),
  );

  const plane = await startControlPlane(server, {
    level: "nodes",
    storageClass: "standard",
    caPem: pki.authority.certificate,
    podReadyAfterMs: options.podReadyAfterMs,
    ...(options.podRules === undefined ? {} : { podRules: options.podRules }),
    onError: (controller, key, error) => log.error("simulated controller failed", { controller, key, error }),
  });
  const client = createClient(server.transport, { userAgent: "flux/lab" });
  await install(client);
  const flux = await runFlux({
    transport: server.transport,
    host: new URL(front.url).host,
    values: options.values,
    clock,
    random: Math.random,
    log,
    runtimeNamespace: NAMESPACE,
    hostname: options.hostname,
    storageFolder: join(folder, "storage"),
    storageAddress: "127.0.0.1:0",
    isAlone: true,
    workerUrl: options.workerUrl,
    path: options.path,
    onLost: (component, reason) => log.error("lease lost", { component, error: reason }),
  });
  return {
    server,
    client,
    url: front.url,
    kubeconfigPath,
    flux,
    stop: (graceMs) => stopAll({ flux, plane, front, server }, graceMs),
  };
}

async function stopAll(
  parts: { readonly flux: RunningFlux; readonly plane: { stop(): Promise<void> }; readonly front: Front; readonly server: ApiServer },
  graceMs: number | undefined,
): Promise<void> {
  await parts.flux.stop(graceMs);
  await parts.plane.stop();
  await parts.front.close();
  parts.server.close();
}

/** What `flux install` would bring: the namespace and the definitions of the kinds. */
async function install(client: Client): Promise<void> {
  const labels = { "app.kubernetes.io/instance": NAMESPACE, "app.kubernetes.io/part-of": "flux" };
  const options = { fieldManager: "flux", force: true };
  await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } }, options);
  for (const kind of fluxKinds) await client.apply(toCustomResourceDefinition(kind, { labels }), options);
  client.forgetDiscovery();
}
