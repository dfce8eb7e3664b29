// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { isTrueAt, numberAt } from "../shape.ts";
import { priorityClassTable } from "../table/other-tables.ts";
import { immutable } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { oneOf } from "../validation/scalars.ts";

const HIGHEST = 1_000_000_000;
const SYSTEM: Readonly<Record<string, number>> = { "system-cluster-critical": 2 * HIGHEST, "system-node-critical": 2 * HIGHEST + 1000 };

/** scheduling.k8s.io/v1 PriorityClass. */
export const priorityClass: KindBehaviour = {
  printer: priorityClassTable,
  strategy: {
    changesGeneration: () => false,
    validate: (object) =>
      problemsOf((problems) => {
        const name = object.metadata.name ?? "";
        const value = numberAt(object, "value") ?? 0;
        if (name.startsWith("system-")) systemClass(object, name, value, problems);
        else if (value > HIGHEST) problems.forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST}`);
        oneOf(object, "preemptionPolicy", "", problems, ["PreemptLowerPriority", "Never"]);
      }),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        if ((numberAt(object, "value") ?? 0) !== (numberAt(old, "value") ?? 0))
          problems.forbidden("value", "may not be changed in an update.");
        immutable(object, old, "", problems, "preemptionPolicy");
      }),
  },
};

function systemClass(object: KubeObject, name: string, value: number, problems: Problems): void {
  const wanted = Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
  const complaint =
    wanted === undefined
      ? `${name} is not a known system priority class`
      : wanted !== value
        ? `value of ${name} PriorityClass must be ${wanted}`
        : isTrueAt(object, "globalDefault")
          ? `globalDefault of ${name} PriorityClass must be false`
          : undefined;
  if (complaint === undefined) return;
  problems.forbidden("metadata.name", `priority class names with 'system-' prefix are reserved for system use only. error: ${complaint}`);
}
