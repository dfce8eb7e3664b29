// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { parseDuration } from "@flux-ts/kube-core";

const FLOOR_MS = 30_000;

/** Milliseconds between reconciles that succeed. */
export function intervalMs({ spec }: Kustomization): number {
  return parseDuration(spec.interval);
}

/** Milliseconds until a failed reconcile is tried again: `retryInterval`, else the interval. */
export function retryMs({ spec }: Kustomization): number {
  return parseDuration(spec.retryInterval ?? spec.interval);
}

/**
 * How long waiting for health may take, in milliseconds: `timeout`, else the interval less 30 s; never under 30 s, which
 * holds for an explicit `timeout` as well (spec §6).
 */
export function timeoutMs({ spec }: Kustomization): number {
  const wanted = spec.timeout === undefined ? parseDuration(spec.interval) - FLOOR_MS : parseDuration(spec.timeout);
  return Math.max(wanted, FLOOR_MS);
}
