// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";

/** Which objects to list. */
export interface ClusterQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** Labels that they must have, with these values. */
  readonly labels: Readonly<Record<string, string>>;
}

/** `create` fails when the object is there, `update` when it is not; both take the object as a whole. */
export type WriteMode = "create" | "update";

/**
 * All that releases ask of a cluster. Whoever supplies it decides in whose name.
 * An answer that is a failure is thrown as the `ApiError` of kube-core.
 */
export interface Cluster {
  /** Undefined when there is no such object. */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** All pages. */
  list(query: ClusterQuery): Promise<readonly KubeObject[]>;
  write(object: KubeObject, mode: WriteMode): Promise<KubeObject>;
  /** Fails when there is no such object. */
  delete(ref: ObjectRef): Promise<void>;
}
