// SPDX-License-Identifier: Apache-2.0
import {
  EVENT_COMMIT_STATUS,
  EVENT_COMMIT_STATUS_UPDATE,
  FINALIZER,
  fluxKinds,
  Kustomization,
  SOURCE_GROUP,
  WATCH_ENABLED,
  WATCH_LABEL,
} from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KindDefinition, KubeObject } from "@flux-ts/kube-core";
import { formatDuration, isConditionTrue } from "@flux-ts/kube-core";
import type { ControllerDefinition, Predicate, Watch } from "@flux-ts/kube-runtime";
import {
  changed,
  conditionsOf,
  defineController,
  either,
  generationChanged,
  reconcileRequested,
  resourceVersionChanged,
} from "@flux-ts/kube-runtime";
import type { KustomizeOptions } from "../options.ts";
import { cleanup } from "./cleanup.ts";
import { dependenciesOf, expectedOf } from "./dependencies.ts";
import { createEquipment, type Equipment } from "./equipment.ts";
import { inputsOf } from "./inputs.ts";
import { COMPONENT } from "./owner.ts";
import { Interruptions } from "./interruptions.ts";
import { reconcile } from "./reconcile.ts";
import { intervalMs, retryMs } from "./schedule.ts";
import { revisionOf, sourceOf } from "./sources.ts";
import type { KustomizationContext } from "./types.ts";

/** The controller of Kustomizations. What it remembers of what it applied ends with the manager that runs it. */
export function kustomizationController(): ControllerDefinition<typeof Kustomization, KustomizeOptions> {
  const equipments = new WeakMap<Client, Equipment>();
  const equipmentOf = ({ cluster, clock, options }: KustomizationContext): Equipment => {
    const known = equipments.get(cluster);
    if (known !== undefined) return known;
    const equipment = createEquipment(clock, options.env);
    equipments.set(cluster, equipment);
    return equipment;
  };
  const interruptions = new Interruptions();
  return defineController({
    component: COMPONENT,
    kind: Kustomization,
    finalizer: FINALIZER,
    watches: [
      { kind: Kustomization, when: either(generationChanged, reconcileRequested) },
      { kind: Kustomization, when: either(changed(isReady), changed(appliedRevisionOf)), refs: dependenciesOf },
      { kind: Kustomization, when: resourceVersionChanged, refs: expectedOf },
      ...fluxKinds.filter(({ group }) => group === SOURCE_GROUP).map(watchSource),
      ...(["ConfigMap", "Secret"] as const).map(watchInputs),
    ],
    async reconcile(ks, ctx) {
      if (!ctx.options.features.cancelHealthCheckOnNewRevision) return await reconcile(ks, equipmentOf(ctx), ctx);
      using interruption = interruptions.listen(ks);
      return await reconcile(ks, equipmentOf(ctx), ctx, interruption);
    },
    cleanup: (ks, ctx) => cleanup(ks, equipmentOf(ctx), ctx),
    intervalMs,
    defaultRetry: (ks) => ({ afterMs: retryMs(ks) }),
    defaultReason: "ReconciliationFailed",
    readyInProgress: "Reconciliation in progress",
    observesSuspension: true,
    // Only waiting ends: what is being applied is applied to its end.
    supersedes(running, { before, after }) {
      interruptions.tell(running, after ?? before);
      return false;
    },
    successEvent: ({ success, durationMs, intervalMs: next }) => ({
      severity: "info",
      reason: success.reason,
      message: `Reconciliation finished in ${formatDuration(durationMs)}, next run in ${formatDuration(next)}`,
      metadata: { [EVENT_COMMIT_STATUS]: EVENT_COMMIT_STATUS_UPDATE },
    }),
  });
}

function watchSource(kind: KindDefinition): Watch<Kustomization> {
  return { kind, when: revisionChanged, refs: (ks) => [sourceOf(ks)].filter((source) => source.kind === kind.kind) };
}

/** Only those that say so wake us. */
function watchInputs(kind: "ConfigMap" | "Secret"): Watch<Kustomization> {
  return {
    kind: { apiVersion: "v1", kind },
    when: resourceVersionChanged,
    refs: inputsOf(kind),
    metadataOnly: true,
    labelSelector: `${WATCH_LABEL}=${WATCH_ENABLED}`,
  };
}

/** There is an artifact of another revision. @see fluxcd/pkg runtime/predicates SourceRevisionChangePredicate */
const revisionChanged: Predicate = (before, after) => {
  const revision = after && revisionOf(after);
  return revision !== undefined && revision !== (before && revisionOf(before));
};

function isReady(object: KubeObject): boolean {
  return isConditionTrue(conditionsOf(object), "Ready");
}

function appliedRevisionOf(object: KubeObject): string | undefined {
  return (object["status"] as Kustomization["status"])?.lastAppliedRevision;
}
