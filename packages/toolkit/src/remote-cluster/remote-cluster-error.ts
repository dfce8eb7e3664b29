// SPDX-License-Identifier: Apache-2.0

/** `SECRET_NOT_FOUND`; `SECRET_UNREADABLE`: for another reason; `NO_KUBECONFIG`: it lacks the key; `NOT_SUPPORTED`. */
export type RemoteClusterErrorCode = "SECRET_NOT_FOUND" | "SECRET_UNREADABLE" | "NO_KUBECONFIG" | "NOT_SUPPORTED";

/** Why another cluster cannot be reached, in Flux's words. */
export class RemoteClusterError extends Error {
  override readonly name = "RemoteClusterError";
  readonly code: RemoteClusterErrorCode;

  constructor(code: RemoteClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
