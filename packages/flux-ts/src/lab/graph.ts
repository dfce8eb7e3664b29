// SPDX-License-Identifier: Apache-2.0
import type { GitRepository, Kustomization } from "@flux-ts/flux-api";
import type { Condition, KubeObject, ObjectOf } from "@flux-ts/kube-core";
import { computeStatus } from "@flux-ts/kube-core";

export type NodeState = "ready" | "working" | "waiting" | "failed" | "suspended";

/** One object of the delivery graph, and what it waits for. */
export interface GraphNode {
  /** `Kustomization/apps`. */
  readonly name: string;
  readonly state: NodeState;
  /** What it has reached, or what it waits for. */
  readonly told: string;
  readonly children: readonly GraphNode[];
}

export interface Fleet {
  readonly sources: readonly ObjectOf<typeof GitRepository>[];
  readonly kustomizations: readonly ObjectOf<typeof Kustomization>[];
  /** Objects that Kustomizations wait for: Deployments and the like, as they are now. */
  readonly workloads: readonly KubeObject[];
}

/** The graph as it is now: sources, below each the Kustomizations that it feeds, in the order of their dependencies. Pure. */
export function graphOf(fleet: Fleet): readonly GraphNode[] {
  return fleet.sources.map((source) => {
    const fed = fleet.kustomizations.filter(
      ({ spec: { sourceRef }, metadata }) =>
        sourceRef.kind === source.kind &&
        sourceRef.name === source.metadata.name &&
        (sourceRef.namespace ?? metadata.namespace) === source.metadata.namespace,
    );
    return {
      name: `GitRepository/${source.metadata.name}`,
      state: stateOf(source, source.spec.suspend),
      told: source.status?.artifact?.revision === undefined ? messageOf(source) : shorten(source.status.artifact.revision),
      children: inOrder(fed).map((one) => ({
        name: `Kustomization/${one.metadata.name}`,
        ...tellKustomization(one, source, fleet.workloads),
        children: [],
      })),
    };
  });
}

/** Dependencies before what depends on them; else by name. A cycle ends where it began. */
function inOrder(all: readonly ObjectOf<typeof Kustomization>[]): readonly ObjectOf<typeof Kustomization>[] {
  const ordered: ObjectOf<typeof Kustomization>[] = [];
  const seen = new Set<string>();
  const visit = (one: ObjectOf<typeof Kustomization>): void => {
    const key = `${one.metadata.namespace}/${one.metadata.name}`;
    if (seen.has(key)) return;
    seen.add(key);
    for (const { name, namespace = one.metadata.namespace } of one.spec.dependsOn ?? []) {
      const before = all.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
      if (before !== undefined) visit(before);
    }
    ordered.push(one);
  };
  for (const one of all.toSorted(
    (a, b) => (a.spec.dependsOn ?? []).length - (b.spec.dependsOn ?? []).length || (name(a) < name(b) ? -1 : 1),
  ))
    visit(one);
  return ordered;
}

function name(object: KubeObject): string {
  return object.metadata.name ?? "";
}

function tellKustomization(
  one: ObjectOf<typeof Kustomization>,
  source: ObjectOf<typeof GitRepository>,
  workloads: readonly KubeObject[],
): { readonly state: NodeState; readonly told: string } {
  const state = stateOf(one, one.spec.suspend);
  if (state === "ready") {
    const count = one.status?.inventory?.entries.length ?? 0;
    return { state, told: `${shorten(one.status?.lastAppliedRevision ?? "")}, ${count} ${count === 1 ? "object" : "objects"}` };
  }
  const ready = conditionOf(one, "Ready");
  if (ready?.reason === "DependencyNotReady") return { state: "waiting", told: shorten(ready.message) };
  // That there is no artifact yet is the source's to tell, when it has failed.
  if (ready?.reason === "ArtifactFailed" && source.status?.artifact === undefined)
    return { state: "waiting", told: `waits for ${source.kind}/${source.metadata.name}` };
  const unready = workloads
    .filter((workload) => isOf(workload, one))
    .flatMap((workload) => {
      const { status, message } = computeStatus(workload);
      return status === "Current"
        ? []
        : [`${workload.kind}/${workload.metadata.namespace}/${workload.metadata.name}${message === "" ? "" : ` (${message})`}`];
    });
  if (state === "working" && unready.length > 0) return { state, told: `waits for ${unready.slice(0, 3).join(", ")}` };
  return { state, told: messageOf(one) };
}

function isOf(workload: KubeObject, one: KubeObject): boolean {
  const { labels = {} } = workload.metadata;
  return (
    labels["kustomize.toolkit.fluxcd.io/name"] === one.metadata.name &&
    labels["kustomize.toolkit.fluxcd.io/namespace"] === one.metadata.namespace
  );
}

function conditionOf(
  object: KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

function stateOf(
  object: KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } },
  suspend: boolean | undefined,
): NodeState {
  if (suspend === true) return "suspended";
  const ready = conditionOf(object, "Ready");
  if (ready?.status === "True" && conditionOf(object, "Reconciling") === undefined) return "ready";
  if (ready?.status === "False") return ready.reason === "DependencyNotReady" ? "waiting" : "failed";
  return ready === undefined ? "waiting" : "working";
}

function messageOf(object: KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } }): string {
  const reconciling = conditionOf(object, "Reconciling");
  const ready = conditionOf(object, "Ready");
  const message = ready?.status === "False" ? ready.message : (reconciling?.message ?? ready?.message);
  return shorten(message ?? "waits for its turn");
}

/** Commits are shown with eight digits. */
function shorten(text: string): string {
  return text.replace(/\b[0-9a-f]{40}\b/g, (hex) => hex.slice(0, 8));
}
