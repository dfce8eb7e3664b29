// SPDX-License-Identifier: Apache-2.0
import { outermost } from "../decode.ts";
import type { InflateChart } from "../helm-charts.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { HelmChart, HelmGlobals } from "../kustomization.ts";
import { helmChart, helmGlobals, pluginMode } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { readResources } from "../read-resources.ts";
import type { Resource } from "../resource.ts";

/** The resources of an entry of `helmCharts`. @throws {KustomizeError} UNSUPPORTED without the port */
export function inflate(chart: HelmChart, globals: HelmGlobals, loader: Loader, port: InflateChart | undefined): readonly Resource[] {
  if (port === undefined) {
    throw new KustomizeError(
      "UNSUPPORTED",
      `cannot inflate the Helm chart "${chart.name}": Helm is not part of this build (in kustomize: must specify --enable-helm); use a HelmRelease, or render the chart into the repository`,
    );
  }
  const resources = prefixed(`Helm chart "${chart.name}"`, () => readResources(port({ chart, globals, loader })));
  for (const resource of resources) resource.isHelmGenerated = true;
  return resources;
}

/** The same, configured by a resource. */
export function encodeHelm(config: unknown, loader: Loader, port: InflateChart | undefined): readonly Resource[] {
  return inflate(helmChart(config, outermost, pluginMode), helmGlobals(config, outermost, pluginMode), loader, port);
}
