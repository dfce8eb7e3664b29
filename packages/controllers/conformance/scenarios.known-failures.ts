// SPDX-License-Identifier: Apache-2.0
const CEL = "readyExpr and healthCheckExprs are not evaluated yet: a clear failure says so";
const SOPS = "SOPS files are not decrypted yet: a clear failure says so";

export const knownFailures: Readonly<Record<string, string>> = {
  "ks-dep-readyexpr-false": CEL,
  "ks-dep-readyexpr-missing-field": CEL,
  "ks-dep-readyexpr-not-bool": CEL,
  "ks-dep-readyexpr-true": CEL,
  "ks-expr-current": CEL,
  "ks-expr-inprogress": CEL,
  "ks-expr-invalid": CEL,
  "ks-from-bucket": "there is no Bucket controller yet",
  "ks-from-oci": "there is no OCIRepository controller yet",
  "ks-remote-kubeconfig": "kubeConfig is not supported yet; the player has no second cluster either",
  "ks-remote-kubeconfig-missing": "kubeConfig is not supported yet: a clear failure says so",
  "ks-sops-age": SOPS,
  "ks-sops-bad-key-entry": SOPS,
  "ks-sops-secret-missing": SOPS,
};
