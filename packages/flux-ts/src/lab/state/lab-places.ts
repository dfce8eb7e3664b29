// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join } from "node:path";
import { LabError } from "../lab-error.ts";

/** Where everything of one lab lies. All of it is for its owner alone. */
export interface LabPlaces {
  readonly name: string;
  /** Has the files below, and unless told otherwise the data, too. */
  readonly folder: string;
  /** What was asked for. */
  readonly record: string;
  /** What runs; gone when nothing does. */
  readonly run: string;
  readonly kubeconfig: string;
  readonly log: string;
}

/** The folder that has a folder for each lab: below `XDG_STATE_HOME`, or `~/.local/state`. @see XDG Base Directory Specification */
export function labsFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const state = env["XDG_STATE_HOME"];
  // The specification has relative paths ignored.
  const base = state !== undefined && isAbsolute(state) ? state : join(home, ".local", "state");
  return join(base, "flux-ts", "labs");
}

/** @throws {LabError} BAD_NAME */
export function labPlaces(labs: string, name: string): LabPlaces {
  if (!/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/.test(name)) {
    throw new LabError(
      "BAD_NAME",
      `${JSON.stringify(name)} cannot be the name of a lab: it takes up to 50 lower case letters, digits and dashes, with no dash at either end`,
    );
  }
  const folder = join(labs, name);
  return {
    name,
    folder,
    record: join(folder, "lab.json"),
    run: join(folder, "run.json"),
    kubeconfig: join(folder, "kubeconfig"),
    log: join(folder, "lab.log"),
  };
}

/** The context of a lab, as kind calls those of its clusters: what people type stays the same. */
export function contextNameOf(name: string): string {
  return `kind-${name}`;
}
