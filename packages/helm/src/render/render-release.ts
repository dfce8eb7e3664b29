// SPDX-License-Identifier: Apache-2.0
import { satisfiesSemver } from "@flux-ts/gotemplate";
import type { JsonObject } from "@flux-ts/kube-core";
import { type Capabilities, DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION } from "../capabilities.ts";
import { type Chart, type ChartFile, fullPath, textOf } from "../chart/chart.ts";
import { type ChartNode, chartNode, toMap } from "../dependencies/chart-node.ts";
import { processDependencies } from "../dependencies/process-dependencies.ts";
import { withNotes } from "../explain/error-notes.ts";
import { type LineOrigin, LineOrigins } from "../explain/line-origins.ts";
import { HelmError, messageOf } from "../helm-error.ts";
import { type SortedManifests, sortManifests } from "../manifests/sort-manifests.ts";
import { type PostRenderStrategy, type PostRenderer, postRender } from "../post-render/post-render.ts";
import { SchemaCache, validateValues } from "../schema/validate-values.ts";
import { type Warn, coalesceValues } from "../values/coalesce.ts";
import type { ValuesLayer } from "../values/user-values.ts";
import { CompiledTemplates, type EngineSettings } from "./compiled-chart.ts";
import { type ReleaseOptions, type Renderable, templateData } from "./template-data.ts";
import { toYamlText } from "./yaml-text.ts";

export interface RenderOptions {
  readonly release: ReleaseOptions;
  /** What the user gives over the chart's values, as {@link userValues} makes it. */
  readonly values?: JsonObject;
  /** The newest Kubernetes and its APIs when left out, as `helm template` has it. */
  readonly capabilities?: Capabilities;
  readonly skipSchemaValidation?: boolean;
  /** Whether notes of subcharts are added to the chart's. */
  readonly subchartNotes?: boolean;
  /** The layers that `values` was made of, as {@link userValueLayers} tells them: errors and origins name them. */
  readonly layers?: readonly ValuesLayer[];
  /** Whether to tell where each line comes from (`origins`). Not with a post-renderer. */
  readonly trace?: boolean;
  readonly postRenderer?: PostRenderer;
  /** "combined" when left out. */
  readonly postRenderStrategy?: PostRenderStrategy;
}

/** A file of a chart's `crds/`. */
export interface CustomResourceFile {
  /** `chart/crds/x.yaml` */
  readonly path: string;
  readonly content: string;
}

/** What a chart comes to. */
export interface RenderedRelease extends SortedManifests {
  readonly notes: string;
  readonly crds: readonly CustomResourceFile[];
  /** What Helm would log, as it would: `level=WARN msg="…" path=…`. */
  readonly warnings: readonly string[];
  /** With `trace`: what each template wrote, and where each line of it comes from. */
  readonly origins?: ReadonlyMap<string, TracedFile>;
}

/** What a template wrote. */
export interface TracedFile {
  readonly text: string;
  readonly lines: readonly (LineOrigin | undefined)[];
}

const NOTES = "NOTES.txt";

/** The default capabilities, as `helm template` has them. */
export function defaultCapabilities(): Capabilities {
  return { kubeVersion: DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS };
}

/**
 * A chart ready to be rendered, again and again: its templates are compiled once.
 *
 * @example
 * const chart = new CompiledChart(loadArchive(bytes, { gunzip }), { ports: { now, random } });
 * const { manifests, hooks } = chart.render({ release: { name: "podinfo", namespace: "apps" }, values });
 */
export class CompiledChart {
  readonly chart: Chart;
  readonly #templates: CompiledTemplates;
  readonly #schemas = new SchemaCache();

  constructor(chart: Chart, settings: EngineSettings) {
    this.chart = chart;
    this.#templates = new CompiledTemplates(settings);
  }

