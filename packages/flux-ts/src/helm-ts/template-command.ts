// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HelmError, type RenderedRelease, printExplained, printRelease } from "@flux-ts/helm";
import { nameAndChart } from "./chart-arguments.ts";
import type { ParsedFlags } from "./flags.ts";
import { refuseUnsupported, renderChart } from "./render-command.ts";
import type { Surroundings } from "./run.ts";

/** `helm-ts template [NAME] CHART` */
export async function runTemplate(flags: ParsedFlags, surroundings: Surroundings): Promise<void> {
  if (flags.args.length === 0)
    throw new Error('"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]');
  refuseUnsupported(flags);
  const { name, chart } = await nameAndChart(flags, "release-name", surroundings.now());
  let release: RenderedRelease;
  try {
    release = await renderChart(name, chart, flags, surroundings);
  } catch (error) {
    if (error instanceof HelmError && ["TEMPLATE", "LIMIT", "MANIFEST", "KUBE_VERSION", "POST_RENDER"].includes(error.code))
      throw new HelmError(error.code, `${error.message}\n\nUse --debug flag to render out invalid YAML`, {
        notes: error.notes,
        cause: error,
      });
    throw error;
  }
  const outputDir = flags.text("output-dir") ?? "";
  const print = {
    includeCrds: flags.isOn("include-crds"),
    noHooks: flags.isOn("no-hooks"),
    skipTests: flags.isOn("skip-tests"),
    showOnly: flags.list("show-only"),
  };
  if (outputDir !== "") writeRelease(release, flags, name, outputDir, surroundings);
  else if (flags.isOn("explain")) surroundings.stdout(printExplained(release, print));
  else surroundings.stdout(printRelease(release, print));
}

/** A file for each template, its documents one after the other. @see helm.sh/helm/v4 pkg/action writeToFile */
function writeRelease(release: RenderedRelease, flags: ParsedFlags, name: string, outputDir: string, { cwd, stdout }: Surroundings): void {
  const written = new Set<string>();
  const write = (folder: string, path: string, content: string): void => {
    const shown = join(folder, path);
    const file = resolve(cwd, shown);
    mkdirSync(dirname(file), { recursive: true });
    const text = `---\n# Source: ${path}\n${content}\n`;
    if (written.has(path)) appendFileSync(file, text);
    else writeFileSync(file, text);
    written.add(path);
    stdout(`wrote ${shown}\n`);
  };
  const below = flags.isOn("release-name") ? join(outputDir, name) : outputDir;
  if (flags.isOn("include-crds")) for (const { path, content } of release.crds) write(outputDir, path, content);
  const hooks = flags.isOn("no-hooks") ? [] : release.hooks.filter(({ events }) => !(flags.isOn("skip-tests") && events.includes("test")));
  for (const { path, content } of [...release.manifests, ...hooks]) write(below, path, content);
  // Helm prints the manifest that it did not write: an empty line.
  stdout("\n");
}
