// SPDX-License-Identifier: Apache-2.0
import { FunctionError, GoMap, Slice, Struct, type TemplateFunction, type Value, fn, int, strings, toPlain } from "@flux-ts/gotemplate";
import { type Capabilities, HELM_VERSION } from "../capabilities.ts";
import { fullPath } from "../chart/chart.ts";
import type { ChartNode, DependencyNode, MetadataNode } from "../dependencies/chart-node.ts";
import { toMap } from "../dependencies/chart-node.ts";
import { missingTable, tableAt, valueAt } from "../values/value-path.ts";
import { type StringifyYaml, filesObject } from "./files-object.ts";

/** What templates see as `.Release`. */
export interface ReleaseOptions {
  readonly name: string;
  readonly namespace: string;
  /** 1 when left out. */
  readonly revision?: number;
  /** Whether templates see an upgrade; an install otherwise. */
  readonly isUpgrade?: boolean;
}

/** One template to run, and what it sees. */
export interface Renderable {
  /** `chart/charts/sub/templates/x.yaml` */
  readonly path: string;
  readonly chart: ChartNode;
  /** The charts from the root down to that one. */
  readonly charts: readonly ChartNode[];
  readonly file: ChartNode["chart"]["templates"][number];
  /** What is `.`; `Template` is set in it before the template runs. */
  readonly data: GoMap;
  /** `chart/charts/sub/templates` */
  readonly basePath: string;
}

export interface TemplateDataOptions {
  readonly release: ReleaseOptions;
  readonly capabilities: Capabilities;
  readonly stringifyYaml: StringifyYaml;
}

/**
 * The templates of a chart and its subcharts, each with its data.
 *
 * @param values the coalesced values of the whole chart
 * @see helm.sh/helm/v4 pkg/engine allTemplates
 */
export function templateData(chart: ChartNode, values: GoMap, options: TemplateDataOptions): Renderable[] {
  const out: Renderable[] = [];
  const shared = {
    Release: releaseObject(options.release),
    Capabilities: capabilitiesObject(options.capabilities),
  };
  collect([chart], chart, valuesObject(values, options.stringifyYaml), "", shared, options.stringifyYaml, out);
  return out;
}

interface Shared {
  readonly Release: Value;
  readonly Capabilities: Value;
}

/** @param charts the charts from the root down to the one whose templates are collected */
function collect(
  charts: readonly ChartNode[],
  chart: ChartNode,
  values: GoMap,
  parents: string,
  shared: Shared,
  stringifyYaml: StringifyYaml,
  out: Renderable[],
): GoMap {
  const subcharts = new GoMap();
  const path = fullPath(parents, chart.metadata.name);
  const entries = new Map<string, Value>([
    ["Chart", chartObject(chart.metadata, parents === "")],
    ["Files", filesObject(chart.chart.files, stringifyYaml)],
    ["Release", shared.Release],
    ["Capabilities", shared.Capabilities],
    ["Values", values],
    ["Subcharts", subcharts],
  ]);
  for (const child of chart.dependencies) {
    const { name } = child.metadata;
    const own = values.entries.get(name);
    const childValues = valuesObject(own instanceof GoMap ? own : new GoMap(), stringifyYaml);
    subcharts.entries.set(name, collect([...charts, child], child, childValues, path, shared, stringifyYaml, out));
  }
  const data = valuesObject(new GoMap(entries), stringifyYaml);
  const isLibrary = chart.metadata.type.toLowerCase() === "library";
  for (const file of chart.chart.templates) {
    if (isLibrary && !file.name.slice(file.name.lastIndexOf("/") + 1).startsWith("_")) continue;
    out.push({ path: `${path}/${file.name}`, chart, charts, file, data, basePath: `${path}/templates` });
  }
  return new GoMap(entries);
}

/**
 * A map of the type of Helm's values, which has methods. Its entries are those of the given map, not a copy.
 *
 * @see helm.sh/helm/v4 pkg/chart/common Values
 */
export function valuesObject(map: GoMap, stringifyYaml: StringifyYaml): GoMap {
  return new GoMap(map.entries, "common.Values", new ValuesMethods(map, stringifyYaml));
}

/** Methods made when they are asked for: every template's data has them, and hardly any template calls one. */
class ValuesMethods extends Map<string, TemplateFunction> {
  readonly #map: GoMap;
  readonly #stringifyYaml: StringifyYaml;

  constructor(map: GoMap, stringifyYaml: StringifyYaml) {
    super();
    this.#map = map;
    this.#stringifyYaml = stringifyYaml;
  }

