// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual, stringifyJson } from "@flux-ts/kube-core";
import type { LabelSelector, PodTemplate } from "./objects.ts";
import { isDeleting, ownedBy, selects } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";
import { fnv32, podTemplateHash, safeEncode } from "./pod-template-hash.ts";

/** One version of the template of a StatefulSet or DaemonSet. */
export interface ControllerRevision extends KubeObject {
  readonly data?: { readonly spec?: { readonly template?: PodTemplate & { readonly $patch?: string } } };
  readonly revision: number;
}

export interface Revisions {
  /** The one of the template as it is now. */
  readonly current: ControllerRevision;
  /** Oldest first, the current one included. */
  readonly all: readonly ControllerRevision[];
  readonly collisionCount: number;
}

/** A kind whose history is kept in ControllerRevisions. */
export interface HistoryOwner extends KubeObject {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate; readonly revisionHistoryLimit?: number };
  readonly status?: { readonly collisionCount?: number };
}

/** How a kind names and labels its revisions. */
export interface RevisionStyle {
  readonly hashLabel: string;
  hash(data: ControllerRevision["data"], template: PodTemplate, collisionCount: number | undefined): string;
}

/** @see kubernetes pkg/controller/history NewControllerRevision */
export const STATEFUL_SET_STYLE: RevisionStyle = {
  hashLabel: "controller.kubernetes.io/hash",
  hash: (data, _, collisionCount = 0) => {
    const text = `${stringifyJson(data, { sortKeys: true, escapeHtml: true })}${collisionCount}`;
    return safeEncode(String(fnv32(new TextEncoder().encode(text), "1")));
  },
};

/** @see kubernetes pkg/controller/daemon snapshot */
export const DAEMON_SET_STYLE: RevisionStyle = {
  hashLabel: "controller-revision-hash",
  hash: (_, template, collisionCount) => podTemplateHash(template, collisionCount),
};

const MAX_PREFIX_LENGTH = 223;
/** Names that may be taken before the owner has to wait for its next look. */
const MAX_COLLISIONS = 10;

/**
 * The revisions of the owner, with the one of its template: made when there is none, moved to the newest number when it is an older one.
 * Orphans that the selector takes are adopted.
 */
export async function syncRevisions(plane: Plane, owner: HistoryOwner, style: RevisionStyle): Promise<Revisions> {
  const { selector, template } = owner.spec;
  let collisionCount = owner.status?.collisionCount ?? 0;
  const all = await ownRevisions(plane, owner, selector);
  const data = { spec: { template: { ...template, $patch: "replace" } } };
  const newest = all.at(-1);
  const same = all.findLast((revision) => deepEqual(revision.data, data));
  if (same !== undefined && same === newest) return { current: same, all, collisionCount };
  const number = (newest?.revision ?? 0) + 1;
  if (same !== undefined) {
    const moved = await plane.update(ENDPOINTS.controllerRevisions, { ...same, revision: number });
    return { current: moved, all: [...all.filter((one) => one !== same), moved], collisionCount };
  }
  for (;;) {
    const hash = style.hash(data, template, collisionCount === 0 ? owner.status?.collisionCount : collisionCount);
    const name = `${(owner.metadata.name ?? "").slice(0, MAX_PREFIX_LENGTH)}-${hash}`;
    const existing = plane.get<ControllerRevision>(ENDPOINTS.controllerRevisions, owner.metadata.namespace, name);
    if (existing === undefined) {
      const current = await createRevision(plane, owner, { data, revision: number, name, labels: { [style.hashLabel]: hash } });
      return { current, all: [...all, current], collisionCount };
    }
    if (deepEqual(existing.data, data)) return { current: existing, all: [...all, existing], collisionCount };
    collisionCount += 1;
    if (collisionCount > MAX_COLLISIONS) {
      throw new Error(
        `Cannot name a revision of ${owner.kind} ${owner.metadata.namespace}/${owner.metadata.name}: ${name} and others are taken`,
      );
    }
  }
}

function createRevision(
  plane: Plane,
  owner: HistoryOwner,
  made: {
    readonly data: NonNullable<ControllerRevision["data"]>;
    readonly revision: number;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): Promise<ControllerRevision> {
  const { annotations, namespace = "" } = owner.metadata;
  return plane.create<ControllerRevision>(ENDPOINTS.controllerRevisions, {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: made.name,
      namespace,
      labels: { ...owner.spec.template.metadata?.labels, ...made.labels },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownedBy(owner)],
    },
    data: made.data,
    revision: made.revision,
  });
}

async function ownRevisions(plane: Plane, owner: HistoryOwner, selector: LabelSelector): Promise<readonly ControllerRevision[]> {
  const { namespace = "" } = owner.metadata;
  const own = [...plane.controlledBy<ControllerRevision>(ENDPOINTS.controllerRevisions, owner)];
  for (const revision of plane.controlledByName<ControllerRevision>(ENDPOINTS.controllerRevisions, namespace)) {
    if (isDeleting(owner) || !selects(selector, revision.metadata.labels)) continue;
    const ownerReferences = [...(revision.metadata.ownerReferences ?? []), ownedBy(owner)];
    own.push(await plane.update(ENDPOINTS.controllerRevisions, { ...revision, metadata: { ...revision.metadata, ownerReferences } }));
  }
  return own.toSorted((a, b) => a.revision - b.revision);
}

/** Deletes the oldest of those that nothing uses, until only the limit is left. */
export async function trimRevisions(plane: Plane, unused: readonly ControllerRevision[], limit: number): Promise<void> {
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
    try {
      await plane.delete(ENDPOINTS.controllerRevisions, revision);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
    }
  }
}

/** The template that a revision keeps. */
export function templateOf(revision: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = revision.data?.spec?.template ?? {};
  return template;
}
