// SPDX-License-Identifier: Apache-2.0
import type { Infer, ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, duration, integer, mapOf, object, oneOf, optional, string, time } from "@flux-ts/kube-core/schema";
import { age, ready, status } from "../columns.ts";
import { dependencyReference } from "../dependency.ts";
import { healthCheckExpression } from "../health-check-expression.ts";
import { KUSTOMIZE_GROUP } from "../metadata.ts";
import { inventory } from "../inventory.ts";
import { commonMetadata, kubeConfigReference, localReference, objectReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { ignoreRule, image, patch } from "./overlay.ts";

const snapshot = object(
  {
    digest: string({ description: "Digest of the objects, `<algorithm>:<hex>`." }),
    firstReconciled: time({ description: "When they were first reconciled." }),
    lastReconciled: time({ description: "When they were last reconciled." }),
    lastReconciledDuration: string({ description: "How long that took." }),
    lastReconciledStatus: string({ description: "How it ended: the reason of Ready." }),
    metadata: optional(mapOf(string(), { description: "`revision` and `originRevision`." })),
    totalReconciliations: integer({ description: "How often they were reconciled with this end.", format: "int64" }),
  },
  { description: "One set of objects, and how its reconciliations ended." },
);

/** A folder of an artifact, built with kustomize and applied to a cluster. */
export const Kustomization = defineKind({
  group: KUSTOMIZE_GROUP,
  version: "v1",
  kind: "Kustomization",
  plural: "kustomizations",
  shortNames: ["ks"],
  categories: ["all", "fluxcd", "fluxcd-appliers"],
  description: "A folder of an artifact that is built with kustomize and kept applied to a cluster.",
  spec: object(
    {
      buildMetadata: optional(
        array(oneOf(["originAnnotations", "transformerAnnotations"], { description: "One kind of annotation." }), {
          description: "Annotate objects with where they come from, and with the transformers that changed them.",
        }),
      ),
      commonMetadata: optional(commonMetadata("Metadata of every object; wins over what the objects have.")),
      components: optional(array(string(), { description: "Kustomize components: folders relative to `path`." })),
      decryption: optional(
        object(
          {
            provider: oneOf(["sops"], { description: "What the files are encrypted with." }),
            secretRef: optional(localReference("Secret with the private keys and the credentials of key services.")),
            serviceAccountName: optional(string({ description: "ServiceAccount whose workload identity key services accept." })),
          },
          { description: "Decrypt encrypted objects and files." },
        ),
      ),
      deletionPolicy: optional(
        oneOf(["MirrorPrune", "Delete", "WaitForTermination", "Orphan"], {
          description: "What becomes of the objects when the Kustomization is deleted; by default MirrorPrune: what `prune` says.",
        }),
      ),
      dependsOn: optional(
        array(dependencyReference("Kustomization"), { description: "Kustomizations that must be ready before this one is reconciled." }),
      ),
      force: optional(boolean({ description: "Recreate objects when an immutable field changes.", default: false })),
      healthCheckExprs: optional(array(healthCheckExpression, { description: "How to tell the health of custom resources, in CEL." })),
      healthChecks: optional(array(objectReference, { description: "Objects whose health is waited for; ignored with `wait`." })),
      ignore: optional(array(ignoreRule, { description: "Fields that are neither compared nor applied." })),
      ignoreMissingComponents: optional(boolean({ description: "Skip components whose folder does not exist." })),
      images: optional(array(image, { description: "Images to replace." })),
      interval: duration({ description: "How often to reconcile, give or take some jitter." }),
      kubeConfig: optional(kubeConfigReference("The cluster to apply to; by default the controller's own.")),
      namePrefix: optional(string({ description: "Prefix of all names.", minLength: 1, maxLength: 200 })),
      nameSuffix: optional(string({ description: "Suffix of all names.", minLength: 1, maxLength: 200 })),
      patches: optional(array(patch, { description: "Patches on the objects built." })),
      path: optional(string({ description: "Folder of the artifact to build; by default its root." })),
      postBuild: optional(
        object(
          {
            substitute: optional(mapOf(string(), { description: "Variables by name; they win over `substituteFrom`." })),
            substituteFrom: optional(
              array(
                object(
                  {
                    kind: oneOf(["Secret", "ConfigMap"], { description: "Kind of the object." }),
                    name: string({
                      description: "Name of the object, in the namespace of the Kustomization.",
                      minLength: 1,
                      maxLength: 253,
                    }),
                    optional: optional(boolean({ description: "Go on without it when it does not exist.", default: false })),
                  },
                  { description: "An object whose data are variables." },
                ),
                { description: "ConfigMaps and Secrets with variables; later ones win." },
              ),
            ),
            substituteStrategy: optional(
              oneOf(["WithVariables", "Always"], {
                description: "Whether to substitute when there is no variable at all; by default WithVariables: not.",
              }),
            ),
          },
          { description: "Replace `${name}` in the objects built." },
        ),
      ),
      prune: boolean({ description: "Delete objects that are no longer part of the build." }),
      retryInterval: optional(duration({ description: "How soon to try again after a failure; by default `interval`." })),
      serviceAccountName: optional(string({ description: "ServiceAccount, of the same namespace, in whose name to apply." })),
      sourceRef: object(
        {
          apiVersion: optional(string({ description: "API version of the source." })),
          kind: oneOf(["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"], { description: "Kind of the source." }),
          name: string({ description: "Name of the source." }),
          namespace: optional(string({ description: "Namespace of the source; by default that of the Kustomization." })),
        },
        { description: "The source whose artifact to build." },
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      targetNamespace: optional(string({ description: "Namespace of all objects.", minLength: 1, maxLength: 63 })),
      timeout: optional(duration({ description: "How long building, applying and waiting may take; by default the interval." })),
      wait: optional(boolean({ description: "Wait until every object is healthy." })),
    },
    { description: "What to build, and where and how to apply it." },
  ),
  status: object(
    {
      ...commonStatus,
      history: optional(array(snapshot, { description: "The last reconciliations, newest first." })),
      inventory: optional(inventory("The objects that were applied.")),
      lastAppliedOriginRevision: optional(string({ description: "The revision, at its origin, that was last applied without a failure." })),
      lastAppliedRevision: optional(string({ description: "The revision that was last applied without a failure." })),
      lastAttemptedRevision: optional(string({ description: "The revision that was last tried." })),
    },
    { description: "What was applied.", default: UNOBSERVED },
  ),
  columns: [age, ready, status],
  reasons: {
    ReconciliationSucceeded: "The revision is applied, and healthy where that was asked for.",
    ReconciliationFailed: "An object was refused by the API server, or could not be applied; the message names it.",
    ArtifactFailed: "The source does not exist, has no artifact, or its artifact could not be downloaded; look at the source.",
    BuildFailed: "The manifests could not be built, decrypted or completed with variables; the message says why.",
    PruneFailed: "An object that is no longer part of the build could not be deleted; the message names it.",
    HealthCheckFailed: "An object did not become healthy in time; look at the object that the message names.",
    HealthCheckCanceled: "Waiting for health was given up, because a newer revision or a change of the Kustomization came.",
    DirectoryCreationFailed: "No temporary folder could be made; check the controller's disk.",
    DependencyNotReady: reason.DependencyNotReady,
    FeatureGateDisabled: reason.FeatureGateDisabled,
    AccessDenied: reason.AccessDenied,
    InvalidCELExpression: reason.InvalidCELExpression,
    Succeeded: reason.Succeeded,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type Kustomization = ObjectOf<typeof Kustomization>;

/** An entry of `status.history`. @see fluxcd/pkg apis/meta Snapshot */
export type Snapshot = Infer<typeof snapshot>;
