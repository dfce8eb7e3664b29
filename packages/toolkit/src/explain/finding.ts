// SPDX-License-Identifier: Apache-2.0
import type { ObjectRef } from "@flux-ts/kube-core";
import type { Link, Stage, Subject } from "./explanation.ts";
import type { Place } from "./facts.ts";

/** Something that is not as it should be, with the steps that lead to it. */
export interface Finding {
  /** `hold`: nothing failed, but nothing goes on, or not yet. A failure counts more. */
  readonly weight: "failure" | "hold";
  readonly stage: Stage;
  readonly ref: ObjectRef;
  readonly reason: string;
  readonly message: string;
  readonly condition?: { readonly type: string; readonly status: string };
  readonly place?: Place;
  /** Fields of the pod's spec where it is written, most telling first: `containers.0.image`. */
  readonly paths?: readonly string[];
  /** The object that asked for this one, or was refused because of it. */
  readonly because?: ObjectRef;
  readonly trail: readonly Link[];
}

/** What was found about one object, its steps that went well, and everything that is wrong, most telling first. */
export interface Inspection {
  readonly links: readonly Link[];
  readonly findings: readonly Finding[];
}

export const NOTHING: Inspection = { links: [], findings: [] };

export function subjectOf({ kind, namespace, name }: ObjectRef): Subject {
  return { kind, ...(namespace === undefined || namespace === "" ? {} : { namespace }), name };
}

/** `Kind/namespace/name`, or `Kind/name`. */
export function formatSubject({ kind, namespace, name }: Pick<ObjectRef, "kind" | "namespace" | "name">): string {
  return namespace === undefined || namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/** Puts steps before those of each finding. */
export function after(links: readonly Link[], findings: readonly Finding[]): readonly Finding[] {
  return links.length === 0 ? findings : findings.map((finding) => ({ ...finding, trail: [...links, ...finding.trail] }));
}

export function found(finding: Omit<Finding, "trail" | "weight"> & { readonly weight?: Finding["weight"] }): Finding {
  return { weight: "failure", trail: [], ...finding };
}

/** One of those that tell the same of the same object; the first that knows the place adds it. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byKey = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${formatSubject(finding.ref)} ${finding.reason}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, finding);
    else if (known.place === undefined && finding.place !== undefined) byKey.set(key, { ...known, place: finding.place });
  }
  return [...byKey.values()];
}
