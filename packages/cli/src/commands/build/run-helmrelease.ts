// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { HelmError, parseKubeVersion } from "@flux-ts/helm";
import { loadChart } from "@flux-ts/helm/node";
import { type JsonObject, isJsonObject, parseYamlDocuments, stringifyYaml } from "@flux-ts/kube-core";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { buildHelmRelease } from "../../helmrelease/build-helm-release.ts";
import { maskSecrets } from "../../helmrelease/mask-secrets.ts";
import { findRelease, fieldAt } from "../../helmrelease/release-files.ts";

/** `flux build helmrelease NAME` */
export const runBuildHelmRelease: Run = async ({ args, flags, io }) => {
  const [name] = args;
  const files = flags.strings("file");
  if (files.length === 0) throw new CommandError("name the files with the HelmRelease with --file");
  const objects: JsonObject[] = [];
  for (const file of files) objects.push(...(await readObjects(file, resolve(io.cwd, file))));
  const release = findRelease(objects, name, flags.string("namespace"));
  const chartPath = chartOf(release, flags.string("chart"), flags.string("source"));
  const kubeVersion = flags.string("kube-version");
  try {
    const built = await buildHelmRelease({
      release,
      objects,
      chart: loadChart(resolve(io.cwd, chartPath)),
      apiVersions: flags.strings("api-versions"),
      now: () => io.clock.now(),
      ...(kubeVersion === "" ? {} : { kubeVersion: parseKubeVersion(kubeVersion) }),
    });
    for (const warning of built.warnings) io.stderr(`${warning}\n`);
    const shown = flags.bool("show-secrets") ? built.objects : maskSecrets(built.objects, built.secretTexts);
    io.stdout(shown.map((object) => `---\n${stringifyYaml(object)}`).join(""));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    throw new CommandError([error.message, ...error.notes.map((note) => `  ${note}`)].join("\n"), { cause: error });
  }
};

async function readObjects(name: string, path: string): Promise<JsonObject[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new CommandError(`failed to read ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  try {
    return parseYamlDocuments(text).filter(isJsonObject);
  } catch (error) {
    throw new CommandError(`failed to read ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Where the chart is: as told, or in the checkout that was told. */
function chartOf(release: JsonObject, chart: string, source: string): string {
  if (chart !== "") return chart;
  const inSource = fieldAt(release, "spec", "chart", "spec", "chart");
  if (source !== "" && typeof inSource === "string") return resolve(source, inSource);
  throw new CommandError("name the chart with --chart, or a checkout of its source with --source");
}
