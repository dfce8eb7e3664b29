// SPDX-License-Identifier: Apache-2.0
import type { ApplyVersion, KubeObject } from "@flux-ts/kube-core";
import { applyConfiguration, fieldSetOfPaths, KubeCoreError, mergeTypeOf, trackUpdate } from "@flux-ts/kube-core";
import type { Script, Step } from "./scripts.ts";

/** What came of a step: an object, or an error with what conflicts. */
export interface StepResult {
  readonly error?: string;
  readonly causes?: readonly { readonly message?: string; readonly field?: string }[];
  readonly object?: KubeObject;
}

/** Runs a script through our own field management, as the oracle runs it through Kubernetes'. */
export function runScript({ versions, steps }: Script): StepResult[] {
  const served = new Map<string, ApplyVersion>();
  for (const { name, schema, reset } of versions) {
    const apiVersion = `oracle.test/${name}`;
    const convert = (object: KubeObject): KubeObject => (object.apiVersion === apiVersion ? object : { ...object, apiVersion });
    served.set(apiVersion, { type: mergeTypeOf(schema), resetFields: fieldSetOfPaths(...reset), convert });
  }
  const hub = served.get(`oracle.test/${versions[0]?.name ?? ""}`);
  let live: KubeObject | undefined;
  return steps.map((step, index) => {
    const result = runStep(step, live, (apiVersion) => served.get(apiVersion), Date.UTC(2020, 0, 1, 0, 0, index));
    if (result.object === undefined || hub === undefined) return result;
    live = hub.convert({ ...result.object, metadata: { ...result.object.metadata, uid: "uid" } });
    return { object: live };
  });
}

function runStep(
  step: Step,
  live: KubeObject | undefined,
  versions: (apiVersion: string) => ApplyVersion | undefined,
  now: number,
): StepResult {
  const { manager, force, subresource, version } = step;
  const apiVersion = `oracle.test/${version}`;
  const before = live === undefined ? undefined : versions(apiVersion)?.convert(live);
  const request = { manager, apiVersion, versions, subresource, now };
  const sent = step.object as unknown as KubeObject;
  if (step.do === "update") {
    const after = live === undefined ? sent : { ...sent, metadata: { ...sent.metadata, uid: "uid" } };
    return { object: trackUpdate({ ...request, before, after }) };
  }
  try {
    const outcome = applyConfiguration({ ...request, live: before, applied: sent, force });
    return outcome.kind === "applied" ? { object: outcome.object } : { error: outcome.message, causes: outcome.causes };
  } catch (error) {
    if (!(error instanceof KubeCoreError)) throw error;
    return { error: error.message };
  }
}
