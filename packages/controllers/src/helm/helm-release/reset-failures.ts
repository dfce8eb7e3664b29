// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";
import { FORCE_REQUESTED_AT, RECONCILE_REQUESTED_AT, RESET_REQUESTED_AT } from "@flux-ts/flux-api";
import { getKey, type JsonObject } from "@flux-ts/kube-core";
import { hasValuesDigest } from "./digests.ts";

/** Why failures are counted anew. */
export type ResetReason =
  | "generation differs from last attempt"
  | "chart version differs from last attempt"
  | "values differ from last attempt"
  | "reset requested through annotation";

/** An annotation of a HelmRelease that asks for something once, and the field of the status that says it was answered. */
export type RequestKind = "force" | "reset";

const ANNOTATION: Readonly<Record<RequestKind, string>> = { force: FORCE_REQUESTED_AT, reset: RESET_REQUESTED_AT };

/** What an annotation asks for. */
export interface AnnotationRequest {
  /** Whether to do it now. */
  readonly isAsked: boolean;
  /** What the status must say from now on, whether or not it was done: `lastHandledForceAt`, `lastHandledResetAt`. */
  readonly lastHandled: string | undefined;
}

/**
 * Whether `forceAt` or `resetAt` asks for something that was not done yet. It does when it is the same as `requestedAt`,
 * and neither was answered before.
 *
 * @see helm-controller api/v2 ShouldHandleForceRequest, ShouldHandleResetRequest; spec G-HEL-32
 */
export function annotationRequest(release: HelmRelease, kind: RequestKind): AnnotationRequest {
  const { lastHandledForceAt, lastHandledResetAt } = release.status ?? {};
  return requestThrough(ANNOTATION[kind], kind === "force" ? lastHandledForceAt : lastHandledResetAt, release);
}

/**
 * The same of any annotation.
 *
 * @param before the value that was answered last
 * @see fluxcd/pkg apis/meta HandleAnnotationRequest
 */
export function requestThrough(annotation: string, before: string | undefined, { metadata, status }: HelmRelease): AnnotationRequest {
  const annotations = metadata.annotations ?? {};
  const asked = getKey(annotations, annotation);
  if (typeof asked !== "string") return { isAsked: false, lastHandled: before };
  const isAsked =
    asked === getKey(annotations, RECONCILE_REQUESTED_AT) && (status?.lastHandledReconcileAt ?? "") !== asked && (before ?? "") !== asked;
  return { isAsked, lastHandled: asked };
}

/**
 * Why the failures of a release are counted anew: what was tried last is not what is wanted now. Undefined: they are not.
 *
 * @param chartVersion of the chart that is wanted
 * @see helm-controller internal/action MustResetFailures; spec G-HEL-14
 */
export function resetReason(release: HelmRelease, chartVersion: string, values: JsonObject): ResetReason | undefined {
  const { status } = release;
  if ((status?.lastAttemptedGeneration ?? 0) !== (release.metadata.generation ?? 0)) return "generation differs from last attempt";
  if ((status?.lastAttemptedRevision ?? "") !== chartVersion) return "chart version differs from last attempt";
  const digest = lastValuesDigest(status);
  if (digest !== undefined && !hasValuesDigest(digest, values)) return "values differ from last attempt";
  return annotationRequest(release, "reset").isAsked ? "reset requested through annotation" : undefined;
}

/** Older controllers wrote the SHA-1 alone. */
function lastValuesDigest(status: HelmRelease["status"]): string | undefined {
  if (status?.lastAttemptedConfigDigest) return status.lastAttemptedConfigDigest;
  return status?.lastAttemptedValuesChecksum ? `sha1:${status.lastAttemptedValuesChecksum}` : undefined;
}
