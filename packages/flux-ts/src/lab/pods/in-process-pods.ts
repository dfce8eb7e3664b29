// SPDX-License-Identifier: Apache-2.0
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Identity, KubeObject, Transport } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";
import { requestHeaders } from "@flux-ts/kube-client";
import type { LogLevel, Logger } from "@flux-ts/kube-runtime";
import { createFluxLogger, FlagError } from "@flux-ts/kube-runtime";
import type { PodRunState, PodRuntime } from "@flux-ts/kube-server";
import type { ControllersCommand } from "../../process/components.ts";
import { parseControllersCommand } from "../../process/components.ts";
import type { RunningFlux } from "../../process/run-flux.ts";
import { containerEnvironment, expand } from "./container-environment.ts";
import { PodLog } from "./pod-log.ts";
import { PodNetwork } from "./pod-network.ts";
import { programOf } from "./program-of.ts";

export interface InProcessPodsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Of the API server. Pods ask it as their service accounts. */
  readonly transport: () => Transport;
  /** Of the API server, for metrics. */
  readonly host: () => string;
  /** For what pods keep; emptied with each pod. */
  readonly folder: string;
  readonly workerUrl: URL;
  /** Where git and ssh are found. */
  readonly path: string;
  /** Told what goes wrong outside of a pod's own log. */
  readonly log: Logger;
}

/** Runs pods that carry controllers of Flux in this process. */
export interface InProcessPods extends PodRuntime {
  /** Of a pod that runs or ran here; undefined for all others. */
  logOf(uid: string): PodLog | undefined;
  /** Ends all, for the process ends. */
  stopAll(graceMs: number): Promise<void>;
}

/** How often one is asked whether it is ready, until it is. */
const READY_POLL_MS = 20;
/** What a process ends with that cannot read its flags, and one that cannot go on. */
const USAGE = 2;
const BROKEN = 1;

