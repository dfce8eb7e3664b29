// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { Io } from "@flux-ts/cli";
import { parseYaml, isJsonObject } from "@flux-ts/kube-core";
import { readFileSync } from "node:fs";
import { kubeconfigFiles } from "../context/kubeconfig-file.ts";
import { mergeContext } from "../context/lab-context.ts";
import { LabError } from "../lab-error.ts";
import type { LabPlaces } from "../state/lab-places.ts";
import { contextNameOf, labPlaces, labsFolder } from "../state/lab-places.ts";
import { DEFAULT_LAB } from "./lab.ts";

/** For a lab that is asked to end, until it is made to. */
export const STOP_WITHIN_MS = 20_000;

/** The lab that the first argument names, else the usual one. @throws {LabError} BAD_NAME */
export function labOf(args: readonly string[], io: Io): LabPlaces {
  return labPlaces(labsFolder(io.env, io.home), args[0] ?? DEFAULT_LAB);
}

/** The user's kubeconfig files as absolute paths. */
export function filesOf(io: Io): readonly string[] {
  return kubeconfigFiles(io.env, io.home).map((path) => resolve(io.cwd, path));
}

/** @returns the file that has the context now @throws {LabError} as `mergeContext` */
export async function mergeInto(places: LabPlaces, io: Io): Promise<string> {
  const own = parseYaml(readFileSync(places.kubeconfig, "utf8"));
  if (!isJsonObject(own)) throw new LabError("CORRUPT", `Cannot read ${places.kubeconfig}: it is not a mapping. Start the lab again`);
  return mergeContext(filesOf(io), { name: contextNameOf(places.name), owner: places.folder }, own, io.clock);
}

/** What people copy from: to standard output, one thing a line. */
export function tellPlaces(places: LabPlaces, url: string, io: Io): void {
  io.stdout(`context     ${contextNameOf(places.name)}\nserver      ${url}\nkubeconfig  ${places.kubeconfig}\nlog         ${places.log}\n`);
}
