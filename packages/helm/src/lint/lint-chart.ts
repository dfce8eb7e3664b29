// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import type { KubeVersion } from "../capabilities.ts";
import type { Chart } from "../chart/chart.ts";
import { type ChartFileSystem, type LoadDirectoryOptions, loadDirectory } from "../chart/load-directory.ts";
import { messageOf } from "../helm-error.ts";
import type { TemplatePorts } from "../render/compiled-chart.ts";
import { lintChartFile } from "./lint-chart-file.ts";
import { lintCrds, lintDependencies } from "./lint-parts.ts";
import { lintTemplates } from "./lint-templates.ts";
import { lintValues } from "./lint-values.ts";

export type LintSeverity = "INFO" | "WARNING" | "ERROR";

/** One thing that a rule found. */
export interface LintMessage {
  readonly severity: LintSeverity;
  /** What it is about: a file or folder of the chart. */
  readonly path: string;
  readonly text: string;
}

export interface LintOptions extends LoadDirectoryOptions {
  readonly ports: TemplatePorts;
  readonly values?: JsonObject;
  readonly namespace?: string;
  /** The newest that Helm knows when left out. */
  readonly kubeVersion?: KubeVersion;
  readonly skipSchemaValidation?: boolean;
}

/** What rules share. */
export interface Linting {
  readonly fs: ChartFileSystem;
  /** The chart's folder, absolute. */
  readonly folder: string;
  readonly options: LintOptions;
  /** Adds a message, unless there is none; tells whether there was none. */
  readonly tell: (severity: LintSeverity, path: string, text: string | undefined) => boolean;
  /** The chart, or why it cannot be loaded. */
  readonly load: () => Chart | string;
}

/**
 * Checks a chart's folder by Helm's rules.
 *
 * @see helm.sh/helm/v4 pkg/chart/v2/lint RunAll
 */
export function lintChart(fs: ChartFileSystem, folder: string, options: LintOptions): LintMessage[] {
  const messages: LintMessage[] = [];
  let loaded: Chart | string | undefined;
  const linting: Linting = {
    fs,
    folder,
    options,
    tell: (severity, path, text) => {
      if (text !== undefined) messages.push({ severity, path, text });
      return text === undefined;
    },
    load: () => (loaded ??= tryLoad(fs, folder, options)),
  };
  lintChartFile(linting);
  lintValues(linting);
  lintTemplates(linting);
  lintDependencies(linting);
  lintCrds(linting);
  return messages;
}

function tryLoad(fs: ChartFileSystem, folder: string, options: LintOptions): Chart | string {
  try {
    return loadDirectory(fs, folder, options);
  } catch (error) {
    return messageOf(error);
  }
}

/** A message as Helm prints it. */
export function printLintMessage({ severity, path, text }: LintMessage): string {
  return `[${severity}] ${path}: ${text}`;
}
