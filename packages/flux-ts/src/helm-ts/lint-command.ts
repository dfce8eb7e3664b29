// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type ChartFile,
  type ChartFileSystem,
  type LintMessage,
  archiveOpener,
  lintChart,
  parseKubeVersion,
  printLintMessage,
} from "@flux-ts/helm";
import { gunzip, nodeChartFiles, nodeTemplatePorts } from "@flux-ts/helm/node";
import { valueLayers } from "./chart-arguments.ts";
import type { ParsedFlags } from "./flags.ts";
import type { Surroundings } from "./run.ts";

/** `helm-ts lint PATH…` @see helm.sh/helm/v4 pkg/cmd lint.go */
export async function runLint(flags: ParsedFlags, surroundings: Surroundings): Promise<void> {
  if (flags.args.length === 0) throw new Error('"helm lint" requires at least 1 argument\n\nUsage:  helm lint PATH [flags]');
  const { cwd, stdout } = surroundings;
  const paths = flags.isOn("with-subcharts") ? flags.args.flatMap((path) => [path, ...subcharts(cwd, path)]) : flags.args;
  const layers = valueLayers(flags, surroundings);
  const isQuiet = flags.isOn("quiet");
  let failed = 0;
  let noisy = 0;
  for (const path of paths) {
    const result = await lintOne(path, flags, layers.at(-1)?.values ?? {}, surroundings);
    const messages = typeof result === "string" ? [] : result;
    const hasProblems = typeof result === "string" || messages.some(({ severity }) => severity !== "INFO");
    const fails = (message: LintMessage): boolean =>
      message.severity === "ERROR" || (flags.isOn("strict") && message.severity === "WARNING");
    if (hasProblems) noisy++;
    if (isQuiet && !hasProblems) continue;
    if (typeof result === "string" || messages.some(fails)) failed++;
    stdout(`==> Linting ${path}\n`);
    if (typeof result === "string") stdout(`Error ${result}\n`);
    for (const message of messages) if (!isQuiet || message.severity !== "INFO") stdout(`${printLintMessage(message)}\n`);
    stdout("\n");
  }
  const summary = `${paths.length} chart(s) linted, ${failed} chart(s) failed`;
  if (failed > 0) throw new Error(summary);
  if (!isQuiet || noisy > 0) stdout(`${summary}\n`);
}

/** The charts below a chart, by their Chart.yaml or archive. */
function subcharts(cwd: string, path: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    const full = resolve(cwd, folder);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    for (const name of readdirSync(full).toSorted()) {
      if (name === "Chart.yaml") found.push(folder);
      else if (/\.(?:tgz|tar\.gz)$/.test(name)) found.push(join(folder, name));
      else walk(join(folder, name));
    }
  };
  walk(join(path, "charts"));
  return found;
}

/** What the rules say, or why they could not be asked. */
async function lintOne(
  path: string,
  flags: ParsedFlags,
  values: Parameters<typeof lintChart>[2]["values"],
  surroundings: Surroundings,
): Promise<LintMessage[] | string> {
  const kubeVersion = flags.text("kube-version");
  const options = {
    gunzip,
    ports: await nodeTemplatePorts(surroundings.now),
    namespace: flags.text("namespace") ?? "default",
    skipSchemaValidation: flags.isOn("skip-schema-validation"),
    links: "followed" as const,
    ...(values === undefined ? {} : { values }),
    ...(kubeVersion === undefined ? {} : { kubeVersion: parseKubeVersion(kubeVersion) }),
  };
  const full = resolve(surroundings.cwd, path);
  if (/\.(?:tgz|tar\.gz)$/.test(path)) {
    let files: readonly ChartFile[];
    try {
      files = archiveOpener({ gunzip })(readFileSync(full));
    } catch (error) {
      return `unable to extract tarball: ${error instanceof Error ? error.message : String(error)}`;
    }
    return lintChart(memoryFiles(files), "/chart", options);
  }
  if (statSync(join(full, "Chart.yaml"), { throwIfNoEntry: false }) === undefined)
    return `unable to check Chart.yaml file in chart: stat ${join(path, "Chart.yaml")}: no such file or directory`;
  return lintChart(nodeChartFiles(), full, options);
}

/** The files of an archive as the folder `/chart`. */
function memoryFiles(files: readonly ChartFile[]): ChartFileSystem {
  const byPath = new Map(files.map(({ name, data }) => [`/chart/${name}`, data]));
  return {
    read: (path) => {
      const data = byPath.get(path);
      if (data === undefined) throw new Error(`open ${path}: no such file or directory`);
      return data;
    },
    isDirectory: (path) => !byPath.has(path),
    list: (path) => [
      ...new Set(
        [...byPath.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1).split("/", 1)[0] ?? ""),
      ),
    ],
    realPath: (path) => path,
  };
}
