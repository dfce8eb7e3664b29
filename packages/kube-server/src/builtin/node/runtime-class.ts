// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, type KubeObject } from "@flux-ts/kube-core";
import { tolerations } from "../core/tolerations.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { objectAt, objectIn, textAt } from "../shape.ts";
import { runtimeClassTable } from "../table/other-tables.ts";
import { immutable } from "../validation/immutable.ts";
import { labels } from "../validation/labels.ts";
import { resourceRequirements } from "../validation/resource-requirements.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";

/** node.k8s.io/v1 RuntimeClass. */
export const runtimeClass: KindBehaviour = {
  printer: runtimeClassTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => runtime(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        runtime(object, problems);
        immutable(object, old, "", problems, "handler");
      }),
  },
};

function runtime(object: KubeObject, problems: Problems): void {
  const handler = textAt(object, "handler");
  if (handler === "") problems.required("handler");
  else problems.invalidFor("handler", handler, dns1123LabelProblems(handler));
  const overhead = objectAt(objectAt(object, "overhead"), "podFixed");
  resourceRequirements({ limits: overhead }, "overhead", problems, new Set());
  const scheduling = objectIn(object, "scheduling");
  if (!scheduling) return;
  labels(objectAt(scheduling, "nodeSelector"), "scheduling.nodeSelector", problems);
  tolerations(scheduling, "scheduling", problems);
}
