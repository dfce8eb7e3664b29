// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Admission } from "./admission.ts";
import type { Toleration } from "./pod.ts";
import { podSpec } from "./pod.ts";

const TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] as const;
const SECONDS = 300;

/** Lets pods stay five minutes on a node that is lost. @see kubernetes plugin/pkg/admission/defaulttolerationseconds */
export function addDefaultTolerations({ object: pod }: Admission): KubeObject {
  const spec = podSpec(pod);
  const tolerations = spec.tolerations ?? [];
  const added = TAINTS.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint))).map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: SECONDS,
  }));
  return added.length === 0 ? pod : { ...pod, spec: { ...spec, tolerations: [...tolerations, ...added] } };
}

function tolerates({ key, effect }: Toleration, taint: string): boolean {
  return (key === taint || !key) && (effect === "NoExecute" || !effect);
}
