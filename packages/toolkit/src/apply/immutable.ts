// SPDX-License-Identifier: Apache-2.0
import { ApiError } from "@flux-ts/kube-core";

/**
 * Whether a refusal may be mended by deleting the object and creating it anew: conflicts and invalid objects, as kubectl
 * judges it, and what says that a field is immutable.
 * @see fluxcd/pkg ssa/errors/immutable.go
 */
export function isImmutableError(error: unknown): boolean {
  if (error instanceof ApiError && (error.reason === "Conflict" || error.reason === "Invalid")) return true;
  const message = error instanceof Error ? error.message : String(error);
  return /is\simmutable|immutable\sfield/.test(message);
}
