// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** One entry of the revision log: what one write did to one object. Revisions grow by one. */
export interface Change {
  readonly revision: number;
  /** `configmaps`, `deployments.apps`: group and plural, whatever the version. */
  readonly resource: string;
  /** `namespace/name`, or `name` for cluster-scoped objects. */
  readonly key: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** In the storage version, with this revision as its resourceVersion; for DELETED the last state with the new resourceVersion. */
  readonly object: KubeObject;
  /** What it was before; absent for ADDED. */
  readonly previous?: KubeObject;
}

/** Where changes go to outlive the process. */
export interface Journal {
  /**
   * Keeps the change, before anybody sees it.
   * @throws {KubeServerError} DISK_FULL, DISK_FAILED: the change then did not happen
   */
  append(change: Change): void;
  /** What was kept, at start. */
  load(): {
    readonly revision: number;
    readonly objects: Iterable<{ readonly resource: string; readonly key: string; readonly object: KubeObject }>;
  };
  /** Gives back the directory. */
  close(): void;
}
