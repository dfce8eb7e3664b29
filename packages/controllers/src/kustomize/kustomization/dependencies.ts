// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from "@flux-ts/flux-api";
import { Kustomization, KUSTOMIZE_GROUP } from "@flux-ts/flux-api";
import { formatDuration, isConditionTrue } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import { hasRevision, sourceOf } from "./sources.ts";
import type { KustomizationContext } from "./types.ts";

/** What a Kustomization depends on: a change of one of these wakes it. */
export function dependenciesOf(ks: Kustomization): readonly { readonly namespace: string; readonly name: string }[] {
  return (ks.spec.dependsOn ?? []).map(({ name, namespace }) => ({ name, namespace: namespace || (ks.metadata.namespace ?? "") }));
}

/**
 * Passes when every dependency is there, ready, and, where it shares our source, at our revision.
 * @throws {Failure} DependencyNotReady, which waits: its event tells that, its message which dependency
 * @see spec G-DEP-1, G-DEP-2, G-DEP-6
 */
export function requireDependencies(ks: Kustomization, artifact: Artifact, ctx: KustomizationContext): void {
  for (const [index, { namespace, name }] of dependenciesOf(ks).entries()) {
    const problem = problemOf(ks, ks.spec.dependsOn?.[index]?.readyExpr, artifact, {
      label: `${namespace}/${name}`,
      name,
      dependency: ctx.cached<Kustomization>(Kustomization, namespace, name),
    });
    if (problem === undefined) continue;
    const afterMs = ctx.options.dependencyRequeueMs;
    throw new Failure("DependencyNotReady", problem, {
      retry: { afterMs },
      severity: "info",
      event: `Dependencies do not meet ready condition, retrying in ${formatDuration(afterMs)}`,
    });
  }
}

function problemOf(
  ks: Kustomization,
  readyExpr: string | undefined,
  artifact: Artifact,
  { label, name, dependency }: { readonly label: string; readonly name: string; readonly dependency: Kustomization | undefined },
): string | undefined {
  if (dependency === undefined) return `dependency '${label}' not found: kustomizations.${KUSTOMIZE_GROUP} "${name}" not found`;
  if (readyExpr) return `dependency '${label}': readyExpr cannot be evaluated by this version; remove it to use the built-in check`;
  const { status } = dependency;
  const isObserved = status?.observedGeneration === dependency.metadata.generation;
  if (!isObserved || !isConditionTrue(status?.conditions, "Ready")) return `dependency '${label}' is not ready`;
  if (sharesSource(ks, dependency) && !hasRevision(artifact, status?.lastAppliedRevision)) {
    return `dependency '${label}' revision is not up to date`;
  }
  return undefined;
}

function sharesSource(one: Kustomization, other: Kustomization): boolean {
  const a = sourceOf(one);
  const b = sourceOf(other);
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
