// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, runCommand, type Io } from "@flux-ts/cli";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import type { Client } from "@flux-ts/kube-client";
import { parseYamlDocuments, type KubeObject } from "@flux-ts/kube-core";
import { parseFlags, silentLogger, systemClock } from "@flux-ts/kube-runtime";
import { createGitServer, type GitServer } from "@flux-ts/testbed/git-server";
import { startLabCluster } from "../src/lab/cluster.ts";

/** How a command ended. What differs from run to run is replaced: times, durations and commits. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface FluxInput {
  readonly stdin?: string;
  readonly answer?: string;
  /** Told all output so far; what it returns true for interrupts the command, as Ctrl-C does. */
  readonly until?: (out: string) => boolean;
}

/** A cluster whose controllers live, a git server, and the command, which reaches the cluster over HTTPS by its kubeconfig. */
export interface LivingLab extends AsyncDisposable {
  readonly client: Client;
  readonly git: GitServer;
  /** Where files of commands lie; their current folder. */
  readonly folder: string;
  /** Words are split at spaces, `_` in them stands for one. */
  flux(words: string, input?: FluxInput): Promise<Ended>;
  /** Server-side apply of YAML; a status in it is written, too. */
  apply(yaml: string): Promise<void>;
}

const FLAGS = [
  "--interval-jitter-percentage=0",
  "--requeue-dependency=1s",
  "--feature-gates=DefaultNamespaceFallback=false,RefuseEncrypted=false",
  "--metrics-addr=0",
  "--health-addr=0",
];

/** Close it with `await using`. */
export async function createLivingLab(): Promise<LivingLab> {
  const folder = mkdtempSync(join(tmpdir(), "living-lab-"));
  const git = await createGitServer();
  const cluster = await startLabCluster({
    folder: join(folder, "lab"),
    isKept: false,
    port: 0,
    podReadyAfterMs: 100,
    values: parseFlags(FLAGS, fluxFlags, flagsNotBuilt),
    log: silentLogger,
    workerUrl: new URL("../src/programs/compute-worker.ts", import.meta.url),
    path: process.env["PATH"] ?? "",
    hostname: "test",
  });

  const flux: LivingLab["flux"] = async (words, { stdin = "", answer, until } = {}) => {
    let [out, err] = ["", ""];
    const interrupt = new AbortController();
    const io: Io = {
      stdout: (text) => {
        out += text;
        if (until?.(out) === true) interrupt.abort(new Error("interrupted"));
      },
      stderr: (text) => {
        err += text;
      },
      stdin: () => Promise.resolve(stdin),
      ask: () => (answer === undefined ? Promise.reject(new Error("nobody is there")) : Promise.resolve(answer)),
      env: { PATH: process.env["PATH"], KUBECONFIG: cluster.kubeconfigPath },
      cwd: folder,
      home: folder,
      clock: systemClock(),
      terminal: { isTty: false, columns: 80 },
      signal: interrupt.signal,
    };
    const argv = words
      .split(" ")
      .filter(Boolean)
      .map((word) => word.replaceAll("_", " "));
    const code = await runCommand(root, argv, io);
    return { code, out: normalized(out, git.url), err: normalized(err, git.url) };
  };

  const apply = async (yaml: string): Promise<void> => {
    for (const document of parseYamlDocuments(yaml)) {
      // The tests write objects of Kubernetes and nothing else.
      const object = document as unknown as KubeObject;
      const applied = await cluster.client.apply(object, { fieldManager: "kubectl", force: true });
      const { status } = object as { readonly status?: unknown };
      if (status !== undefined) await cluster.client.update({ ...applied, status }, { subresource: "status" });
    }
  };

  return {
    client: cluster.client,
    git,
    folder,
    flux,
    apply,
    async [Symbol.asyncDispose]() {
      await cluster.stop(1000);
      await git[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function normalized(text: string, gitUrl: string): string {
  return text
    .replaceAll(gitUrl, "{git}")
    .replace(/sha1:[0-9a-f]{40}/g, "sha1:{commit}")
    .replace(/sha1:[0-9a-f]{8}\b/g, "sha1:{sha}")
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, "{time}")
    .replace(/(finished in|passed in) [\d.msh]+/g, "$1 {for}")
    .replace(/^\d+[smh](\d+s)?( \(x\d+ over \S+\))?[ \t]+/gm, "{age} ")
    .replace(/[ \t]+$/gm, "")
    .replace(/[ \t]*\t[ \t]*/g, " | ");
}