  override get(name: string): TemplateFunction | undefined {
    const map = this.#map;
    switch (name) {
      case "AsMap":
        return fn("", () => new GoMap(map.entries));
      case "YAML":
        return fn("", () => this.#stringifyYaml(toPlain(new GoMap(map.entries))));
      case "Table":
        return fn("string", ([path]) => {
          const table = tableAt(map, String(path));
          if (table === undefined) throw new FunctionError(missingTable(map, String(path)));
          return valuesObject(table, this.#stringifyYaml);
        });
      case "PathValue":
        return fn("string", ([path]) => {
          const text = String(path);
          if (text === "") throw new FunctionError("YAML path cannot be empty");
          const value = valueAt(map, text);
          if (value === undefined) throw new FunctionError(`"${text.slice(text.lastIndexOf(".") + 1)}" is not a value`);
          return value;
        });
      default:
        return undefined;
    }
  }
}

function object(entries: Readonly<Record<string, Value>>): GoMap {
  return new GoMap(new Map(Object.entries(entries)));
}

function releaseObject({ name, namespace, revision = 1, isUpgrade = false }: ReleaseOptions): GoMap {
  return object({
    Name: name,
    Namespace: namespace,
    IsUpgrade: isUpgrade,
    IsInstall: !isUpgrade,
    Revision: int(revision),
    Service: "Helm",
  });
}

/** Go's fields of the metadata by name, as Helm 4 makes a map of them. */
function chartObject(metadata: MetadataNode, isRoot: boolean): GoMap {
  return object({
    Name: metadata.name,
    Home: metadata.home,
    Sources: new Slice(metadata.sources),
    Version: metadata.version,
    Description: metadata.description,
    Keywords: new Slice(metadata.keywords),
    Maintainers: new Slice(metadata.maintainers.map(({ name, email, url }) => object({ Name: name, Email: email, URL: url }))),
    Icon: metadata.icon,
    APIVersion: metadata.apiVersion,
    Condition: metadata.condition,
    Tags: metadata.tags,
    AppVersion: metadata.appVersion,
    Deprecated: metadata.deprecated,
    Annotations: new GoMap(
      new Map(Object.entries(metadata.annotations ?? {})),
      "map[string]string",
      undefined,
      metadata.annotations === undefined,
    ),
    KubeVersion: metadata.kubeVersion,
    Dependencies: new Slice((metadata.dependencies ?? []).map(dependencyObject)),
    Type: metadata.type,
    IsRoot: isRoot,
  });
}

function dependencyObject(dependency: DependencyNode): GoMap {
  return object({
    Name: dependency.name,
    Version: dependency.version,
    Repository: dependency.repository,
    Condition: dependency.condition,
    Tags: new Slice(dependency.tags),
    Enabled: dependency.enabled,
    ImportValues: toMap({ list: dependency.importValues }).entries.get("list"),
    Alias: dependency.alias,
  });
}

function capabilitiesObject({ kubeVersion, apiVersions }: Capabilities): Struct {
  const { version, normalized, major, minor } = kubeVersion;
  const kube = new Struct({
    type: "common.KubeVersion",
    fields: new Map([
      ["Version", version],
      // What constraints are checked against; JSON does not show it.
      ["normalizedVersion", normalized],
      ["Major", major],
      ["Minor", minor],
    ]),
    methods: new Map([
      ["String", fn("", () => normalized)],
      ["GitVersion", fn("", () => version)],
    ]),
    printed: () => normalized,
    json: () => object({ Version: version, Major: major, Minor: minor }),
  });
  const known = new Set(apiVersions);
  const versions = strings(apiVersions);
  return new Struct({
    type: "*common.Capabilities",
    fields: new Map<string, Value>([
      ["KubeVersion", kube],
      [
        "APIVersions",
        new Slice(versions.items, "common.VersionSet", { methods: new Map([["Has", fn("string", ([name]) => known.has(String(name)))]]) }),
      ],
      ["HelmVersion", helmVersionObject(kubeVersion)],
    ]),
  });
}

function helmVersionObject({ major, minor }: { readonly major: string; readonly minor: string }): Struct {
  return new Struct({
    type: "version.BuildInfo",
    fields: new Map([
      ["Version", HELM_VERSION],
      ["GitCommit", ""],
      ["GitTreeState", ""],
      ["GoVersion", "go1.26"],
      ["KubeClientVersion", `v${major}.${minor}`],
    ]),
  });
}
