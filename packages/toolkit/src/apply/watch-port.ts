// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { KindRef } from "@flux-ts/kube-client";

/** A view of all objects of one kind that is kept up to date by a watch; closed when disposed. */
export interface KindView extends Disposable {
  /** Resolves once the view is complete; rejects when the kind may not be watched or does not exist. */
  readonly synced: Promise<void>;
  lookup(namespace: string | undefined, name: string): KubeObject | undefined;
  /** Grows whenever changes may have been missed. */
  readonly epoch: number;
  /** Calls back after every change; the returned function ends that. */
  subscribe(changed: (before: KubeObject | undefined, after: KubeObject | undefined) => void): () => void;
}

/** Opens a view of a kind, in the eyes of the identity that applies. The runtime's `observe`, bound to a client. */
export interface ViewKind {
  (kind: KindRef, options: { readonly metadataOnly: boolean }): KindView;
}
