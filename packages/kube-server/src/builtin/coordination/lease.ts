// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, numberAt, objectAt, textAt } from "../shape.ts";
import { leaseTable } from "../table/other-tables.ts";
import { problemsOf } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";

const STRATEGIES: readonly string[] = ["OldestEmulationVersion"];

/** coordination.k8s.io/v1 Lease. */
export const lease: KindBehaviour = {
  printer: leaseTable,
  strategy: {
    validate: (object) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        const [seconds, strategy] = [numberAt(spec, "leaseDurationSeconds"), textAt(spec, "strategy")];
        if (seconds !== undefined && seconds <= 0) problems.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        nonNegative(spec, "spec", problems, "leaseTransitions");
        if (strategy.includes("/")) problems.invalidFor("spec.strategy", strategy, labelKeyProblems(strategy));
        else if (hasAt(spec, "strategy") && !STRATEGIES.includes(strategy)) problems.notSupported("spec.strategy", strategy, STRATEGIES);
        if (textAt(spec, "preferredHolder") !== "" && strategy === "") {
          problems.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
        }
      }),
  },
};
