// SPDX-License-Identifier: Apache-2.0
import type { Io, Run } from "@flux-ts/cli";
import { LabError } from "../lab-error.ts";
import { labProcess } from "../launch-lab.ts";
import { labPlaces, labsFolder } from "../state/lab-places.ts";
import { labNames, readLabRun, readLabSpec } from "../state/lab-record.ts";

/** `flux lab list` */
export const runList: Run = async ({ flags, io }) => {
  const labs = labsFolder(io.env, io.home);
  const rows = labNames(labs).map((name) => rowOf(labs, name, io));
  if (rows.length === 0) {
    io.stderr("There is no lab yet. Start one with flux lab up\n");
    return;
  }
  const all = flags.bool("no-header") ? rows : [["NAME", "STATE", "SERVER", "LEVEL", "DATA"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  for (const row of all)
    io.stdout(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("   ")
        .trimEnd()}\n`,
    );
};

function rowOf(labs: string, name: string, io: Io): readonly string[] {
  const places = labPlaces(labs, name);
  try {
    const run = labProcess(places) === undefined ? undefined : readLabRun(places);
    const spec = readLabSpec(places);
    return [name, run === undefined ? "stopped" : "running", run?.url ?? "-", spec?.level ?? "-", spec?.dataFolder ?? "-"];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    io.stderr(`✗ ${error.message}\n`);
    return [name, "unreadable", "-", "-", "-"];
  }
}
