// SPDX-License-Identifier: Apache-2.0
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FluxFlagValues } from "@flux-ts/controllers";
import { fluxControllers, unpackWith } from "@flux-ts/controllers";
import { fluxKinds } from "@flux-ts/flux-api";
import type { Clock, Transport } from "@flux-ts/kube-core";
import { createClient } from "@flux-ts/kube-client";
import type { LedManager, Logger, Manager, ProbeServer } from "@flux-ts/kube-runtime";
import {
  acquireLeadership,
  combineSinks,
  countRequests,
  createCompute,
  createKubeEventSink,
  createManager,
  createMetrics,
  healthProbes,
  leadManager,
  leaseName,
  parseListenAddress,
  serveProbes,
  type Probe,
} from "@flux-ts/kube-runtime";
import { ArtifactMemory, ArtifactStorage, createArtifacts, serveArtifacts } from "@flux-ts/toolkit/artifact";
import { createEventPoster } from "@flux-ts/toolkit/events";
import { createGitClient } from "@flux-ts/toolkit/git";
import type { HttpClient } from "@flux-ts/toolkit/http";
import { createHttpClient, isLoopbackAddress, loopbackOnly } from "@flux-ts/toolkit/http";
import { FLUX_TS_VERSION } from "./version.ts";

export interface FluxOptions {
  /** The cluster, as the controllers' own identity. */
  readonly transport: Transport;
  /** Of the API server, for metrics. */
  readonly host: string;
  readonly values: FluxFlagValues;
  /** Which controllers run: absent for all there are. */
  readonly components?: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** `RUNTIME_NAMESPACE` */
  readonly runtimeNamespace: string;
  /** What this process calls itself in events and leases. */
  readonly hostname: string;
  /** For artifacts, mirrors and everything that may be made anew. */
  readonly storageFolder: string;
  /** `host:port` on which artifacts are served; port 0 is any free one. */
  readonly storageAddress: string;
  /** `host:port` under which others reach them; absent: where they are served. */
  readonly storageAdvertised?: string;
  /**
   * Every artifact is one of this process: fetch them from here, whatever address a status names. The address in a status
   * is that of an earlier process until its source has been reconciled again.
   */
  readonly isAlone: boolean;
  /**
   * Where a name of the cluster is reached from this process, as `host:port`; the name itself where it gives nothing. Absent:
   * names are resolved by the system.
   */
  readonly resolve?: (host: string) => string | undefined;
  /** The main file of the worker threads. */
  readonly workerUrl: URL;
  /** How long one build may take there. Default 60 s. */
  readonly buildTimeoutMs?: number;
  /** Where git and ssh are found. */
  readonly path: string;
  /** Of the process: proxies on the way to remote clusters. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Must end the process: a lease was lost. */
  readonly onLost: (component: string, reason: unknown) => void;
}