interface Running {
  readonly pod: KubeObject;
  readonly log: PodLog;
  readonly stopping: AbortController;
  state: PodRunState;
  flux?: RunningFlux;
  leaveNetwork?: () => void;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

/**
 * A container of ours is a function call: its arguments and variables are read as its process would, it works as the
 * service account of its pod, and what it logs is the pod's log. Metrics and health are served nowhere: pods of this
 * process have one address.
 */
export function inProcessPods(options: InProcessPodsOptions): InProcessPods {
  const pods = new Map<string, Running>();
  const network = new PodNetwork();
  const listeners = new Set<(key: string) => void>();
  const change = (one: Running, state: PodRunState): void => {
    one.state = state;
    for (const listener of listeners) listener(`${one.pod.metadata.namespace ?? ""}/${one.pod.metadata.name ?? ""}`);
  };
  const exit = (one: Running, exitCode: number): void => {
    if (one.state.is === "exited") return;
    one.log.end();
    change(one, { is: "exited", exitCode });
  };

  const run = async (one: Running): Promise<void> => {
    const command = readCommand(one.pod);
    const log = loggerOf(command, one.log, options.clock);
    if (command instanceof FlagError) {
      one.log.write(`${command.message}\n`, options.clock.now());
      return exit(one, USAGE);
    }
    for (const component of command.missing)
      log.info("this version has no code for this controller: its objects are not reconciled", { component });
    if (command.components.length === 0) return change(one, { is: "running", isReady: true });
    // Controllers are loaded when the first pod needs them: until then the lab is quicker.
    const { runFlux } = await import("../../process/run-flux.ts");
    const { namespace = "", name = "", uid = "" } = one.pod.metadata;
    const flux = await runFlux({
      transport: asServiceAccount(options.transport(), one.pod),
      host: options.host(),
      values: offTheNetwork(command.values),
      components: command.components,
      clock: options.clock,
      random: options.random,
      log,
      runtimeNamespace: containerEnvironment(one.pod, programOf(one.pod)?.container ?? {}).get("RUNTIME_NAMESPACE") ?? namespace,
      hostname: name,
      storageFolder: join(options.folder, uid),
      storageAddress: "127.0.0.1:0",
      ...advertised(command),
      isAlone: false,
      resolve: (host) => network.resolve(host),
      workerUrl: options.workerUrl,
      path: options.path,
      onLost: (component, reason) => {
        log.error("leader election lost", { component, error: reason });
        void end(one, 0).then(() => exit(one, BROKEN));
      },
    });
    one.flux = flux;
    if (flux.storageAddress !== undefined) one.leaveNetwork = network.listen("source-controller", namespace, flux.storageAddress);
    if (one.stopping.signal.aborted) return;
    change(one, { is: "running", isReady: flux.isReady });
    awaitReady(one);
  };
  const awaitReady = (one: Running): void => {
    if (one.state.is !== "running" || one.state.isReady || one.stopping.signal.aborted) return;
    if (one.flux?.isReady === true) return change(one, { is: "running", isReady: true });
    options.clock.after(READY_POLL_MS, () => awaitReady(one));
  };
  const end = async (one: Running, graceMs: number): Promise<void> => {
    one.stopping.abort();
    await one.ended;
    one.leaveNetwork?.();
    await one.flux?.stop(graceMs);
    delete one.flux;
  };
  const start = (pod: KubeObject): void => {
    const { uid = "" } = pod.metadata;
    const before = pods.get(uid);
    if (before !== undefined && before.state.is !== "exited") return;
    const one: Running = { pod, log: new PodLog(), stopping: new AbortController(), state: { is: "starting" }, ended: Promise.resolve() };
    pods.set(uid, one);
    one.ended = run(one).catch((error: unknown) => {
      one.log.write(
        `${JSON.stringify({ level: "error", ts: isoTime(options.clock), msg: "unable to start the controllers", error: messageOf(error) })}\n`,
        options.clock.now(),
      );
      exit(one, BROKEN);
    });
  };

  return {
    runs: (pod) => programOf(pod) !== undefined,
    start,
    state: (uid) => pods.get(uid)?.state,
    stop(uid, graceMs) {
      const one = pods.get(uid);
      if (one === undefined || one.stopping.signal.aborted) return;
      end(one, graceMs).then(
        () => exit(one, 0),
        (error: unknown) => {
          options.log.error("a pod did not end in order", { pod: one.pod.metadata.name, error });
          exit(one, BROKEN);
        },
      );
    },
    forget(uid) {
      const one = pods.get(uid);
      pods.delete(uid);
      const clean = async (): Promise<void> => {
        if (one !== undefined) await end(one, 0);
        await rm(join(options.folder, uid), { recursive: true, force: true, maxRetries: 3 });
      };
      if (one !== undefined) clean().catch((error: unknown) => options.log.error("what a pod kept could not be deleted", { error }));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    logOf: (uid) => pods.get(uid)?.log,
    async stopAll(graceMs) {
      await Promise.all([...pods.values()].map((one) => end(one, graceMs)));
      await rm(options.folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function readCommand(pod: KubeObject): ControllersCommand | FlagError {
  const program = programOf(pod);
  const environment = containerEnvironment(pod, program?.container ?? {});
  try {
    return parseControllersCommand((program?.argv ?? []).map((word) => expand(word, environment)));
  } catch (error) {
    if (error instanceof FlagError) return error;
    throw error;
  }
}

function loggerOf(command: ControllersCommand | FlagError, log: PodLog, clock: Clock): Logger {
  const flags = command instanceof FlagError ? undefined : command.values[""];
  const level: LogLevel = flags?.["log-level"] ?? "info";
  return createFluxLogger({ level, encoding: flags?.["log-encoding"] ?? "json", clock, write: (line) => log.write(line, clock.now()) });
}

/** Pods of one process cannot all listen on the same ports, and there is nobody yet who takes events. */
function offTheNetwork(values: ControllersCommand["values"]): ControllersCommand["values"] {
  return { ...values, "": { ...values[""], "metrics-addr": "0", "health-addr": "0", "events-addr": "" } };
}

function advertised({ values }: ControllersCommand): { readonly storageAdvertised?: string } {
  const given = values["source-controller"]["storage-adv-addr"];
  return given === "" ? {} : { storageAdvertised: given };
}

/** Asks as the service account of a pod would with its token; whom it acts as must be allowed to it. */
function asServiceAccount(transport: Transport, pod: KubeObject): Transport {
  const spec = isJsonObject(pod["spec"]) ? pod["spec"] : {};
  const account = typeof spec["serviceAccountName"] === "string" ? spec["serviceAccountName"] : "default";
  const { namespace = "" } = pod.metadata;
  const identity: Identity = {
    user: `system:serviceaccount:${namespace}:${account}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
  return (request) => {
    const { identity: acting, ...rest } = request;
    if (acting === undefined) return transport({ ...rest, identity });
    const headers = Object.entries(requestHeaders(request, {})).map(([name, value]) => [
      name,
      typeof value === "string" ? value : value.join(", "),
    ]);
    return transport({ ...rest, headers: Object.fromEntries(headers), identity });
  };
}

function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
