// SPDX-License-Identifier: Apache-2.0
// The door "@flux-ts/helm/node": what charts ask of the world, as Node has it.
import { randomFillSync } from "node:crypto";
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createNodeCrypto } from "@flux-ts/gotemplate/node";
import type { Chart } from "./chart/chart.ts";
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
export function nodeTemplatePorts(now: () => number = () => Date.now()): TemplatePorts {
  const sources = {
    now: () => BigInt(now()) * 1_000_000n,
    random: (count: number) => randomFillSync(new Uint8Array(count)),
  };
  return { ...sources, crypto: createNodeCrypto(sources) };
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