/** The controllers at work. */
export interface RunningFlux {
  readonly manager: Manager;
  readonly isReady: boolean;
  /** `127.0.0.1:1234`: where artifacts are served; undefined without source-controller. */
  readonly storageAddress: string | undefined;
  /** Readiness off, queues closed, running work ended within the time, leases given back. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts controllers in this process, with everything they need. @throws {Error} when an address or folder cannot be used */
export async function runFlux(options: FluxOptions): Promise<RunningFlux> {
  const { clock, random, log, values, hostname, runtimeNamespace } = options;
  const flags = values[""];
  const runs = (component: string): boolean => options.components?.includes(component) ?? true;
  const artifactsFolder = join(options.storageFolder, "artifacts");
  await mkdir(artifactsFolder, { recursive: true, mode: 0o700 });
  const artifactServer = runs("source-controller") ? await serveFolder(artifactsFolder, options.storageAddress) : undefined;
  const served = artifactServer?.address;

  const pool = createCompute({
    clock,
    workerUrl: options.workerUrl,
    ...(options.buildTimeoutMs === undefined ? {} : { timeoutMs: options.buildTimeoutMs }),
  });
  const reader = unpackWith(pool.compute);
  const memory = new ArtifactMemory();
  const source = values["source-controller"];
  const storage = await ArtifactStorage.open({
    folder: artifactsFolder,
    // Without a server nothing is stored, and the name stands for nothing.
    hostname: options.storageAdvertised ?? served ?? hostname,
    clock,
    memory,
    reader,
    retentionTtlMs: source["artifact-retention-ttl"],
    retentionRecords: source["artifact-retention-records"],
    algorithm: source["artifact-digest-algo"],
  });
  const git = await createGitClient({
    folder: join(options.storageFolder, "git"),
    path: options.path,
    sshKexAlgorithms: source["ssh-kex-algos"],
    sshHostKeyAlgorithms: source["ssh-hostkey-algos"],
  });
  const http = resolving(createHttpClient({ userAgent: `kustomize-controller/v${FLUX_TS_VERSION}` }), options.resolve);
  const artifacts = createArtifacts({
    http,
    clock,
    memory,
    reader,
    retries: values["kustomize-controller"]["http-retry"],
    ...(options.isAlone && served !== undefined ? { hostname: served } : {}),
  });
  const controllers = fluxControllers(values, {
    storage,
    git,
    artifacts,
    runtimeNamespace,
    ...(options.env === undefined ? {} : { env: options.env }),
  }).filter(({ definition }) => runs(definition.component));

  const metrics = createMetrics({
    controllers: controllers.map(({ definition }) => definition.kind.kind.toLowerCase()),
    queues: () => manager.queues,
    withProcess: true,
  });
  const poster =
    flags["events-addr"] === ""
      ? undefined
      : createEventPoster({
          address: flags["events-addr"],
          clock,
          instance: hostname,
          onLost: (why, event) => log.error("event not delivered", { why, reason: event.reason }),
        });
  const manager: Manager = createManager({
    controllers,
    transport: countRequests(options.transport, options.host, metrics),
    clock,
    random,
    log,
    compute: pool.compute,
    version: `v${FLUX_TS_VERSION}`,
    metrics,
    events: (_, client) => {
      const kube = createKubeEventSink({ client, clock, log, random });
      return poster === undefined ? kube : combineSinks(kube, poster);
    },
  });
  const led = leadManager({ manager, acquire: (component, signal) => acquire(options, component, signal), onLost: options.onLost });
  const probes = await serveAll(options, led, metrics);

  return {
    manager,
    get isReady() {
      return led.isReady;
    },
    storageAddress: served,
    async stop(graceMs) {
      await led.stop(graceMs);
      await poster?.flush();
      await poster?.close();
      await pool.close();
      await git[Symbol.asyncDispose]();
      await Promise.all(probes.map((probe) => probe.close()));
      await artifactServer?.close();
    },
  };
}

interface FolderServer {
  /** `127.0.0.1:1234` */
  readonly address: string;
  close(): Promise<void>;
}

async function serveFolder(folder: string, listenOn: string): Promise<FolderServer> {
  const address = parseListenAddress(listenOn) ?? { host: "127.0.0.1", port: 0 };
  const serve = serveArtifacts(folder);
  const server = createServer(isLoopbackAddress(address.host) ? loopbackOnly(serve) : serve);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(address.port, address.host, resolve));
  // It listens on TCP, so its address has a port.
  const { port } = server.address() as AddressInfo;
  return {
    address: `${address.host ?? "127.0.0.1"}:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function resolving(http: HttpClient, resolve: FluxOptions["resolve"]): HttpClient {
  if (resolve === undefined) return http;
  return {
    request: (request) => {
      const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
      const found = url === undefined ? undefined : resolve(url.hostname);
      if (url === undefined || found === undefined) return http.request(request);
      url.host = found;
      return http.request({ ...request, url: url.href });
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function acquire(options: FluxOptions, component: string, signal: AbortSignal): ReturnType<Parameters<typeof leadManager>[0]["acquire"]> {
  const values = component === "source-controller" ? options.values["source-controller"] : options.values["kustomize-controller"];
  if (!values["enable-leader-election"]) return undefined;
  const { clock, random, log, hostname, runtimeNamespace } = options;
  return acquireLeadership(
    {
      client: createClient(options.transport, { userAgent: `${component}/v${FLUX_TS_VERSION}`, kinds: fluxKinds }),
      clock,
      random,
      log,
      namespace: runtimeNamespace,
      lease: leaseName(component, values["watch-label-selector"]),
      identity: `${hostname}_${process.pid}`,
      leaseDurationMs: values["leader-election-lease-duration"],
      renewDeadlineMs: values["leader-election-renew-deadline"],
      retryPeriodMs: values["leader-election-retry-period"],
    },
    signal,
  );
}

async function serveAll(options: FluxOptions, led: LedManager, metrics: ReturnType<typeof createMetrics>): Promise<readonly ProbeServer[]> {
  const flags = options.values[""];
  const servers: ProbeServer[] = [];
  const serve = async (listenOn: string, probes: Readonly<Record<string, Probe>>): Promise<void> => {
    const address = parseListenAddress(listenOn);
    if (address === undefined) return;
    servers.push(await serveProbes(address, probes, isLoopbackAddress(address.host) ? loopbackOnly : undefined));
  };
  await serve(
    flags["health-addr"],
    healthProbes(() => led.isReady),
  );
  const text = async () => ({ status: 200, body: await metrics.text(), contentType: metrics.contentType });
  await serve(flags["metrics-addr"], { "/metrics": text });
  return servers;
}
