// SPDX-License-Identifier: Apache-2.0
const SOPS = "SOPS files are not decrypted yet: a clear failure says so";

export const knownFailures: Readonly<Record<string, string>> = {
  "ks-from-bucket": "there is no Bucket controller yet",
  "ks-from-oci": "there is no OCIRepository controller yet",
  "ks-remote-kubeconfig": "the player has no second cluster; see scenarios/remote-cluster.test.ts, and the scenario over real connections",
  "ks-sops-age": SOPS,
  "ks-sops-bad-key-entry": SOPS,
  "ks-sops-secret-missing": SOPS,
};
