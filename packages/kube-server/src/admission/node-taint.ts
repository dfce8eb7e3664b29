// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Admission } from "./admission.ts";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

interface NodeSpec {
  readonly taints?: readonly { readonly key?: string; readonly effect?: string }[];
}

/** A new node is not ready. @see kubernetes plugin/pkg/admission/nodetaint */
export function taintNewNode({ object: node }: Admission): KubeObject {
  const spec = (node["spec"] ?? {}) as NodeSpec; // decoded as a node
  const taints = spec.taints ?? [];
  if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node;
  return { ...node, spec: { ...spec, taints: [...taints, NOT_READY] } };
}
