// SPDX-License-Identifier: Apache-2.0
import { loadKubeconfig } from "@flux-ts/kube-client";
import type { Call } from "@flux-ts/testbed/call-cases";
import { Holder } from "@flux-ts/testbed/call-expressions";
import { clusterCalls } from "./cli-calls-cluster.ts";
import { eventCalls } from "./cli-calls-events.ts";
import { fileCalls } from "./cli-calls-files.ts";
import { isObjectName } from "../src/commands/create/creation.ts";
import { contextNamespaceOf } from "../src/namespace.ts";
import type { WithStatus } from "../src/readiness.ts";
import { isObjectReady } from "../src/readiness.ts";

/** What upstream's kubeconfig flags are to the cases. */
interface ConfigFlags {
  readonly KubeConfig?: string;
  readonly Context?: string;
}

/** Upstream's constant for objects that nothing reconciles. */
const STATIC = 1;

/** What a call may change is handed over in a holder. */
function valueOf(argument: unknown): unknown {
  return argument instanceof Holder ? argument.current : argument;
}

/** Ours for upstream's functions that the cases call. */
export const calls: Readonly<Record<string, Call>> = {
  ...clusterCalls,
  ...eventCalls,
  ...fileCalls,
  "k8s.io/cli-runtime/pkg/genericclioptions.NewConfigFlags": () => ({}),
  "flux2/v2/cmd/flux.getKubeconfigContextNamespace": async ([flags]) => {
    const { KubeConfig, Context } = flags as ConfigFlags;
    const config = await loadKubeconfig({ path: KubeConfig, env: {}, home: "/nonexistent" });
    return contextNamespaceOf(config, Context === "" ? undefined : Context);
  },
  "flux2/v2/cmd/flux.isObjectReady": ([object, type]) => isObjectReady(valueOf(object) as WithStatus, type === STATIC),
  "flux2/v2/cmd/flux.validateObjectName": ([name]) => isObjectName(String(name)),
};
