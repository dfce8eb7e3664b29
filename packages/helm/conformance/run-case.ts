// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Chart,
  type ChartFileSystem,
  CompiledChart,
  type PostRenderer,
  type PrintOptions,
  type RenderedRelease,
  type TemplatePorts,
  defaultCapabilities,
  loadArchive,
  loadDirectory,
  parseKubeVersion,
  userValues,
} from "../src/index.ts";
import { createNodeCrypto } from "@flux-ts/gotemplate/node";
import { gunzip } from "../src/node.ts";
import type { RecordedCase } from "./corpus.ts";

/** Files in memory as a file system with `/chart` in it. */
function memoryFiles(files: Readonly<Record<string, string | { readonly base64: string }>>): ChartFileSystem {
  const all = new Map(Object.entries(files).map(([name, content]) => [`/chart/${name}`, content]));
  return {
    read: (path) => {
      const content = all.get(path);
      if (content === undefined) throw new Error(`open ${path}: no such file or directory`);
      return typeof content === "string" ? content : Buffer.from(content.base64, "base64");
    },
    isDirectory: (path) => !all.has(path),
    list: (path) => [
      ...new Set(
        [...all.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1).split("/", 1)[0] ?? ""),
      ),
    ],
    realPath: (path) => path,
  };
}

/** What one flag of a case says, and how often it may stand. */
type Flags = Map<string, string[]>;

const BOOLEAN = new Set([
  "--include-crds",
  "--skip-crds",
  "--skip-tests",
  "--no-hooks",
  "--skip-schema-validation",
  "--dry-run=client",
  "--is-upgrade",
]);

function parseFlags(args: readonly string[]): Flags {
  const flags: Flags = new Map();
  for (let at = 0; at < args.length; at++) {
    const name = args[at] ?? "";
    const value = BOOLEAN.has(name) ? "true" : (args[++at] ?? "");
    flags.set(name, [...(flags.get(name) ?? []), value]);
  }
  return flags;
}

/**
 * Random bytes that are the same each time: how long a random certificate is depends on its number, and lines that the
 * recordings have in common stand elsewhere in a longer one.
 */
function fixedPorts(): TemplatePorts {
  let state = 0x2545f491;
  const random = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
  const now = (): bigint => 1_700_000_000_000_000_000n;
  return { now, random, crypto: createNodeCrypto({ now, random }) };
}

/** A case run as far as rendering. */
export interface RunCase {
  readonly release: RenderedRelease;
  readonly print: PrintOptions;
}

const CHART_YAML = `apiVersion: v2
name: mini
version: 0.1.0
appVersion: "1.2.3"
description: A mini chart
type: application
`;

/** The chart of a case: its files, an archive, or (for values) one that prints its values. */
export function chartOf(helm: string, one: RecordedCase): Chart {
  if (one.tgz !== undefined) return loadArchive(readFileSync(join(helm, one.tgz)), { gunzip });
  if (one.kind === "template") {
    const dot = one.dot === "data" ? ".Values.data" : ".";
    const out = `out: {{ include "mini/templates/_case.tpl" ${dot} | b64enc }}\n`;
    const own = { "Chart.yaml": CHART_YAML, "templates/_case.tpl": one.template ?? "", "templates/out.yaml": out, ...one.files };
    return loadDirectory(memoryFiles(own), "/chart", { gunzip });
  }
  const files =
    one.kind === "set"
      ? { "Chart.yaml": CHART_YAML, "templates/out.yaml": "out: {{ .Values | toJson | b64enc }}\n", ...one.files }
      : (one.files ?? {});
  return loadDirectory(memoryFiles(files), "/chart", { gunzip });
}

/** Values files of a case as they would be on disk. */
function valuesTexts(helm: string, one: RecordedCase): string[] {
  const own = ownValues(helm, one);
  return [...(own === undefined ? [] : [own]), ...(one.valuesFiles ?? [])];
}

function ownValues(helm: string, one: RecordedCase): string | undefined {
  if (one.kind !== "set" && one.kind !== "template") return undefined;
  if (one.valuesFile !== undefined) return readFileSync(join(helm, one.valuesFile), "utf8");
  if (one.valuesYaml !== undefined) return one.valuesYaml;
  if (one.dot === "data") return `${JSON.stringify({ data: one.data ?? null })}\n`;
  return one.values === undefined ? undefined : `${JSON.stringify(one.values)}\n`;
}

export interface RunOptions {
  /** Where the case's own flags say nothing of it. */
  readonly kubeVersion?: string;
  readonly postRenderer?: PostRenderer;
}

/** Renders a case. @throws {Error} with Helm's message */
export function runCase(helm: string, one: RecordedCase, options: RunOptions = {}): RunCase {
  const flags = parseFlags([...(one.flags ?? []), ...(one.args ?? [])].map((arg) => arg.replaceAll("{dir}/", "/values/")));
  const texts = valuesTexts(helm, one);
  const readFile = (path: string): string => {
    const text = texts[Number(/\/v(\d+)\.yaml$/.exec(path)?.[1] ?? "-1")];
    if (text === undefined) throw new Error(`open ${path.replace("/values/", "")}: no such file or directory`);
    return text;
  };
  const list = (name: string): { readonly [key: string]: readonly string[] } => {
    const values = flags.get(`--${name}`);
    return values === undefined ? {} : { [name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]: values };
  };
  // Files first, as the order of Helm is; a chart that cannot be read is told of after that.
  const values = userValues({
    files: texts.map((text, index) => ({ name: `v${index}.yaml`, text })),
    ...list("set"),
    ...list("set-string"),
    ...list("set-json"),
    ...list("set-file"),
    ...list("set-literal"),
    readFile,
  });
  const chart = new CompiledChart(chartOf(helm, one), {
    ports: fixedPorts(),
  });
  const version = flags.get("--kube-version")?.at(-1) ?? options.kubeVersion;
  const capabilities = defaultCapabilities();
  const release = chart.render({
    release: { name: one.release ?? "rel", namespace: one.namespace ?? "ns", isUpgrade: flags.has("--is-upgrade") },
    values,
    capabilities: version === undefined ? capabilities : { ...capabilities, kubeVersion: parseKubeVersion(version) },
    skipSchemaValidation: flags.has("--skip-schema-validation"),
    ...(options.postRenderer === undefined ? {} : { postRenderer: options.postRenderer }),
  });
  return {
    release,
    print: {
      includeCrds: flags.has("--include-crds"),
      skipTests: flags.has("--skip-tests"),
      noHooks: flags.has("--no-hooks"),
      showOnly: flags.get("--show-only") ?? [],
    },
  };
}

/** An error as the corpus has it: without what the command says around it. */
export function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
