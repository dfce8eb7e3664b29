// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual, stringifyJson } from "@flux-ts/kube-core";
import type { PodTemplate } from "./objects.ts";
import { controllerOf, ownedBy } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";
import { fnv32, podTemplateHash, safeEncode } from "./pod-template-hash.ts";

export interface ControllerRevision extends KubeObject {
  readonly data?: unknown;
  readonly revision: number;
}

export interface Revisions {
  readonly current: ControllerRevision;
  /** Oldest first, the current one included. */
  readonly all: readonly ControllerRevision[];
}

/**
 * The ControllerRevision of the owner's template, made or moved to the newest number when it is not the newest.
 * StatefulSets and DaemonSets keep their history in these.
 */
export async function syncRevisions(
  plane: Plane,
  owner: KubeObject,
  template: PodTemplate,
  options: { readonly hashInName: boolean; readonly annotations?: Readonly<Record<string, string>>; readonly limit: number },
): Promise<Revisions> {
  const { namespace = "", name = "" } = owner.metadata;
  const all = plane
    .list<ControllerRevision>(ENDPOINTS.controllerRevisions, namespace)
    .filter((revision) => controllerOf(revision)?.uid === owner.metadata.uid)
    .toSorted((a, b) => a.revision - b.revision);
  const data = { spec: { template: { ...template, $patch: "replace" } } };
  const newest = all.at(-1);
  const same = all.find((revision) => deepEqual(revision.data, data));
  let current: ControllerRevision;
  if (same === undefined) {
    const hash = options.hashInName ? dataHash(data) : podTemplateHash(template);
    current = await plane.create<ControllerRevision>(ENDPOINTS.controllerRevisions, {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, "controller-revision-hash": options.hashInName ? `${name}-${hash}` : hash },
        ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
        ownerReferences: [ownedBy(owner)],
      },
      data,
      revision: (newest?.revision ?? 0) + 1,
    });
  } else if (same !== newest) {
    current = await plane.update(ENDPOINTS.controllerRevisions, { ...same, revision: (newest?.revision ?? 0) + 1 });
  } else {
    current = same;
  }
  const kept = [...all.filter((revision) => revision.metadata.uid !== current.metadata.uid), current];
  for (const old of kept.slice(0, Math.max(0, kept.length - 1 - options.limit))) await plane.delete(ENDPOINTS.controllerRevisions, old);
  return { current, all: kept };
}

/** StatefulSets hash the revision's JSON, then how often that hash was taken. @see kubernetes pkg/controller/history HashControllerRevision */
function dataHash(data: unknown): string {
  return safeEncode(String(fnv32(new TextEncoder().encode(`${stringifyJson(data, { sortKeys: true, escapeHtml: true })}0`), "1")));
}
