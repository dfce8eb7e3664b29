// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@flux-ts/kube-runtime";
import { systemClock } from "@flux-ts/kube-client";
import type { ApiServer, Front, PlaneLevel, PodRule, PodRuntime, SubresourceHandler } from "@flux-ts/kube-server";
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

export interface LabPlaneOptions {
  /** For keys and (when it is kept) objects; made for its owner alone. */
  readonly folder: string;
  readonly kubeconfigPath: string;
  /** Of the cluster, the user and the context in the kubeconfig. */
  readonly contextName: string;
  /** Whether objects outlive the process. */
  readonly isKept: boolean;
  /** Of the API server; 0 is any free one. */
  readonly port: number;
  /** Tried first when any free one will do. */
  readonly usualPort?: number;
  readonly level: PlaneLevel;
  readonly nodes?: number;
  readonly podReadyAfterMs: number;
  /** How often HorizontalPodAutoscalers are looked at; default as kube-controller-manager, 15 s. */
  readonly autoscalerPeriodMs?: number;
  readonly podRules?: readonly PodRule[];
  /** Runs some pods; the others are simulated. */
  readonly pods?: (server: ApiServer) => PodRuntime;
  readonly subresources?: Readonly<Record<string, SubresourceHandler>>;
  readonly log: Logger;
}

/** An API server on loopback, and what a cluster does with the objects in it. */
export interface LabPlane {
  readonly server: ApiServer;
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts the control plane of a lab in this process.
 * @throws {KubeServerError} when the folder is taken or cannot be read; {Error} with `code` EADDRINUSE when the port is taken
 */
export async function startLabPlane(options: LabPlaneOptions): Promise<LabPlane> {
  try {
    return await start(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw new Error(`Cannot write to ${options.folder}: its disk is full. Free space on it, and start again`, { cause: error });
  }
}

async function start(options: LabPlaneOptions): Promise<LabPlane> {
  const { folder, log } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const clock = systemClock();
  const now = clock.now();
  const pki = loadOrCreatePki(join(folder, "pki"), now);
  const journal = options.isKept
    ? openFileJournal({
        folder: join(folder, "objects"),
        onBackgroundError: (error) => log.error("the objects could not be written to disk in the background", { folder, error }),
      })
    : undefined;
  const server = createApiServer({
    clock,
    serviceAccountKey: pki.serviceAccountKey,
    ...(options.subresources === undefined ? {} : { subresources: options.subresources }),
    ...(journal === undefined ? {} : { journal }),
  });
  try {
    const tls = issueServer(pki.authority, ["localhost", "127.0.0.1", "::1", "kubernetes.default.svc"], now);
    const front = await listen(options, (port) => serveHttps(server, { port, tls: { ...tls, clientCa: pki.authority.certificate } }));
    const admin = issueClient(pki.authority, { user: "admin", groups: ["system:masters"] }, now);
    const caCertificate = pki.authority.certificate;
    const text = kubeconfig({ server: front.url, caCertificate, client: admin, name: options.contextName });
    writeKubeconfig(options.kubeconfigPath, text);
    const pods = options.pods?.(server);
    const plane = await startControlPlane(server, {
      level: options.level,
      storageClass: "standard",
      caPem: caCertificate,
      podReadyAfterMs: options.podReadyAfterMs,
      ...(options.autoscalerPeriodMs === undefined ? {} : { autoscalerPeriodMs: options.autoscalerPeriodMs }),
      ...(options.nodes === undefined ? {} : { nodes: options.nodes }),
      ...(options.podRules === undefined ? {} : { podRules: options.podRules }),
      ...(pods === undefined ? {} : { pods }),
      onError: (controller, key, error) => log.error("simulated controller failed", { controller, key, error }),
    });
    const stop = async (): Promise<void> => {
      await plane.stop();
      await front.close();
      server.close();
    };
    return { server, url: front.url, port: front.port, stop };
  } catch (error) {
    server.close();
    throw error;
  }
}

async function listen({ port, usualPort }: LabPlaneOptions, serve: (port: number) => Promise<Front>): Promise<Front> {
  if (port !== 0 || usualPort === undefined) return serve(port);
  try {
    return await serve(usualPort);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return serve(0);
  }
}
