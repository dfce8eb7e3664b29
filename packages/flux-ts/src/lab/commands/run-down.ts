// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@flux-ts/cli";
import { progressOn } from "@flux-ts/cli";
import { removeContext } from "../context/lab-context.ts";
import { LabError } from "../lab-error.ts";
import { stopLab } from "../launch-lab.ts";
import { emptyLab, forgetLab } from "../state/empty-lab.ts";
import { contextNameOf } from "../state/lab-places.ts";
import { readLabSpec } from "../state/lab-record.ts";
import { filesOf, labOf, STOP_WITHIN_MS } from "./lab-of.ts";

/** `flux lab down` */
export const runDown: Run = async ({ args, flags, io }) => {
  const places = labOf(args, io);
  const progress = progressOn(io);
  const spec = readLabSpec(places);
  if (spec === undefined) throw new LabError("NOT_FOUND", `there is no lab ${places.name}. See flux lab list`);
  const wasRunning = await stopLab(places, io.clock, STOP_WITHIN_MS);
  progress.success(wasRunning ? `lab ${places.name} stopped` : `lab ${places.name} does not run`);
  if (!flags.bool("no-merge")) {
    const files = await removeContext(filesOf(io), { name: contextNameOf(places.name), owner: places.folder }, io.clock);
    if (files.length > 0) progress.success(`context ${contextNameOf(places.name)} removed from ${files.join(", ")}`);
  }
  if (!flags.bool("delete")) return;
  emptyLab(spec);
  forgetLab(places, spec);
  progress.success(`lab ${places.name} deleted`);
};
