// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from "@flux-ts/flux-api";
import { Kustomization, KUSTOMIZE_GROUP } from "@flux-ts/flux-api";
import { formatDuration, getCondition, isConditionTrue } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import type { ExpressionReader } from "./expressions.ts";
import { hasRevision, sourceOf } from "./sources.ts";
import type { KustomizationContext } from "./types.ts";

/** What a Kustomization depends on: a change of one of these wakes it. */
export function dependenciesOf(ks: Kustomization): readonly { readonly namespace: string; readonly name: string }[] {
  return (ks.spec.dependsOn ?? []).map(({ name, namespace }) => ({ name, namespace: namespace || (ks.metadata.namespace ?? "") }));
}

/** Those whose readiness an expression tells, while it does not: any change of theirs may be the one that is waited for. */
export function expectedOf(ks: Kustomization): readonly { readonly namespace: string; readonly name: string }[] {
  if (getCondition(ks.status?.conditions, "Ready")?.reason !== "DependencyNotReady") return [];
  return dependenciesOf(ks).filter((_, index) => Boolean(ks.spec.dependsOn?.[index]?.readyExpr));
}

/**
 * Passes when every dependency is there, ready, and, where it shares our source, at our revision. A `readyExpr` takes the
 * place of the last two, or is added to them with the gate AdditiveCELDependencyCheck.
 *
 * @throws {Failure} DependencyNotReady, which waits: its event tells that, its message which dependency; InvalidCELExpression
 * @see kustomize-controller checkDependencies(); spec G-DEP-1, G-DEP-2, G-DEP-6
 */
export async function requireDependencies(
  ks: Kustomization,
  artifact: Artifact,
  expressions: ExpressionReader,
  ctx: KustomizationContext,
): Promise<void> {
  for (const [index, { namespace, name }] of dependenciesOf(ks).entries()) {
    const label = `${namespace}/${name}`;
    const dependency = ctx.cached<Kustomization>(Kustomization, namespace, name);
    if (dependency === undefined) {
      throw notReady(`dependency '${label}' not found: kustomizations.${KUSTOMIZE_GROUP} "${name}" not found`, ctx);
    }
    const readyExpr = ks.spec.dependsOn?.[index]?.readyExpr ?? "";
    if (readyExpr !== "") {
      if (!(await isReadyBy(readyExpr, ks, dependency, expressions, ctx))) {
        throw notReady(`dependency '${label}' is not ready according to readyExpr eval`, ctx);
      }
      if (!ctx.options.features.additiveCelDependencyCheck) continue;
    }
    const problem = problemOf(ks, artifact, label, dependency);
    if (problem !== undefined) throw notReady(problem, ctx);
  }
}

async function isReadyBy(
  readyExpr: string,
  ks: Kustomization,
  dependency: Kustomization,
  expressions: ExpressionReader,
  ctx: KustomizationContext,
): Promise<boolean> {
  try {
    return await expressions.isReady(readyExpr, ks, dependency);
  } catch (error) {
    throw error instanceof Failure ? error : notReady((error as Error).message, ctx);
  }
}

function problemOf(ks: Kustomization, artifact: Artifact, label: string, { metadata, spec, status }: Kustomization): string | undefined {
  const isObserved = status?.observedGeneration === metadata.generation;
  if (!isObserved || !isConditionTrue(status?.conditions, "Ready")) return `dependency '${label}' is not ready`;
  if (sharesSource(ks, { metadata, spec }) && !hasRevision(artifact, status?.lastAppliedRevision)) {
    return `dependency '${label}' revision is not up to date`;
  }
  return undefined;
}

function notReady(message: string, ctx: KustomizationContext): Failure<"DependencyNotReady"> {
  const afterMs = ctx.options.dependencyRequeueMs;
  return new Failure("DependencyNotReady", message, {
    retry: { afterMs },
    severity: "info",
    event: `Dependencies do not meet ready condition, retrying in ${formatDuration(afterMs)}`,
  });
}

function sharesSource(one: Kustomization, other: Pick<Kustomization, "metadata" | "spec">): boolean {
  const a = sourceOf(one);
  const b = sourceOf(other);
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
