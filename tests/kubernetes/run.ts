// SPDX-License-Identifier: Apache-2.0
// npm run test:kubernetes [-- ARGS OF VITEST]: builds a real Kubernetes where it is not built yet, starts one of each kind that tests ask for, and runs
// on it what is written for it (`*.kubernetes.test.ts`) and the scenarios that take any cluster.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildBinaries } from "./binaries.ts";
import { startRealKubernetes } from "./real-kubernetes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function main(args: readonly string[]): Promise<number> {
  const binaries = await buildBinaries((line) => process.stdout.write(`${line}\n`));
  if ("missing" in binaries) {
    process.stdout.write(`SKIPPED: no test ran on a real Kubernetes, because ${binaries.missing}\n\n0 passed, 0 failed, 1 skipped\n`);
    return 0;
  }
  await using none = await startRealKubernetes({ level: "none" });
  await using nodes = await startRealKubernetes({ level: "nodes", nodes: 2 });
  const vitest = [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    // Files share the clusters, so they take turns.
    "--no-file-parallelism",
    "--reporter=default",
    `--reporter=${root}tools/closing-line-reporter.mjs`,
    ...args,
  ];
  const env = {
    ...process.env,
    TZ: "UTC",
    FLUX_TS_TESTS: "kubernetes",
    FLUX_TS_TEST_CLUSTER_NONE: none.kubeconfigPath,
    FLUX_TS_TEST_CLUSTER_NODES: nodes.kubeconfigPath,
  };
  // Awaited here: the clusters must last as long as the tests.
  return await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, vitest, { cwd: root, stdio: "inherit", env });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.on("error", reject).on("exit", (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main(process.argv.slice(2));
