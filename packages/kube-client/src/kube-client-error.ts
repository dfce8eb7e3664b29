// SPDX-License-Identifier: Apache-2.0

/** Why there is no client. */
export type KubeClientErrorCode =
  /** The kubeconfig is not one, or lacks what it must have. */
  | "INVALID_KUBECONFIG"
  /** A context, cluster or user that is named is not there. */
  | "NOT_IN_KUBECONFIG"
  /** A file that a kubeconfig names cannot be read. */
  | "UNREADABLE_FILE"
  /** The kubeconfig asks for something that its owner may not ask for here. */
  | "FORBIDDEN"
  /** A way to authenticate that is not built. */
  | "UNSUPPORTED"
  /** An exec plugin failed. */
  | "EXEC_FAILED"
  /** Not in a Pod, though its credentials were asked for. */
  | "NOT_IN_CLUSTER";

/** What keeps a client from being made. Answers of an API server are `ApiError`s of kube-core instead. */
export class KubeClientError extends Error {
  override readonly name = "KubeClientError";
  readonly code: KubeClientErrorCode;

  constructor(code: KubeClientErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