  /**
   * Renders the chart for a release, in the order in which it would be installed.
   *
   * @throws {HelmError} with Helm's messages
   * @see helm.sh/helm/v4 pkg/action Install.RunWithContext, Configuration.renderResources
   */
  render(options: RenderOptions): RenderedRelease {
    const { capabilities = defaultCapabilities(), release } = options;
    const warnings: string[] = [];
    const warn: Warn = (message, attributes) => void warnings.push(logLine(message, attributes));
    if (this.chart.metadata.deprecated) warn("this chart is deprecated", {});
    requireInstallable(this.chart);
    requireDependencies(this.chart);
    requireName(release.name);
    const node = prepareChart(this.chart, options.values ?? {}, warn);
    const values = coalesceValues(node, toMap(options.values ?? {}), warn);
    if (options.skipSchemaValidation !== true) validateValues(node, values, this.#schemas);
    requireKubeVersion(node, capabilities);
    const renderables = templateData(node, values, { release, capabilities, stringifyYaml: toYamlText });
    const lines = options.trace === true ? new LineOrigins(renderables, options.layers ?? []) : undefined;
    const files = this.#run(renderables, options.layers ?? [], lines);
    const origins = lines && new Map([...files].map(([path, text]) => [path, { text, lines: lines.of(path) }]));
    const notes = takeNotes(files, node.metadata.name, options.subchartNotes ?? false);
    const { postRenderer, postRenderStrategy = "combined" } = options;
    const last = postRenderer === undefined ? files : postRender(files, postRenderer, postRenderStrategy);
    return {
      ...sortManifests(last),
      ...(origins === undefined ? {} : { origins }),
      notes,
      crds: crdsOf(node, ""),
      warnings: [...this.chart.warnings.map((text) => logLine(text, undefined)), ...warnings],
    };
  }

  #run(renderables: readonly Renderable[], layers: readonly ValuesLayer[], lines: LineOrigins | undefined): Map<string, string> {
    try {
      return this.#templates.render(renderables, lines?.onWrite);
    } catch (error) {
      throw error instanceof HelmError ? withNotes(error, renderables, layers) : error;
    }
  }
}

/** A line of Go's slog. */
function logLine(message: string, attributes: Readonly<Record<string, string>> | undefined): string {
  const quoted = (text: string): string => (/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text));
  const rest = Object.entries(attributes ?? {}).map(([key, value]) => ` ${key}=${quoted(value)}`);
  return `level=${attributes === undefined ? "INFO" : "WARN"} msg=${quoted(message)}${rest.join("")}`;
}

function requireInstallable({ metadata: { type, apiVersion } }: Chart): void {
  if (apiVersion !== "v1" && apiVersion !== "v2") throw new HelmError("CHART", "invalid chart apiVersion");
  if (type !== "" && type !== "application") throw new HelmError("CHART", `${type} charts are not installable`);
}

function requireDependencies({ metadata, dependencies }: Chart): void {
  const missing = (metadata.dependencies ?? []).filter(({ name }) => !dependencies.some((one) => one.metadata.name === name));
  if (missing.length > 0)
    throw new HelmError(
      "DEPENDENCIES",
      `an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.map(({ name }) => name).join(", ")}`,
    );
}

const VALID_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

function requireName(name: string): void {
  const fail = (why: string): never => {
    throw new HelmError("OPTION", `release name check failed: release name ${JSON.stringify(name)}: ${why}`);
  };
  if (name === "") fail("no name provided");
  if (name.length > 53 || !isValidName(name))
    fail(`invalid release name, must match regex ${VALID_NAME} and the length must not be longer than 53`);
}

function isValidName(name: string): boolean {
  return name.split(".").every((part) => /^[a-z0-9]/.test(part) && /[a-z0-9]$/.test(part) && /^[-a-z0-9]+$/.test(part));
}

/** The chart with its subcharts switched on and off, renamed, and given each other's values. @throws {HelmError} DEPENDENCIES, VALUES */
export function prepareChart(chart: Chart, values: JsonObject, warn: Warn): ChartNode {
  const node = chartNode(chart);
  try {
    processDependencies(node, toMap(values), warn);
  } catch (error) {
    throw new HelmError("DEPENDENCIES", `chart dependencies processing failed: ${messageOf(error)}`, { cause: error });
  }
  return node;
}

function requireKubeVersion({ metadata }: ChartNode, { kubeVersion }: Capabilities): void {
  if (metadata.kubeVersion !== "" && !satisfiesSemver(metadata.kubeVersion, kubeVersion.normalized))
    throw new HelmError(
      "KUBE_VERSION",
      `chart requires kubeVersion: ${metadata.kubeVersion} which is incompatible with Kubernetes ${kubeVersion.version}`,
    );
}

/** Takes the notes out of the rendered files. */
function takeNotes(files: Map<string, string>, name: string, withSubcharts: boolean): string {
  const notes: string[] = [];
  for (const [path, text] of files) {
    if (!path.endsWith(NOTES)) continue;
    if (withSubcharts || path === `${name}/templates/${NOTES}`) notes.push(text);
    files.delete(path);
  }
  return notes.filter((text, index) => index === 0 || text !== "").join("\n");
}

function crdsOf(node: ChartNode, parents: string): CustomResourceFile[] {
  const path = fullPath(parents, node.metadata.name);
  const isManifest = ({ name }: ChartFile): boolean => name.startsWith("crds/") && /\.(?:ya?ml|json)$/i.test(name);
  return [
    ...node.chart.files.filter(isManifest).map((file) => ({ path: `${path}/${file.name}`, content: textOf(file) })),
    ...node.dependencies.flatMap((dependency) => crdsOf(dependency, path)),
  ];
}
