// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@flux-ts/cli";
import { progressOn } from "@flux-ts/cli";
import { LabError } from "../lab-error.ts";
import { launchLab, stopLab } from "../launch-lab.ts";
import { emptyLab } from "../state/empty-lab.ts";
import { labsFolder } from "../state/lab-places.ts";
import { readLabRun, readLabSpec } from "../state/lab-record.ts";
import { labOf, STOP_WITHIN_MS } from "./lab-of.ts";

/** `flux lab reset` */
export function runReset(program: readonly string[]): Run {
  return async ({ args, io }) => {
    const places = labOf(args, io);
    const progress = progressOn(io);
    const spec = readLabSpec(places);
    if (spec === undefined) throw new LabError("NOT_FOUND", `there is no lab ${places.name}. See flux lab list`);
    const wasRunning = await stopLab(places, io.clock, STOP_WITHIN_MS);
    emptyLab(spec);
    progress.success(`lab ${places.name} is empty`);
    if (!wasRunning) return;
    const begun = io.clock.now();
    await launchLab(places, {
      program,
      labs: labsFolder(io.env, io.home),
      env: io.env,
      signal: io.signal,
      onListening: (url) => progress.success(`the API server answers at ${url} after ${io.clock.now() - begun} ms`),
    });
    io.stdout(`kubeconfig  ${places.kubeconfig}\nserver      ${readLabRun(places)?.url ?? ""}\n`);
  };
}
