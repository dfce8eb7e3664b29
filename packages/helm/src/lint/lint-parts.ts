// SPDX-License-Identifier: Apache-2.0
import { textOf } from "../chart/chart.ts";
import { messageOf } from "../helm-error.ts";
import type { Linting } from "./lint-chart.ts";
import { hasEntry } from "./lint-files.ts";
import { type LintedObject, readObjects } from "./linted-objects.ts";

/** Rules of dependencies: what is listed is there, and the other way round. @see helm.sh/helm/v4 pkg/chart/v2/lint/rules Dependencies */
export function lintDependencies({ load, tell, folder }: Linting): void {
  const chart = load();
  if (typeof chart === "string") {
    tell("ERROR", "", `unable to load chart\n\t${chart}`);
    return;
  }
  const listed = chart.metadata.dependencies ?? [];
  const present = chart.dependencies.map(({ metadata }) => metadata.name);
  const unlisted = present.filter((name) => !listed.some((one) => one.name === name));
  tell("ERROR", folder, unlisted.length === 0 ? undefined : `chart metadata is missing these dependencies: ${unlisted.join(",")}`);
  const keys = listed.map(({ name, alias }) => (alias === "" ? name : alias));
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  tell("ERROR", folder, twice.length === 0 ? undefined : `multiple dependencies with name or alias: ${twice.join(",")}`);
  const absent = listed.map(({ name }) => name).filter((name) => !present.includes(name));
  tell("WARNING", folder, absent.length === 0 ? undefined : `chart directory is missing these dependencies: ${absent.join(",")}`);
}

/** Rules of `crds/`. @see helm.sh/helm/v4 pkg/chart/v2/lint/rules Crds */
export function lintCrds(linting: Linting): void {
  const { load, tell, fs, folder } = linting;
  if (!hasEntry(linting, "crds")) return;
  if (!tell("ERROR", "crds/", fs.isDirectory(`${folder}/crds`) ? undefined : "not a directory")) return;
  const chart = load();
  if (typeof chart === "string") {
    tell("ERROR", "crds/", chart);
    return;
  }
  for (const file of chart.files) {
    if (!file.name.startsWith("crds/") || !/\.(?:ya?ml|json)$/i.test(file.name)) continue;
    let objects: readonly LintedObject[];
    try {
      objects = readObjects(textOf(file));
    } catch (error) {
      tell("ERROR", file.name, `unable to parse YAML: ${messageOf(error)}`);
      return;
    }
    for (const { apiVersion, kind } of objects) {
      tell("ERROR", file.name, apiVersion.startsWith("apiextensions.k8s.io") ? undefined : "apiVersion is not in 'apiextensions.k8s.io'");
      tell("ERROR", file.name, kind === "CustomResourceDefinition" ? undefined : "object kind is not 'CustomResourceDefinition'");
    }
  }
}
