// SPDX-License-Identifier: Apache-2.0
import { CompiledChart, DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION, type RenderedRelease, parseKubeVersion } from "@flux-ts/helm";
import { nodePortsFor } from "@flux-ts/helm/node";
import type { JsonObject } from "@flux-ts/kube-core";
import { chartAt, valueLayers } from "./chart-arguments.ts";
import type { ParsedFlags } from "./flags.ts";
import type { Surroundings } from "./run.ts";

/** Flags that this program cannot keep its word on. @throws {Error} */
export function refuseUnsupported(flags: ParsedFlags): void {
  const dryRun = flags.text("dry-run") ?? "client";
  if (dryRun === "server" || flags.isOn("validate")) throw new Error("--dry-run=server needs a cluster, which helm-ts has none of");
  if (!["client", "unset", "true", "false", "none"].includes(dryRun))
    throw new Error(`invalid dry-run value (${JSON.stringify(dryRun)}). Must be "none", "server", or "client"`);
  for (const flag of ["post-renderer", "repo", "jsonpath"]) if (flags.has(flag)) throw new Error(`--${flag} is not supported by helm-ts`);
  if (flags.isOn("dependency-update")) throw new Error("--dependency-update is not supported by helm-ts: run helm dependency update");
  if (flags.isOn("verify")) throw new Error("--verify is not supported by helm-ts");
}

/** Renders the chart that flags and arguments name. @throws {Error} with Helm's messages */
export async function renderChart(
  name: string,
  chartPath: string,
  flags: ParsedFlags,
  surroundings: Surroundings,
): Promise<RenderedRelease> {
  const kubeVersion = flags.text("kube-version");
  const chosen = kubeVersion === undefined || kubeVersion === "" ? DEFAULT_KUBE_VERSION : parseKubeVersion(kubeVersion);
  // In Helm's order: the chart is found, values are read, the chart is loaded.
  const layers = valueLayers(flags, surroundings);
  const values: JsonObject = layers.at(-1)?.values ?? {};
  const loaded = chartAt(chartPath, surroundings);
  const chart = new CompiledChart(loaded, { ports: await nodePortsFor(loaded, values, surroundings.now) });
  const release = chart.render({
    release: { name, namespace: flags.text("namespace") ?? "default", isUpgrade: flags.isOn("is-upgrade") },
    values,
    capabilities: { kubeVersion: chosen, apiVersions: [...DEFAULT_API_VERSIONS, ...flags.list("api-versions")] },
    skipSchemaValidation: flags.isOn("skip-schema-validation"),
    subchartNotes: flags.isOn("render-subchart-notes"),
    layers,
    trace: flags.isOn("explain"),
  });
  for (const warning of release.warnings) surroundings.stderr(`${warning}\n`);
  return release;
}
