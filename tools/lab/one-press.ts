// SPDX-License-Identifier: Apache-2.0
import type { SignalSource } from "@flux-ts/kube-runtime";

/** Milliseconds in which a person does not press twice. */
const PRESS_MS = 300;

/**
 * Signals, with those left out that follow another within a moment: under npm one Ctrl-C arrives twice, from the terminal
 * and handed on by npm.
 */
export function onePress(source: SignalSource, now: () => number): SignalSource {
  const wrapped = new Map<() => void, () => void>();
  let last = Number.NEGATIVE_INFINITY;
  return {
    on(signal, listener) {
      const heard = (): void => {
        const at = now();
        if (at - last < PRESS_MS) return;
        last = at;
        listener();
      };
      wrapped.set(listener, heard);
      source.on(signal, heard);
    },
    off(signal, listener) {
      source.off(signal, wrapped.get(listener) ?? listener);
    },
  };
}
