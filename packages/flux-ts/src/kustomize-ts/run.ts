// SPDX-License-Identifier: Apache-2.0
import { statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, KustomizeError, parseRepository, toExplainedYaml, toYaml, withRemote } from "@flux-ts/kustomize";
import { nodeFileSystem } from "@flux-ts/cli";
import { parseBuildArguments } from "./options.ts";
import { LocalRemoteSource } from "./remote-source.ts";
import { writeFiles } from "./write-files.ts";

const usage = `Build a kustomization target from a directory.

Usage:
  kustomize-ts build DIR [flags]

Flags:
      --enable-helm              render the charts of helmCharts that lie in charts/ (nothing is pulled)
      --enable-managedby-label   add the label app.kubernetes.io/managed-by to everything
      --explain                  print in front of each line the file and line that it comes from
      --helm-api-versions list   API versions that charts see
      --helm-kube-version string the version of Kubernetes that charts see
      --load-restrictor string   LoadRestrictionsRootOnly or LoadRestrictionsNone: whether files may lie outside of the kustomization (default "LoadRestrictionsRootOnly")
  -o, --output string            write to this file, or a file an object to this folder
      --reorder string           legacy or none: the order of a kustomization without sortOptions (default "legacy")

Flags of kustomize for plugins and containers are accepted; what needs them fails.
`;

/** Where the program reads and writes. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly cwd: string;
}

/** Runs `kustomize-ts` with these arguments. @returns the exit code */
export async function runKustomize(args: readonly string[], { stdout, stderr, cwd }: Streams): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || args.includes("-h") || args.includes("--help") || command === "help") {
    stdout(usage);
    return 0;
  }
  if (command !== "build") {
    stderr(`Error: unknown command "${command}" for "kustomize-ts"\n${usage}`);
    return 1;
  }
  try {
    const { folder, output, reorder, loadRestrictor, managedByLabel, explains, ...helm } = parseBuildArguments(rest);
    // Helm's engine is large, and most builds need none of it.
    const inflateChart = helm.enablesHelm
      ? await (
          await import("../engines/inflate-chart.ts")
        ).inflateCharts({
          apiVersions: helm.helmApiVersions,
          kubeVersion: helm.helmKubeVersion,
        })
      : undefined;
    using source = new LocalRemoteSource();
    const { objects, warnings, origins } = await withRemote(source, (remote) => {
      const repository = parseRepository(folder);
      const { fs, root } = repository === undefined ? { fs: nodeFileSystem(), root: cwd } : remote.openRepository(folder);
      return build(fs, resolve(root, repository?.path ?? folder), {
        loadRestrictor,
        managedByLabel,
        traceOrigins: explains,
        remote,
        ...(inflateChart === undefined ? {} : { inflateChart }),
        ...(reorder === undefined ? {} : { reorder }),
      });
    });
    for (const warning of warnings) stderr(`${warning}\n`);
    const print = (): string =>
      explains ? toExplainedYaml(objects, (object) => origins?.get(object), { relativeTo: cwd }) : toYaml(objects);
    if (output === undefined) stdout(print());
    else if (statSync(resolve(cwd, output), { throwIfNoEntry: false })?.isDirectory()) writeFiles(objects, resolve(cwd, output));
    else writeFileSync(resolve(cwd, output), print());
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Any other error is a fault of ours, of which the stack says more.
    const isExpected = error instanceof KustomizeError || error.name === "HelmError" || error.constructor === Error;
    stderr(`Error: ${isExpected ? error.message : (error.stack ?? error.message)}\n`);
    return 1;
  }
}
