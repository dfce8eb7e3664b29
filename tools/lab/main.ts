// SPDX-License-Identifier: Apache-2.0
// What `npm start` runs: an embedded cluster, the controllers, and a git repository, until Ctrl-C.
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import { createFluxLogger, parseFlags, stopOnSignals, systemClock } from "@flux-ts/kube-runtime";
import { LAB_HELP, LabUsageError, parseLabOptions, startLabCluster } from "flux-ts";
import { whatToTry } from "./advice.ts";
import { reconcileRepository } from "./fleet-objects.ts";
import { makeLabFolder } from "./lab-folder.ts";
import { openLog } from "./log-file.ts";
import { onePress } from "./one-press.ts";
import { serveOwnRepository, serveSampleFleet } from "./repository.ts";
import { followUntilReady } from "./view.ts";

const READY_WITHIN_MS = 60_000;

async function main(): Promise<number> {
  const startedAt = Date.now();
  const installSeconds = Number(process.env["FLUX_TS_INSTALL_SECONDS"] ?? "0");
  const options = parseLabOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(LAB_HELP);
    return 0;
  }
  const root = process.env["FLUX_TS_ROOT"] ?? process.cwd();
  const folder = options.data === undefined ? makeLabFolder(join(root, ".flux-ts"), process) : resolve(options.data);
  const stopping = new AbortController();
  const parts: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    process.stdout.write("\nStopping …\n");
    while (parts.length > 0) await parts.pop()?.();
  };
  // From here on, Ctrl-C while it starts leaves nothing behind either.
  stopOnSignals(onePress(process, Date.now), stop, (code) => process.exit(code));
  process.on("SIGHUP", () => process.kill(process.pid, "SIGTERM"));

  // A repository that cannot be served is told before anything else is made.
  const own = options.repo === undefined ? undefined : await serveOwnRepository(resolve(options.repo), options.branch);
  if (own !== undefined) parts.push(() => own.close());
  const logFile = openLog(join(folder, "controllers.log"));
  parts.push(() => logFile.close());
  const log = createFluxLogger({ level: "info", encoding: "json", clock: systemClock(), write: (line) => logFile.write(line) });
  const cluster = await startLabCluster({
    folder,
    isKept: options.data !== undefined,
    port: options.port,
    podReadyAfterMs: options.podReadyMs,
    // Nobody scrapes or probes the lab, and another one may run beside it.
    values: parseFlags(["--metrics-addr=0", "--health-addr=0", "--requeue-dependency=5s"], fluxFlags, flagsNotBuilt),
    log,
    workerUrl: workerUrl(),
    path: process.env["PATH"] ?? "",
    hostname: hostname(),
  });
  parts.push(() => cluster.stop());
  // After the cluster, which finds out whether another process has the folder.
  const repository = own ?? (await serveSampleFleet(join(folder, "git"), join(root, "examples", "fleet")));
  if (own === undefined) parts.push(() => repository.close());

  process.stdout.write(
    `API server   ${cluster.url}\nkubeconfig   ${cluster.kubeconfigPath}\nlog          ${logFile.path}\nrepository   ${repository.url}\n\n`,
  );
  const wake = await reconcileRepository(cluster.client, { url: repository.url, branch: repository.branch, path: options.path });
  repository.onChange(() => void wake());
  const isReady = await followUntilReady(cluster.client, {
    log,
    signal: stopping.signal,
    deadlineMs: READY_WITHIN_MS,
    keepsRunning: !options.once,
  });
  if (stopping.signal.aborted) return new Promise(() => {});
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const told = installSeconds > 0 ? ` (install: ${installSeconds.toFixed(1)} s)` : "";
  if (isReady)
    process.stdout.write(`\n${options.repo === undefined ? "podinfo is Ready" : "Everything is Ready"} after ${seconds} s${told}\n\n`);
  else process.stdout.write(`\nNot everything is Ready after ${seconds} s${told}; the lines above say what it waits for.\n\n`);
  if (!options.once) {
    process.stdout.write(whatToTry({ root, kubeconfig: cluster.kubeconfigPath, repository, isSample: options.repo === undefined }));
    return new Promise(() => {});
  }
  await stop();
  return isReady ? 0 : 1;
}

/** Beside this file: the bundle's worker, or in development the source. */
function workerUrl(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url)
    : new URL("./compute-worker.mjs", import.meta.url);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof LabUsageError;
  process.stderr.write(`✗ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isUsage ? 2 : 1);
}
