// SPDX-License-Identifier: Apache-2.0
import { type GoMap, goQuote } from "@flux-ts/gotemplate";
import { getKey, isJsonObject } from "@flux-ts/kube-core";
import { DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION, type KubeVersion } from "../capabilities.ts";
import type { Chart } from "../chart/chart.ts";
import { toMap } from "../dependencies/chart-node.ts";
import { messageOf } from "../helm-error.ts";
import { isBlank } from "../manifests/split-manifests.ts";
import { CompiledTemplates } from "../render/compiled-chart.ts";
import { prepareChart } from "../render/render-release.ts";
import { templateData } from "../render/template-data.ts";
import { toYamlText } from "../render/yaml-text.ts";
import { SchemaCache, validateValues } from "../schema/validate-values.ts";
import { coalesceValues } from "../values/coalesce.ts";
import { deprecationOf } from "./deprecated-apis.ts";
import type { Linting } from "./lint-chart.ts";
import { hasEntry } from "./lint-files.ts";
import { type LintedObject, readObjects } from "./linted-objects.ts";
import { nameProblems } from "./object-names.ts";

const FOLDER = "templates/";

/** Rules of templates, as they are and as they come out. @see helm.sh/helm/v4 pkg/chart/v2/lint/rules Templates */
export function lintTemplates(linting: Linting): void {
  const { tell, fs, folder, load, options } = linting;
  if (!tell("WARNING", FOLDER, hasEntry(linting, "templates") ? undefined : "directory does not exist")) return;
  if (!tell("ERROR", FOLDER, fs.isDirectory(`${folder}/templates`) ? undefined : "not a directory")) return;
  const chart = load();
  if (typeof chart === "string") {
    tell("ERROR", FOLDER, chart);
    return;
  }
  const rendered = render(linting, chart);
  if (rendered === undefined) return;
  const kubeVersion = options.kubeVersion ?? DEFAULT_KUBE_VERSION;
  for (const { name } of chart.templates) {
    const extension = /\.[^./]*$/.exec(name)?.[0] ?? "";
    tell(
      "ERROR",
      name,
      [".yaml", ".yml", ".tpl", ".txt"].includes(extension)
        ? undefined
        : `file extension '${extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`,
    );
    if (!/^\.ya?ml$/i.test(extension)) continue;
    const text = rendered.get(`${chart.metadata.name}/${name}`) ?? "";
    if (!isBlank(text) && !lintRendered(linting, name, text, kubeVersion)) return;
  }
}

/** What templates make, or undefined when that is told of already. */
function render({ tell, options }: Linting, chart: Chart): ReadonlyMap<string, string> | undefined {
  const warn = (): void => {};
  const release = { name: "test-release", namespace: options.namespace ?? "default", revision: 0 };
  const capabilities = { kubeVersion: options.kubeVersion ?? DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS };
  let node: ReturnType<typeof prepareChart>;
  let values: GoMap;
  try {
    node = prepareChart(chart, options.values ?? {}, warn);
    values = coalesceValues(node, toMap(options.values ?? {}), warn);
    // Twice, as Helm does: nulls that were left are gone after the second time.
    values = coalesceValues(node, values, warn);
  } catch {
    return undefined;
  }
  try {
    if (options.skipSchemaValidation !== true) validateValues(node, values, new SchemaCache());
    const data = templateData(node, values, { release, capabilities, stringifyYaml: toYamlText });
    return new CompiledTemplates({ ports: options.ports, isLint: true }).render(data);
  } catch (error) {
    tell("ERROR", FOLDER, messageOf(error));
    return undefined;
  }
}

/** False when there is no use in going on. */
function lintRendered({ tell }: Linting, path: string, text: string, kubeVersion: KubeVersion): boolean {
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  tell(
    "WARNING",
    path,
    /^[ \t]/.test(first) ? `document starts with an illegal indent: ${goQuote(first)}, which may cause parsing problems` : undefined,
  );
  let objects: readonly LintedObject[];
  try {
    objects = readObjects(text);
  } catch (error) {
    tell("ERROR", path, `unable to parse YAML: ${messageOf(error)}`);
    return false;
  }
  for (const object of objects) {
    const { apiVersion, kind, name } = object;
    const problems = nameProblems(kind, name);
    tell(
      "WARNING",
      path,
      problems.length === 0
        ? undefined
        : `object name does not conform to Kubernetes naming requirements: ${goQuote(name)}: ${aggregate(problems.map((why) => `metadata.name: Invalid value: ${goQuote(name)}: ${why}`))}`,
    );
    const isTold = apiVersion !== "" && kind !== "";
    tell("WARNING", path, isTold ? deprecationOf(apiVersion, kind, Number(kubeVersion.major), Number(kubeVersion.minor)) : undefined);
    tell("ERROR", path, selectorProblem(object, text));
    tell("ERROR", path, listProblem(object));
  }
  return true;
}

function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? (messages[0] ?? "") : `[${messages.join(", ")}]`;
}

function selectorProblem({ kind, name }: LintedObject, text: string): string | undefined {
  if (!["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"].includes(kind)) return undefined;
  return text.includes("matchLabels") || text.includes("matchExpressions")
    ? undefined
    : `a ${kind} must contain matchLabels or matchExpressions, and ${goQuote(name)} does not`;
}

function listProblem({ kind, value }: LintedObject): string | undefined {
  const items = kind === "List" && isJsonObject(value) ? getKey(value, "items") : undefined;
  const hasPolicy = (item: unknown): boolean => {
    const metadata = isJsonObject(item) ? getKey(item, "metadata") : undefined;
    const annotations = isJsonObject(metadata) ? getKey(metadata, "annotations") : undefined;
    return isJsonObject(annotations) && Object.hasOwn(annotations, "helm.sh/resource-policy");
  };
  return Array.isArray(items) && items.some(hasPolicy) ? "annotation 'helm.sh/resource-policy' within List objects are ignored" : undefined;
}
