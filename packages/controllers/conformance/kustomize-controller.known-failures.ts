// SPDX-License-Identifier: Apache-2.0
const LOST = "the transcription of the case lacks a step:";

const reasons: Readonly<Record<string, string>> = {
  ConfigurationError: `${LOST} the first object is deleted before the second of its name is created; depends-on and health scenarios have its first part`,
  Decryptor: "SOPS files are not decrypted yet; the case also needs a Vault server",
  "DirectSourceFetch_OCIRepository/handles OCIRepository with DirectSourceFetch enabled": "the gate DirectSourceFetch is not there yet",
  ArtifactDownload: `${LOST} the address that it puts back is read from the changed object`,
  OriginRevision: `${LOST} the artifact has no metadata`,
  PruneSkipNotOwned: `${LOST} the change of the owner's label`,
  KustomizeTransformerFiles: `${LOST} o5 is never read`,
  "Validation/fails to build invalid plain yamls": `${LOST} both artifacts are made before the first is looked for`,
  VarsubOptional: `${LOST} o3 is never read`,
  PruneFailedInventoryRetry: "wraps the client of Go to have deletions rejected; scenarios/prune.test.ts has the same through RBAC",
  RESTMapper: "tests Go's REST mapper, which is not ours",
  AppliesRoleAndRoleBinding: "our API server names a missing role in other words",
  WaitConditions:
    "our API server refuses to apply a StorageClass that has a namespace once it is there (field is immutable), where Kubernetes drops the namespace",
};

export const knownFailures: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(reasons).map(([name, reason]) => [
      `kustomize-controller/internal/controller:TestKustomizationReconciler_${name}`,
      reason,
    ]),
  ),
  "kustomize-controller/internal/controller:TestPruneSurvivors": `${LOST} the entries of the change sets`,
};
