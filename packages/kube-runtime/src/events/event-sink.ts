// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { EventRecord } from "../context.ts";

/** An event on an object, as its controller tells it. Metadata keys are complete (G-EVT-3). */
export interface EmittedEvent extends EventRecord {
  readonly object: KubeObject;
  /** `kustomize-controller`. */
  readonly component: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Takes events; works in the background and never holds up who tells. */
export interface EventSink {
  emit(event: EmittedEvent): void;
  /** Resolves once nothing is under way. */
  flush(): Promise<void>;
}

/** Hands every event to all of them. */
export function combineSinks(...sinks: readonly EventSink[]): EventSink {
  return {
    emit(event) {
      for (const sink of sinks) sink.emit(event);
    },
    async flush() {
      await Promise.all(sinks.map((sink) => sink.flush()));
    },
  };
}
