// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { JsonObject } from "@flux-ts/kube-core";
import { isJsonObject, parseJson } from "@flux-ts/kube-core";
import { LabError } from "../lab-error.ts";
import type { LabPlaces } from "./lab-places.ts";
import { writePrivateFile } from "./private-file.ts";

/** `api`: nothing but clients writes. `controllers`: a controller manager, and no nodes. `nodes`: pods run, too. */
export const LAB_LEVELS = ["api", "controllers", "nodes"] as const;
export type LabLevel = (typeof LAB_LEVELS)[number];

/** What a lab is to be like: kept, so that it comes back as it was. */
export interface LabSpec {
  /** For keys, objects and what pods keep. */
  readonly dataFolder: string;
  /** Of the API server; 0 is any free one. */
  readonly port: number;
  readonly nodes: number;
  readonly level: LabLevel;
  /** As given: `image=podinfo`. */
  readonly fail: readonly string[];
  /** Milliseconds until a simulated pod is ready. */
  readonly delayMs: number;
  /** All of Flux's controllers in the same process. */
  readonly withControllers: boolean;
  readonly controllerFlags: readonly string[];
}

/** What is known of one that runs. */
export interface LabRun {
  readonly url: string;
  readonly port: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly version: string;
}

/** Raised when an older flux-ts could not make sense of what a newer one wrote. */
const FORMAT = 1;

/** @returns undefined when there is no such lab @throws {LabError} NEWER_FORMAT, CORRUPT */
export function readLabSpec({ name, record }: LabPlaces): LabSpec | undefined {
  const kept = read(name, record);
  if (kept === undefined) return undefined;
  const format = kept["format"];
  if (typeof format === "number" && format > FORMAT) {
    throw new LabError(
      "NEWER_FORMAT",
      `Cannot read lab ${name}: ${record} has format ${format}, this flux-ts knows up to ${FORMAT}. Use the flux-ts that made it, or delete its folder`,
    );
  }
  const spec = kept["spec"];
  if (format !== FORMAT || !isSpec(spec)) throw corrupt(name, record, "something is missing in it");
  return spec;
}

export function writeLabSpec({ record }: LabPlaces, spec: LabSpec): void {
  writePrivateFile(record, `${JSON.stringify({ format: FORMAT, spec }, undefined, 2)}\n`);
}

/** What the process of the lab told when it began; it may be gone since. */
export function readLabRun({ name, run }: LabPlaces): LabRun | undefined {
  const kept = read(name, run);
  if (kept === undefined) return undefined;
  const { url, port, startedAt, version } = kept;
  if (typeof url !== "string" || typeof port !== "number" || typeof startedAt !== "string" || typeof version !== "string") return undefined;
  return { url, port, startedAt, version };
}

export function writeLabRun({ run }: LabPlaces, told: LabRun): void {
  writePrivateFile(run, `${JSON.stringify(told, undefined, 2)}\n`);
}

/** Names of the labs that were ever started and not deleted, in order. */
export function labNames(labs: string): readonly string[] {
  if (!existsSync(labs)) return [];
  return readdirSync(labs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${labs}/${entry.name}/lab.json`))
    .map(({ name }) => name)
    .sort();
}

function read(name: string, path: string): JsonObject | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  throw corrupt(name, path, "it is not JSON");
}

function corrupt(name: string, path: string, why: string): LabError {
  return new LabError("CORRUPT", `Cannot read lab ${name}: ${path}: ${why}. Delete that file, and start the lab again with its options`);
}

function isSpec(value: unknown): value is LabSpec {
  if (!isJsonObject(value)) return false;
  const { dataFolder, port, nodes, level, fail, delayMs, withControllers, controllerFlags } = value;
  const areTexts = (list: unknown): boolean => Array.isArray(list) && list.every((item) => typeof item === "string");
  return (
    typeof dataFolder === "string" &&
    [port, nodes, delayMs].every((number) => typeof number === "number") &&
    LAB_LEVELS.some((known) => known === level) &&
    areTexts(fail) &&
    typeof withControllers === "boolean" &&
    areTexts(controllerFlags)
  );
}
