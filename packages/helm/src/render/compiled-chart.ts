// SPDX-License-Identifier: Apache-2.0
import {
  type CryptoPort,
  type Engine,
  GoMap,
  type Limits,
  TemplateError,
  type TemplateFunction,
  createEngine,
  helmFunctions,
  sprigFunctions,
} from "@flux-ts/gotemplate";
import type { JsonObject } from "@flux-ts/kube-core";
import { textOf } from "../chart/chart.ts";
import { fromYamlText, toPrettyYamlText, toYamlText } from "./yaml-text.ts";
import { executionFailure, parseFailure } from "./template-errors.ts";
import type { Renderable } from "./template-data.ts";

/** What templates ask of the world. */
export interface TemplatePorts {
  /** Nanoseconds since 1970. */
  readonly now: () => bigint;
  readonly random: (count: number) => Uint8Array;
  /** "UTC" when left out. */
  readonly timeZone?: string;
  /** Keys, certificates, ciphers and bcrypt; functions of them fail without. */
  readonly crypto?: CryptoPort;
  /** An object of the cluster, or a list of them where the name is empty; an empty map when there is none. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => JsonObject;
}

export interface EngineSettings {
  readonly ports: TemplatePorts;
  readonly limits?: Partial<Limits>;
  /** `helm lint`: fail and required do nothing. */
  readonly isLint?: boolean;
}

/** How many sets of templates one chart keeps compiled: one for each choice of subcharts and aliases. */
const MAX_ENGINES = 8;

/** The templates of one chart, compiled when they are first needed and kept for the next rendering. */
export class CompiledTemplates {
  readonly #settings: EngineSettings;
  readonly #functions: ReadonlyMap<string, TemplateFunction>;
  readonly #engines = new Map<string, Engine>();

  constructor(settings: EngineSettings) {
    this.#settings = settings;
    const { ports, isLint = false } = settings;
    const { now, random, timeZone, crypto, lookup } = ports;
    this.#functions = new Map([
      ...sprigFunctions({
        now,
        random,
        ...(timeZone === undefined ? {} : { timeZone }),
        ...(crypto === undefined ? {} : { crypto }),
      }),
      ...helmFunctions({
        stringifyYaml: toYamlText,
        stringifyYamlPretty: toPrettyYamlText,
        parseYaml: fromYamlText,
        isLint,
        ...(lookup === undefined || isLint ? {} : { lookup }),
      }),
    ]);
  }

  /**
   * Runs the templates, but partials.
   *
   * @param onWrite is told what each template writes, and where the piece of a template that does stands
   * @returns what they wrote, by path
   * @throws {HelmError} TEMPLATE, LIMIT
   * @see helm.sh/helm/v4 pkg/engine render
   */
  render(renderables: readonly Renderable[], onWrite?: (path: string, location: string, text: string) => void): Map<string, string> {
    const sorted = byDepth(renderables);
    const engine = this.#engineOf(sorted);
    const rendered = new Map<string, string>();
    for (const { path, data, basePath } of sorted) {
      if (path.slice(path.lastIndexOf("/") + 1).startsWith("_")) continue;
      data.entries.set(
        "Template",
        new GoMap(
          new Map([
            ["Name", path],
            ["BasePath", basePath],
          ]),
          "common.Values",
        ),
      );
      try {
        rendered.set(
          path,
          engine.execute(path, data, onWrite && ((location, text) => onWrite(path, location, text))).replaceAll("<no value>", ""),
        );
      } catch (error) {
        throw error instanceof TemplateError ? executionFailure(path, error) : error;
      }
    }
    return rendered;
  }

  #engineOf(sorted: readonly Renderable[]): Engine {
    const key = sorted.map(({ path }) => path).join("\n");
    const known = this.#engines.get(key);
    if (known !== undefined) return known;
    const { limits = {} } = this.#settings;
    const engine = createEngine({ functions: this.#functions, missingKey: "zero", limits });
    for (const { path, file } of sorted) {
      try {
        engine.parse(path, textOf(file));
      } catch (error) {
        throw error instanceof TemplateError ? parseFailure(path, error) : error;
      }
    }
    if (this.#engines.size >= MAX_ENGINES) this.#engines.clear();
    this.#engines.set(key, engine);
    return engine;
  }
}

/** Deeper ones first, so that those of parents replace those of subcharts; from Z to A among equals. */
function byDepth(renderables: readonly Renderable[]): Renderable[] {
  // Of templates with the same path the last one counts.
  const unique = [...new Map(renderables.map((one) => [one.path, one])).values()];
  const depthOf = ({ path }: Renderable): number => path.split("/").length;
  return unique.sort((a, b) => depthOf(b) - depthOf(a) || (a.path < b.path ? 1 : a.path > b.path ? -1 : 0));
}
