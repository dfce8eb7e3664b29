// SPDX-License-Identifier: Apache-2.0

/** What kind of input could not be used. */
export type KubeCoreErrorCode =
  | "INVALID_JSON_PATH"
  | "INVALID_DURATION"
  | "INVALID_QUANTITY"
  | "INVALID_LABEL_SELECTOR"
  | "INVALID_FIELD_SELECTOR"
  | "INVALID_PATCH"
  | "PATCH_TEST_FAILED"
  | "PATCH_PATH_MISSING"
  | "PATCH_TOO_LARGE"
  | "STRATEGIC_MERGE_FORMAT"
  | "STRATEGIC_MERGE_CONTENT"
  | "STRATEGIC_MERGE_FAILED"
  | "INVALID_FIELD_SET"
  | "INVALID_TYPED_OBJECT"
  | "MANAGED_FIELDS_IN_APPLY"
  | "UNREADABLE_STATUS";

/** The one error class of kube-core's functions. `message` is Kubernetes' (or Go's) own text wherever there is one. */
export class KubeCoreError extends Error {
  override readonly name = "KubeCoreError";
  readonly code: KubeCoreErrorCode;

  constructor(code: KubeCoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
