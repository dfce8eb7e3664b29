// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** How the containers of a pod stand that is run and not simulated. */
export type PodRunState =
  | { readonly is: "starting" }
  | { readonly is: "running"; readonly isReady: boolean }
  | { readonly is: "exited"; readonly exitCode: number };

/** Runs some pods for real, in place of the simulation. One for all nodes. */
export interface PodRuntime {
  /** Whether this pod's containers are run by it. */
  runs(pod: KubeObject): boolean;
  /** Starts the containers of a pod that has none running; resolves and throws nothing: what comes of it is its state. */
  start(pod: KubeObject): void;
  /** Undefined for a pod that was never started here, or was forgotten. */
  state(uid: string): PodRunState | undefined;
  /** Ends the containers, within the time or by force. Calling it again is fine. */
  stop(uid: string, graceMs: number): void;
  /** The pod is gone, and with it what it kept. */
  forget(uid: string): void;
  /** Calls back with `namespace/name` whenever the state of a pod changes, until the returned function is called. */
  onChange(listener: (key: string) => void): () => void;
}
