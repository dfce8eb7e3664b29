// SPDX-License-Identifier: Apache-2.0
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Transport } from "@flux-ts/kube-core";
import { connect, connectInCluster, isInCluster, loadKubeconfig, ownKubeconfig, selectFrom } from "@flux-ts/kube-client";
import type { Logger, SignalSource } from "@flux-ts/kube-runtime";
import { createFluxLogger, FlagError, stopOnSignals, systemClock } from "@flux-ts/kube-runtime";
import type { ControllersCommand } from "./components.ts";
import { parseControllersCommand } from "./components.ts";
import { runFlux, type RunningFlux } from "./run-flux.ts";

export interface ControllersProcessOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  readonly signals: SignalSource;
  /** Takes log lines and usage errors. */
  readonly write: (line: string) => void;
  readonly exit: (code: number) => void;
  readonly workerUrl: URL;
}

/**
 * Runs controllers until a signal: those that are named, else all. The first SIGTERM ends them in order: not ready any more, no new work, running
 * applies end within 30 seconds, leases are given back, exit 0. A second one exits at once. A lost lease exits with 1.
 */
export async function runControllersProcess(options: ControllersProcessOptions): Promise<void> {
  const { exit, write } = options;
  let command: ControllersCommand;
  try {
    command = parseControllersCommand(options.argv);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    write(`${error.message}\n`);
    return exit(2);
  }
  const { values, missing } = command;
  const log = createFluxLogger({ level: values[""]["log-level"], encoding: values[""]["log-encoding"], clock: systemClock(), write });
  for (const component of missing) log.error("this version has no code for this controller: its objects are not reconciled", { component });
  const starting = start(options, command, log);
  // A signal while it starts counts, too: what has started by then is stopped.
  stopOnSignals(options.signals, async () => (await starting.catch(() => undefined))?.stop(), exit);
  try {
    await starting;
  } catch (error) {
    log.error("unable to start the controllers", { error });
    exit(1);
  }
}

async function start(options: ControllersProcessOptions, { values, components }: ControllersCommand, log: Logger): Promise<RunningFlux> {
  const { env, hostname, exit } = options;
  const { transport, host } = await clusterOf(env);
  const source = values["source-controller"];
  const keeps = components.includes("source-controller");
  return runFlux({
    transport,
    host,
    values,
    components,
    clock: systemClock(),
    random: Math.random,
    log,
    runtimeNamespace: env["RUNTIME_NAMESPACE"] || "flux-system",
    hostname,
    // Others keep nothing that outlives them.
    storageFolder: keeps ? source["storage-path"] || env["STORAGE_PATH"] || "/data" : join(tmpdir(), "flux-ts"),
    storageAddress: source["storage-addr"] || env["STORAGE_ADDR"] || ":9090",
    storageAdvertised: source["storage-adv-addr"] || env["STORAGE_ADV_ADDR"] || hostname,
    isAlone: false,
    workerUrl: options.workerUrl,
    path: env["PATH"] ?? "",
    env,
    onLost: (component, reason) => {
      log.error("leader election lost", { component, error: reason });
      exit(1);
    },
  });
}

/** The cluster that this process runs in, else the one of the user's kubeconfig. */
async function clusterOf(env: ControllersProcessOptions["env"]): Promise<{ readonly transport: Transport; readonly host: string }> {
  const clock = systemClock();
  if (isInCluster(env)) {
    const { transport } = await connectInCluster({ env, clock });
    return { transport, host: `${env["KUBERNETES_SERVICE_HOST"] ?? ""}:${env["KUBERNETES_SERVICE_PORT"] ?? ""}` };
  }
  const selected = selectFrom(await loadKubeconfig({ env, home: homedir() }));
  return { transport: await connect(selected, { clock, trust: ownKubeconfig, env }), host: new URL(selected.cluster.server).host };
}
