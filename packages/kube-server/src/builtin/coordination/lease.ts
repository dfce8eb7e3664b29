// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, numberAt, objectAt, objectIn } from "../shape.ts";
import { leaseTable } from "../table/other-tables.ts";
import { problemsOf } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";

/** coordination.k8s.io/v1 Lease. */
export const lease: KindBehaviour = {
  printer: leaseTable,
  strategy: {
    // Fields of coordinated leader election, which is off by default.
    prepareCreate: withoutElection,
    prepareUpdate: withoutElection,
    validate: (object) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        const seconds = numberAt(spec, "leaseDurationSeconds");
        if (seconds !== undefined && seconds <= 0) problems.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        nonNegative(spec, "spec", problems, "leaseTransitions");
      }),
  },
};

function withoutElection(object: KubeObject): KubeObject {
  const spec = objectIn(object, "spec");
  return spec === undefined ? object : { ...object, spec: drop(drop(spec, "strategy"), "preferredHolder") };
}
