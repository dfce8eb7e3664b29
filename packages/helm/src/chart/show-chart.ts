// SPDX-License-Identifier: Apache-2.0
import { stringifyYaml } from "@flux-ts/kube-core";
import { type Chart, type ChartFile, type ChartMetadata, type Dependency, textOf } from "./chart.ts";

/** What `helm show` can show of a chart. */
export type ShowPart = "all" | "chart" | "values" | "readme" | "crds";

/**
 * What `helm show` prints.
 *
 * @see helm.sh/helm/v4 pkg/action Show.Run
 */
export function showChart(chart: Chart, part: ShowPart): string {
  const isAll = part === "all";
  let text = "";
  if (isAll || part === "chart") text += `${stringifyYaml(plainMetadata(chart.metadata))}\n`;
  if (isAll || part === "values") {
    if (isAll) text += "---\n";
    for (const file of chart.raw) if (file.name === "values.yaml") text += `${textOf(file)}\n`;
  }
  const readme = chart.files.find(({ name }) => ["readme.md", "readme.txt", "readme"].includes(name.toLowerCase()));
  if ((isAll || part === "readme") && readme !== undefined) text += `${isAll ? "---\n" : ""}${textOf(readme)}\n`;
  if (isAll || part === "crds") {
    for (const file of crdFiles(chart)) {
      const crd = textOf(file);
      text += `${crd.startsWith("---") ? "" : "---\n"}${crd}\n`;
    }
  }
  return text;
}

function crdFiles(chart: Chart): ChartFile[] {
  const own = chart.files.filter(({ name }) => name.startsWith("crds/") && /\.(?:ya?ml|json)$/i.test(name));
  return [...own, ...chart.dependencies.flatMap(crdFiles)];
}

/** What is not given is not shown. */
function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== "" && value !== false && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function plainMetadata(metadata: ChartMetadata): Record<string, unknown> {
  const annotations = metadata.annotations ?? {};
  return withoutEmpty({
    ...metadata,
    annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    maintainers: metadata.maintainers.map((maintainer) => withoutEmpty({ ...maintainer })),
    dependencies: metadata.dependencies?.map(plainDependency),
  });
}

function plainDependency({
  name,
  version,
  repository,
  condition,
  tags,
  enabled,
  importValues,
  alias,
}: Dependency): Record<string, unknown> {
  return {
    name,
    repository,
    ...withoutEmpty({ version, condition, tags, enabled, "import-values": importValues, alias }),
  };
}
