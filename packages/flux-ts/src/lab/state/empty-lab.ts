// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LabPlaces } from "./lab-places.ts";
import type { LabSpec } from "./lab-record.ts";

/** What a lab makes in its data folder besides keys. */
const CONTENT = ["objects", "pods", "storage"] as const;
const FILES = ["lab.json", "run.json", "kubeconfig", "lab.log", "lab.log.1", "lock"] as const;

/** Deletes every object of a lab that does not run. Its keys stay, and so does its kubeconfig. */
export function emptyLab({ dataFolder }: LabSpec): void {
  for (const name of CONTENT) rmSync(join(dataFolder, name), { recursive: true, force: true, maxRetries: 3 });
}

/** Deletes what else there is of it, and nothing that a lab did not make. */
export function forgetLab(places: LabPlaces, { dataFolder }: LabSpec): void {
  rmSync(join(dataFolder, "pki"), { recursive: true, force: true, maxRetries: 3 });
  for (const name of FILES) rmSync(join(places.folder, name), { force: true });
  for (const folder of [dataFolder, places.folder]) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
