// SPDX-License-Identifier: Apache-2.0

/** The part of `process` that is needed. */
export interface SignalSource {
  on(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  off(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
}

/**
 * Ends a process in order: the first SIGTERM or SIGINT stops what runs, then exits with 0 (1 when that failed); the
 * second exits with 1 at once.
 *
 * @param stop readiness off, queues closed, running work ended, leases given back
 * @returns the end of listening
 * @see controller-runtime signals.SetupSignalHandler
 */
export function stopOnSignals(source: SignalSource, stop: () => Promise<void>, exit: (code: number) => void): () => void {
  let isStopping = false;
  const signalled = (): void => {
    if (isStopping) {
      exit(1);
      return;
    }
    isStopping = true;
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  source.on("SIGTERM", signalled);
  source.on("SIGINT", signalled);
  return () => {
    source.off("SIGTERM", signalled);
    source.off("SIGINT", signalled);
  };
}
