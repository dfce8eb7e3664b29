// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@flux-ts/cli";
import { formatDuration } from "@flux-ts/kube-core";
import { LabError } from "../lab-error.ts";
import { labProcess } from "../launch-lab.ts";
import { contextNameOf } from "../state/lab-places.ts";
import { readLabRun, readLabSpec } from "../state/lab-record.ts";
import { labOf } from "./lab-of.ts";

/** `flux lab status` */
export const runStatus: Run = async ({ args, io }) => {
  const places = labOf(args, io);
  const spec = readLabSpec(places);
  if (spec === undefined) throw new LabError("NOT_FOUND", `there is no lab ${places.name}. Start it with flux lab up ${places.name}`);
  const pid = labProcess(places);
  const run = pid === undefined ? undefined : readLabRun(places);
  const rows: readonly (readonly [string, string])[] = [
    ["lab", places.name],
    ["state", pid === undefined ? "stopped" : run === undefined ? `starting, process ${pid}` : `running, process ${pid}`],
    ...(run === undefined
      ? []
      : [
          ["server", run.url] as const,
          ["up for", formatDuration(Math.floor((io.clock.now() - Date.parse(run.startedAt)) / 1000) * 1000)] as const,
        ]),
    ["context", contextNameOf(places.name)],
    ["level", spec.level],
    ["nodes", spec.level === "nodes" ? String(spec.nodes) : "none"],
    ["pods", `ready after ${formatDuration(spec.delayMs)}`],
    ...spec.fail.map((rule) => ["fail", rule] as const),
    ["controllers", spec.withControllers ? ["in the lab's process", ...spec.controllerFlags].join(" ") : "as installed"],
    ["data", spec.dataFolder],
    ["kubeconfig", places.kubeconfig],
    ["log", places.log],
  ];
  for (const [name, value] of rows) io.stdout(`${name.padEnd(12)}${value}\n`);
  return run === undefined ? 1 : 0;
};
