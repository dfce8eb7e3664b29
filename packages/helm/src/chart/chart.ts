// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";

/** A file of a chart. Its name is relative to the chart, with `/`. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface Maintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** What a chart says about a chart that it depends on. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  /** Paths into the values, by commas; the first that holds a boolean decides. */
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** Names below `exports`, or `{child, parent}`. */
  readonly importValues: readonly unknown[];
  readonly alias: string;
}

/** Chart.yaml. What is not given is empty. @see helm.sh/helm/v4 pkg/chart/v2 Metadata */
export interface ChartMetadata {
  readonly name: string;
  readonly home: string;
  readonly sources: readonly string[];
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly maintainers: readonly Maintainer[];
  readonly icon: string;
  readonly apiVersion: string;
  readonly condition: string;
  readonly tags: string;
  readonly appVersion: string;
  readonly deprecated: boolean;
  /** Undefined when there are none. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly kubeVersion: string;
  /** Undefined when there is no list of them. */
  readonly dependencies: readonly Dependency[] | undefined;
  readonly type: string;
}

/** A chart as it was loaded. Never changed. */
export interface Chart {
  readonly metadata: ChartMetadata;
  /** Files of `templates/`, in the order in which they were read. */
  readonly templates: readonly ChartFile[];
  /** Everything else that is no part of the chart's definition: what `.Files` shows, and `crds/`. */
  readonly files: readonly ChartFile[];
  /** All files as they were read, for `show`. */
  readonly raw: readonly ChartFile[];
  readonly values: JsonObject;
  /** values.schema.json, as text. */
  readonly schema: string | undefined;
  /** The charts in `charts/`. */
  readonly dependencies: readonly Chart[];
  /** What whoever loads the chart may want to know, such as files in places of the past. */
  readonly warnings: readonly string[];
}

/** The names of the folders from a chart down to one of its subcharts, as templates are named: `a/charts/b`. */
export function fullPath(parents: string, name: string): string {
  return parents === "" ? name : `${parents}/charts/${name}`;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A file as text; bytes that are not UTF-8 become U+FFFD. */
export function textOf(file: ChartFile): string {
  return decoder.decode(file.data);
}
