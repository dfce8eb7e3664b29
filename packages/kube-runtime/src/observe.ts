// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Client, KindRef } from "@flux-ts/kube-client";

/** Who observes, and how much of each object. */
export interface ObserveOptions {
  /** Default: the controller's own client. Observations are shared per client and kind. */
  readonly client?: Client;
  /** Keep only metadata (drift detection); false keeps whole objects (health). Default true. */
  readonly metadataOnly?: boolean;
}

/** A shared view of all objects of one kind, kept by a watch that is opened on demand and closed when idle. */
export interface Observation extends Disposable {
  /** Resolves once the first list is in; rejects when the identity may not list or watch the kind, or the kind is missing. */
  readonly synced: Promise<void>;
  /** The object as last seen; undefined when it is not there. Only meaningful once synced. */
  lookup(namespace: string | undefined, name: string): KubeObject | undefined;
  /** Grows whenever events may have been missed (watch gap, relist): what was remembered before must be checked anew. */
  readonly epoch: number;
  /** Called after every change (`after` undefined: deleted). Returns the end of the subscription. */
  subscribe(changed: (before: KubeObject | undefined, after: KubeObject | undefined) => void): () => void;
}

/** Opens (or joins) an observation. Bounded: when too many kinds are open, `synced` rejects and the caller reads for itself. */
export interface Observe {
  (kind: KindRef, options?: ObserveOptions): Observation;
}
