// SPDX-License-Identifier: Apache-2.0
import { type ShowPart, showChart } from "@flux-ts/helm";
import { chartAt } from "./chart-arguments.ts";
import type { ParsedFlags } from "./flags.ts";
import { refuseUnsupported } from "./render-command.ts";
import type { Surroundings } from "./run.ts";

const PARTS: readonly ShowPart[] = ["all", "chart", "crds", "readme", "values"];

/** `helm-ts show all|chart|crds|readme|values CHART` */
export function runShow(flags: ParsedFlags, surroundings: Surroundings): void {
  const [name = "", ...args] = flags.args;
  const part = PARTS.find((one) => one === name);
  if (part === undefined) throw new Error(`unknown command ${JSON.stringify(name)} for "helm show": ${PARTS.join(", ")}`);
  const [chart] = args;
  if (chart === undefined || args.length > 1)
    throw new Error(`"helm show ${part}" requires 1 argument\n\nUsage:  helm show ${part} [CHART] [flags]`);
  refuseUnsupported(flags);
  surroundings.stdout(showChart(chartAt(chart, surroundings), part));
}
