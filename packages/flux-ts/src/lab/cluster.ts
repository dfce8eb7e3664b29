// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { FluxFlagValues } from "@flux-ts/controllers";
import { fluxKinds, IMAGE_GROUP, SOURCE_EXTENSIONS_GROUP } from "@flux-ts/flux-api";
import { toCustomResourceDefinition } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { createClient } from "@flux-ts/kube-client";
import type { Logger } from "@flux-ts/kube-runtime";
import { systemClock } from "@flux-ts/kube-runtime";
import type { ApiServer, PodRule } from "@flux-ts/kube-server";
import type { RunningFlux } from "../process/run-flux.ts";
import { runFlux } from "../process/run-flux.ts";
import { startLabPlane } from "./plane.ts";
import { podsWithoutContainers } from "./pods-without-containers.ts";

export interface LabClusterOptions {
  /** For keys, kubeconfig, artifacts and (when it is kept) state; made for its owner alone. */
  readonly folder: string;
  /** Whether objects outlive the process. */
  readonly isKept: boolean;
  /** Of the API server; 0 is any free one. */
  readonly port: number;
  readonly podReadyAfterMs: number;
  /** How often HorizontalPodAutoscalers are looked at; default as kube-controller-manager, 15 s. */
  readonly autoscalerPeriodMs?: number;
  readonly podRules?: readonly PodRule[];
  readonly values: FluxFlagValues;
  readonly log: Logger;
  readonly workerUrl: URL;
  /** How long one build may take. Default 60 s. */
  readonly buildTimeoutMs?: number;
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
  const kubeconfigPath = join(folder, "kubeconfig");
  const plane = await startLabPlane({
    folder,
    kubeconfigPath,
    contextName: "flux-ts-lab",
    isKept: options.isKept,
    port: options.port,
    level: "nodes",
    podReadyAfterMs: options.podReadyAfterMs,
    ...(options.autoscalerPeriodMs === undefined ? {} : { autoscalerPeriodMs: options.autoscalerPeriodMs }),
    ...(options.podRules === undefined ? {} : { podRules: options.podRules }),
    subresources: podsWithoutContainers,
    log,
  });
  const { server, url } = plane;
  const client = createClient(server.transport, { userAgent: "flux/lab" });
  const flux = await startLabControllers({ ...options, server, url, client, storageFolder: join(folder, "storage") });
  return {
    server,
    client,
    url,
    kubeconfigPath,
    flux,
    async stop(graceMs) {
      await flux.stop(graceMs);
      await plane.stop();
    },
  };
}

/** What the controllers of a lab need besides flags. */
export interface LabControllersOptions extends Pick<
  LabClusterOptions,
  "values" | "log" | "workerUrl" | "buildTimeoutMs" | "path" | "hostname"
> {
  readonly server: ApiServer;
  /** Of the API server. */
  readonly url: string;
  readonly client: Client;
  readonly storageFolder: string;
}

/** All controllers of Flux over an API server of this process, as an administrator; makes their namespace and definitions. */
export async function startLabControllers(options: LabControllersOptions): Promise<RunningFlux> {
  await install(options.client);
  return runFlux({
    transport: options.server.transport,
    host: new URL(options.url).host,
    values: options.values,
    clock: systemClock(),
    random: Math.random,
    log: options.log,
    runtimeNamespace: NAMESPACE,
    hostname: options.hostname,
    storageFolder: options.storageFolder,
    storageAddress: "127.0.0.1:0",
    isAlone: true,
    workerUrl: options.workerUrl,
    ...(options.buildTimeoutMs === undefined ? {} : { buildTimeoutMs: options.buildTimeoutMs }),
    path: options.path,
    onLost: (component, reason) => options.log.error("lease lost", { component, error: reason }),
  });
}

/**
 * The namespace, and the definitions of all kinds. Those that `flux install` brings by default carry its labels; the others
 * do not, so that `flux check` tells of the same definitions as it does where Flux is installed.
 */
async function install(client: Client): Promise<void> {
  const labels = { "app.kubernetes.io/instance": NAMESPACE, "app.kubernetes.io/part-of": "flux" };
  const options = { fieldManager: "flux", force: true };
  await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } }, options);
  for (const kind of fluxKinds) {
    const isExtra = kind.group === IMAGE_GROUP || kind.group === SOURCE_EXTENSIONS_GROUP;
    await client.apply(toCustomResourceDefinition(kind, isExtra ? {} : { labels }), options);
  }
  client.forgetDiscovery();
}
