// SPDX-License-Identifier: Apache-2.0
// The door "@flux-ts/helm/node": what charts ask of the world, as Node has it.
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "@flux-ts/kube-core";
import type { Chart, ChartFile } from "./chart/chart.ts";
import { loadArchive } from "./chart/load-archive.ts";
import { type ChartFileSystem, type LoadDirectoryOptions, loadDirectory } from "./chart/load-directory.ts";
import { HelmError } from "./helm-error.ts";
import type { TemplatePorts } from "./render/compiled-chart.ts";

/** Unpacks gzip, and stops at a limit. */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: maxBytes });
}

/**
 * What templates need, from Node.
 *
 * @param now milliseconds since 1970; the system's clock when left out
 */
export async function nodeTemplatePorts(now: () => number = () => Date.now()): Promise<TemplatePorts> {
  const sources = sourcesOf(now);
  // Loaded when it is asked for: most of what a short-lived process would load is cryptography.
  const { createNodeCrypto } = await import("@flux-ts/gotemplate/node");
  return { ...sources, crypto: createNodeCrypto(sources) };
}

/**
 * The same for one chart, without the cryptography when nothing in the chart or the values names a function of it.
 *
 * @param now milliseconds since 1970; the system's clock when left out
 */
export async function nodePortsFor(chart: Chart, values: JsonObject = {}, now: () => number = () => Date.now()): Promise<TemplatePorts> {
  return namesCrypto(chart) || textsName(values) ? nodeTemplatePorts(now) : sourcesOf(now);
}

/** Parts of the names of Sprig's functions that ask the crypto port. */
const CRYPTO = ["genCA", "genSelfSignedCert", "genSignedCert", "genPrivateKey", "buildCustomCert", "bcrypt", "htpasswd", "cryptAES"];

/** Files of `crds/` are not run. */
function namesCrypto(chart: Chart): boolean {
  const isNamed = ({ name, data }: ChartFile): boolean => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return !name.startsWith("crds/") && CRYPTO.some((part) => bytes.includes(part));
  };
  return [...chart.templates, ...chart.files].some(isNamed) || textsName(chart.values) || chart.dependencies.some(namesCrypto);
}

function textsName(values: JsonObject): boolean {
  const text = JSON.stringify(values, plainNumber);
  return CRYPTO.some((part) => text.includes(part));
}

function plainNumber(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** Node's cryptography, loaded when the first random byte is asked for: most charts ask for none. */
function random(count: number): Uint8Array {
  return process.getBuiltinModule("node:crypto").randomFillSync(new Uint8Array(count));
}

function sourcesOf(now: () => number): Pick<TemplatePorts, "now" | "random"> {
  return { now: () => BigInt(now()) * 1_000_000n, random };
}

/** The file system of the machine, for {@link loadDirectory}. */
export function nodeChartFiles(): ChartFileSystem {
  return {
    read: (path) => readFileSync(path),
    isDirectory: (path) => statSync(path).isDirectory(),
    list: (path) => readdirSync(path),
    realPath: (path) => realpathSync(path),
  };
}

/**
 * Loads a chart from a folder or an archive.
 *
 * @param path absolute
 * @throws {HelmError} with Helm's messages, and whatever `node:fs` throws
 */
export function loadChart(path: string, options: Omit<LoadDirectoryOptions, "gunzip"> = {}): Chart {
  if (statSync(path).isDirectory()) return loadDirectory(nodeChartFiles(), path.replace(/(?<=.)\/+$/, ""), { ...options, gunzip });
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    const isYaml = path.endsWith(".yml") || path.endsWith(".yaml");
    throw new HelmError(
      "ARCHIVE",
      isYaml
        ? `file '${path}' seems to be a YAML file, but expected a gzipped archive`
        : `file '${path}' does not appear to be a gzipped archive`,
    );
  }
  return loadArchive(bytes, { ...options, gunzip });
}
