// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";

/**
 * Whether applying would change the object: `dryRun` is what the API server would make of it.
 *
 * Labels, annotations and everything but `metadata` and `status` count. An object that is not there has drifted.
 *
 * @param live undefined: there is none
 * @see fluxcd/pkg ssa/manager_diff.go hasDrifted; spec G-SSA-4
 */
export function hasDrifted(live: KubeObject | undefined, dryRun: KubeObject): boolean {
  if (live === undefined || !dryRun.metadata.resourceVersion) return true;
  if (live === dryRun) return false;
  return (
    !deepEqual(live.metadata.labels ?? {}, dryRun.metadata.labels ?? {}) ||
    !deepEqual(live.metadata.annotations ?? {}, dryRun.metadata.annotations ?? {}) ||
    !deepEqual(content(live), content(dryRun))
  );
}

function content({ metadata: _metadata, status: _status, ...rest }: KubeObject): Readonly<Record<string, unknown>> {
  return rest;
}
