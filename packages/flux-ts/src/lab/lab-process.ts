// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createClient, systemClock } from "@flux-ts/kube-client";
import type { Logger, SignalSource } from "@flux-ts/kube-runtime";
import { createFluxLogger, stopOnSignals } from "@flux-ts/kube-runtime";
import type { ApiServer, PlaneLevel } from "@flux-ts/kube-server";
import { lockFolder } from "@flux-ts/kube-server";
import { FLUX_TS_VERSION } from "../process/version.ts";
import { parseFailRule } from "./fail-rule.ts";
import { LabError } from "./lab-error.ts";
import { startLabPlane } from "./plane.ts";
import { inProcessPods } from "./pods/in-process-pods.ts";
import { serveLogs } from "./pods/log-subresource.ts";
import { podsWithoutContainers } from "./pods-without-containers.ts";
import { contextNameOf, type LabPlaces } from "./state/lab-places.ts";
import type { LabLevel, LabSpec } from "./state/lab-record.ts";
import { readLabSpec, writeLabRun } from "./state/lab-record.ts";

/** What the process of a lab tells the one that started it. */
export type LabMessage =
  | { readonly tell: "listening"; readonly url: string; readonly port: number }
  /** Everything that was asked for runs. */
  | { readonly tell: "ready" }
  | { readonly tell: "failed"; readonly message: string; readonly portTaken?: boolean };

export interface LabProcessOptions {
  readonly places: LabPlaces;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  readonly signals: SignalSource;
  /** Takes log lines. */
  readonly write: (line: string) => void;
  /** Resolves when the message is on its way. */
  readonly tell: (message: LabMessage) => Promise<void>;
  readonly exit: (code: number) => void;
  readonly workerUrl: URL;
}

const LEVELS: Readonly<Record<LabLevel, PlaneLevel>> = { api: "none", controllers: "controllers", nodes: "nodes" };
/** For what is under way when the lab is stopped. */
const GRACE_MS = 5000;

/** Runs the control plane of a lab until a signal ends it. */
export async function runLabProcess(options: LabProcessOptions): Promise<void> {
  const { places, tell, exit } = options;
  const log = createFluxLogger({ level: "info", encoding: "json", clock: systemClock(), write: options.write });
  const parts: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    while (parts.length > 0) await parts.pop()?.();
  };
  try {
    // Whoever holds it is the lab: `status` and `down` look there.
    parts.push(lockFolder(places.folder));
    const spec = readLabSpec(places);
    if (spec === undefined) throw new LabError("NOT_FOUND", `there is no lab ${places.name}: ${places.record} is missing`);
    stopOnSignals(options.signals, stop, exit);
    await startAll(options, spec, log, parts);
    log.info("the lab is ready", { lab: places.name });
    await tell({ tell: "ready" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    log.error("the lab could not start", { error });
    await stop();
    await tell({ tell: "failed", message, ...(code === "EADDRINUSE" ? { portTaken: true } : {}) });
    exit(1);
  }
}

async function startAll(options: LabProcessOptions, spec: LabSpec, log: Logger, parts: (() => Promise<void> | void)[]): Promise<void> {
  const { places, tell, env } = options;
  const clock = systemClock();
  const made: { server?: ApiServer; url?: string } = {};
  const serverOf = (): ApiServer => {
    if (made.server === undefined) throw new Error("a pod started before the API server");
    return made.server;
  };
  const pods = inProcessPods({
    clock,
    random: Math.random,
    transport: () => serverOf().transport,
    host: () => new URL(made.url ?? "https://127.0.0.1").host,
    folder: join(spec.dataFolder, "pods"),
    workerUrl: options.workerUrl,
    path: env["PATH"] ?? "",
    log,
  });
  const plane = await startLabPlane({
    folder: spec.dataFolder,
    kubeconfigPath: places.kubeconfig,
    contextName: contextNameOf(places.name),
    isKept: true,
    port: spec.port,
    ...usualPort(places.kubeconfig),
    level: LEVELS[spec.level],
    nodes: spec.nodes,
    podReadyAfterMs: spec.delayMs,
    podRules: spec.fail.map(parseFailRule),
    pods: (server) => {
      made.server = server;
      return pods;
    },
    subresources: {
      ...podsWithoutContainers,
      "pods/log": serveLogs(
        (namespace, name) => serverOf().plane.store.get("pods", `${namespace}/${name}`),
        (uid) => pods.logOf(uid),
      ),
    },
    log,
  });
  made.server = plane.server;
  made.url = plane.url;
  // Pods end first: their controllers give their leases back to a server that is still there.
  parts.push(
    () => plane.stop(),
    () => pods.stopAll(GRACE_MS),
  );
  writeLabRun(places, { url: plane.url, port: plane.port, startedAt: new Date(clock.now()).toISOString(), version: FLUX_TS_VERSION });
  parts.push(() => rmSync(places.run, { force: true }));
  log.info("the API server listens", { lab: places.name, url: plane.url });
  await tell({ tell: "listening", url: plane.url, port: plane.port });
  if (spec.withControllers) parts.push(await startControllers(options, spec, log, plane));
}

/** Loaded only for this: without them the lab begins quicker. @returns ends them */
async function startControllers(
  options: LabProcessOptions,
  spec: LabSpec,
  log: Logger,
  plane: { readonly server: ApiServer; readonly url: string },
): Promise<() => Promise<void>> {
  const { startLabControllers } = await import("./cluster.ts");
  const { parseControllersCommand } = await import("../process/components.ts");
  // Nobody scrapes or probes them. With leases they stand by for pods of `flux install`, and these for them.
  const { values } = parseControllersCommand(["--enable-leader-election", "--metrics-addr=0", "--health-addr=0", ...spec.controllerFlags]);
  const flux = await startLabControllers({
    server: plane.server,
    url: plane.url,
    client: createClient(plane.server.transport, { userAgent: "flux/lab" }),
    values,
    log,
    workerUrl: options.workerUrl,
    path: options.env["PATH"] ?? "",
    hostname: options.hostname,
    storageFolder: join(spec.dataFolder, "storage"),
  });
  return () => flux.stop(GRACE_MS);
}

/** The port that an earlier process had: kubeconfigs that people made copies of go on working. */
function usualPort(kubeconfigPath: string): { readonly usualPort?: number } {
  if (!existsSync(kubeconfigPath)) return {};
  const port = /^ *server: https:\/\/127\.0\.0\.1:(\d+)$/m.exec(readFileSync(kubeconfigPath, "utf8"))?.[1];
  return port === undefined ? {} : { usualPort: Number(port) };
}
