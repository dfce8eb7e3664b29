// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { GitError } from "./git-error.ts";

/** A signal that aborts with the given one, or with a GitError TIMEOUT when the time is up. Dispose it to stop the clock. */
export function deadline(clock: Clock, timeoutMs: number, signal: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const cancel = clock.after(timeoutMs, () => controller.abort(new GitError("TIMEOUT", "context deadline exceeded")));
  return { signal: AbortSignal.any([signal, controller.signal]), [Symbol.dispose]: cancel };
}
