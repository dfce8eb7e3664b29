// SPDX-License-Identifier: Apache-2.0
import type { Artifact, Kustomization } from "@flux-ts/flux-api";
import { fluxKinds, OCI_REVISION, SOURCE_GROUP } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { formatDuration } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import { retryMs } from "./schedule.ts";
import type { KustomizationContext } from "./types.ts";

/** A source that has something to apply. */
export interface Source {
  readonly artifact: Artifact;
  /** The revision of what the artifact was made from elsewhere, when it tells. */
  readonly originRevision: string | undefined;
}

/** Where the source of a Kustomization is. */
export function sourceOf(ks: Pick<Kustomization, "metadata" | "spec">): {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
} {
  const { kind, name, namespace } = ks.spec.sourceRef;
  return { kind, name, namespace: namespace || (ks.metadata.namespace ?? "") };
}

/**
 * The source and its artifact, out of the cache where the kind is watched.
 * @throws {Failure} AccessDenied; ArtifactFailed when there is no source, or no artifact yet: both only wait
 */
export async function readSource(ks: Kustomization, ctx: KustomizationContext): Promise<Source> {
  const { kind, namespace, name } = sourceOf(ks);
  requireAccess(ks, ctx);
  const source = await findSource(kind, namespace, name, ctx);
  if (source === undefined) {
    const message = `${kind}.${SOURCE_GROUP} "${name}" not found`;
    throw new Failure("ArtifactFailed", message, { retry: { afterMs: retryMs(ks) }, event: false });
  }
  const artifact = artifactOf(source);
  if (artifact === undefined)
    throw notYet(`Source artifact not found, retrying in ${formatDuration(ctx.options.dependencyRequeueMs)}`, ctx);
  return { artifact, originRevision: artifact.metadata?.[OCI_REVISION] || undefined };
}

/** A failure that waits for the source, and that nobody is told of. */
export function notYet(message: string, ctx: KustomizationContext): Failure<"ArtifactFailed"> {
  return new Failure("ArtifactFailed", message, { retry: { afterMs: ctx.options.dependencyRequeueMs }, severity: "info", event: false });
}

function requireAccess(ks: Kustomization, { options }: KustomizationContext): void {
  const { kind, namespace, name } = sourceOf(ks);
  const deny = (why: string): never => {
    throw new Failure("AccessDenied", `can't access '${kind}/${namespace}/${name}', ${why}`, { retry: "never", observes: false });
  };
  if (options.noCrossNamespaceRefs && namespace !== ks.metadata.namespace) deny("cross-namespace references have been blocked");
  if (kind === "ExternalArtifact" && !options.features.externalArtifact) deny("ExternalArtifact feature gate is disabled");
}

async function findSource(kind: string, namespace: string, name: string, ctx: KustomizationContext): Promise<KubeObject | undefined> {
  const definition = fluxKinds.find((each) => each.group === SOURCE_GROUP && each.kind === kind);
  if (definition !== undefined) return ctx.cached(definition, namespace, name);
  try {
    return await ctx.cluster.find({ apiVersion: `${SOURCE_GROUP}/v1`, kind, namespace, name }, { signal: ctx.signal });
  } catch (cause) {
    const message = `unable to get source '${namespace}/${name}': ${(cause as Error).message}`;
    throw new Failure("ArtifactFailed", message, { retry: "backoff", cause });
  }
}

/** Sources are validated by their CRD, so an artifact that is there is whole. */
function artifactOf(source: KubeObject): Artifact | undefined {
  const status = source["status"] as { readonly artifact?: Artifact } | undefined;
  return status?.artifact;
}

/** The revision of a source's artifact: when it moves, whoever points at the source is woken. */
export function revisionOf(source: KubeObject): string | undefined {
  return artifactOf(source)?.revision;
}

/** @see fluxcd/pkg apis/meta Artifact.HasRevision */
export function hasRevision(artifact: Artifact, revision: string | undefined): boolean {
  return artifact.revision === revision;
}
