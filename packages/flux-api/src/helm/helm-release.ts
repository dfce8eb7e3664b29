// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { anyValue, array, boolean, duration, integer, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, ready, status } from "../columns.ts";
import { dependencyReference } from "../dependency.ts";
import { healthCheckExpression } from "../health-check-expression.ts";
import { ignoreRule, image, patch } from "../kustomize/overlay.ts";
import { HELM_GROUP } from "../metadata.ts";
import { commonMetadata, kubeConfigReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { chartFields } from "../source/chart-fields.ts";
import { verificationSecret, verifier } from "../source/verification.ts";
import { install, rollback, test, uninstall, upgrade } from "./actions.ts";
import { releaseStatus } from "./release-status.ts";

/** A name and a namespace, with their bounds. */
const sourceFields = {
  apiVersion: optional(string({ description: "API version of the source." })),
  name: string({ description: "Name of the source.", minLength: 1, maxLength: 253 }),
  namespace: optional(string({ description: "Namespace of the source; by default that of the HelmRelease.", minLength: 1, maxLength: 63 })),
} as const;

const chartTemplate = object(
  {
    metadata: optional(commonMetadata("Metadata of the HelmChart.")),
    spec: object(
      {
        ...chartFields,
        chart: string({ description: "Name of the chart, or its folder in the source.", minLength: 1, maxLength: 2048 }),
        interval: optional(duration({ description: "How often to look for changes; by default that of the HelmRelease." })),
        sourceRef: object(
          { ...sourceFields, kind: oneOf(["HelmRepository", "GitRepository", "Bucket"], { description: "Kind of the source." }) },
          { description: "Where the chart is." },
        ),
        verify: optional(
          object({ provider: verifier, secretRef: optional(verificationSecret) }, { description: "Accept only what these have signed." }),
        ),
      },
      { description: "Spec of the HelmChart." },
    ),
  },
  { description: "The HelmChart to make for this release." },
);

const valuesReference = object(
  {
    kind: oneOf(["Secret", "ConfigMap"], { description: "Kind of the object." }),
    literal: optional(boolean({ description: "With targetPath: take the value as it is." })),
    name: string({ description: "Name of the object, in the namespace of the HelmRelease.", minLength: 1, maxLength: 253 }),
    optional: optional(boolean({ description: "Go on without it when it does not exist." })),
    targetPath: optional(
      string({
        description: "Where in the values to put it; by default it is merged at their root.",
        maxLength: 250,
        pattern: "^([a-zA-Z0-9_\\-.\\\\\\/]|\\[[0-9]{1,5}\\])+$",
      }),
    ),
    valuesKey: optional(
      string({ description: "Key of the values; by default `values.yaml`.", maxLength: 253, pattern: "^[\\-._a-zA-Z0-9]+$" }),
    ),
  },
  { description: "An object with values." },
);

/** A Helm chart, released to a cluster. */
export const HelmRelease = defineKind({
  group: HELM_GROUP,
  version: "v2",
  kind: "HelmRelease",
  plural: "helmreleases",
  shortNames: ["hr"],
  categories: ["all", "fluxcd", "fluxcd-appliers"],
  description: "A Helm chart that is kept released to a cluster.",
  spec: object(
    {
      chart: optional(chartTemplate),
      chartRef: optional(
        object(
          { ...sourceFields, kind: oneOf(["OCIRepository", "HelmChart", "ExternalArtifact"], { description: "Kind of the source." }) },
          { description: "The source that holds the chart; instead of chart." },
        ),
      ),
      commonMetadata: optional(commonMetadata("Metadata of every object of the release.")),
      dependsOn: optional(
        array(dependencyReference("HelmRelease"), { description: "HelmReleases that must be ready before this one is reconciled." }),
      ),
      driftDetection: optional(
        object(
          {
            ignore: optional(array(ignoreRule, { description: "Fields whose changes do not matter." })),
            mode: optional(
              oneOf(["enabled", "warn", "disabled"], {
                description: "Undo changes of objects in the cluster, tell of them, or leave them; by default disabled.",
              }),
            ),
          },
          { description: "What to do about objects that differ from the release." },
        ),
      ),
      healthCheckExprs: optional(array(healthCheckExpression, { description: "How to tell the health of custom resources, in CEL." })),
      install: optional(install),
      interval: duration({ description: "How often to reconcile, give or take some jitter." }),
      kubeConfig: optional(kubeConfigReference("The cluster to release to; by default the controller's own.")),
      maxHistory: optional(integer({ description: "How many releases Helm keeps; 0: all. By default 5." })),
      persistentClient: optional(
        boolean({ description: "Keep what the client knows of the cluster's kinds during a reconciliation; by default true." }),
      ),
      postRenderStrategy: optional(
        oneOf(["nohooks", "combined", "separate"], {
          description: "Whether hooks are rendered too, with the other objects or apart; by default combined.",
        }),
      ),
      postRenderers: optional(
        array(
          object(
            {
              kustomize: optional(
                object(
                  {
                    images: optional(array(image, { description: "Images to replace." })),
                    patches: optional(array(patch, { description: "Patches on the objects." })),
                  },
                  { description: "Change the objects with kustomize." },
                ),
              ),
            },
            { description: "One step." },
          ),
          { description: "What to do with the rendered objects, in this order." },
        ),
      ),
      releaseName: optional(
        string({ description: "Name of the release; by default target namespace and name.", minLength: 1, maxLength: 53 }),
      ),
      rollback: optional(rollback),
      serviceAccountName: optional(
        string({ description: "ServiceAccount, of the same namespace, in whose name to release.", minLength: 1, maxLength: 253 }),
      ),
      storageNamespace: optional(
        string({ description: "Namespace where Helm stores releases; by default that of the HelmRelease.", minLength: 1, maxLength: 63 }),
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      targetNamespace: optional(
        string({ description: "Namespace of the release; by default that of the HelmRelease.", minLength: 1, maxLength: 63 }),
      ),
      test: optional(test),
      timeout: optional(duration({ description: "How long one action of Helm may take; by default 5m." })),
      uninstall: optional(uninstall),
      upgrade: optional(upgrade),
      values: optional(anyValue({ description: "Values; they win over valuesFrom." })),
      valuesFrom: optional(array(valuesReference, { description: "Objects with values, merged in this order." })),
      waitStrategy: optional(
        object(
          { name: oneOf(["poller", "legacy"], { description: "By the status of objects, or as Helm 3 did; by default poller." }) },
          { description: "How to tell that objects are ready." },
        ),
      ),
    },
    {
      description: "Which chart to release, with which values, and how.",
      rules: [
        {
          rule: "(has(self.chart) && !has(self.chartRef)) || (!has(self.chart) && has(self.chartRef))",
          message: "either chart or chartRef must be set",
        },
      ],
    },
  ),
  status: releaseStatus,
  columns: [age, ready, status],
  reasons: {
    InstallSucceeded: "The chart is installed.",
    InstallFailed: "The install failed; the message says why, with the last lines of Helm's log.",
    UpgradeSucceeded: "The release is upgraded.",
    UpgradeFailed: "The upgrade failed; the message says why, with the last lines of Helm's log.",
    TestSucceeded: "The tests of the chart passed.",
    TestFailed: "A test of the chart failed; look at its Pod.",
    RollbackSucceeded: "The release before is back.",
    RollbackFailed: "Rolling back failed; the message says why.",
    UninstallSucceeded: "The release is uninstalled.",
    UninstallFailed: "Uninstalling failed; the message says why.",
    ArtifactFailed: "The chart could not be downloaded or read; look at its source.",
    SourceNotReady: "The source does not exist, or has no artifact yet; look at it.",
    DependencyNotReady: reason.DependencyNotReady,
    ValuesError: "The values could not be put together; the message names the object or the path.",
    ChartMutateError: "The chart could not be changed for this release.",
    RESTClientError: "The cluster cannot be reached; check spec.kubeConfig.",
    FactoryError: "Helm could not be set up; the message says why.",
    StateError: "The state of the release could not be told; the message says why.",
    AwaitingTests: "The release is made; its tests are still to run.",
    PendingRelease: "A release was interrupted; it is unlocked.",
    RetriesExceeded: "The last retry failed; fix the cause, then change the spec, or run `flux reconcile helmrelease --reset`.",
    MissingRollbackTarget: "There is no release to go back to; fix the cause, then reconcile with `--force`.",
    DriftDetected: { description: "Objects differ from the release; the message names them.", condition: "Drifted" },
    NoDriftDetected: "The objects are as they were released.",
    DriftCorrected: "Objects that differed from the release were put right.",
    DriftCorrectionFailed: "An object that differs from the release could not be put right; the message names it.",
    HelmChartCreated: "The HelmChart of this release was made.",
    HelmChartConfigured: "The HelmChart of this release was changed.",
    HelmChartDeleted: "The HelmChart of this release was deleted.",
    HealthCheckCanceled: "Waiting for health was given up, because something newer came.",
    AccessDenied: reason.AccessDenied,
    FeatureGateDisabled: reason.FeatureGateDisabled,
    InvalidCELExpression: reason.InvalidCELExpression,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type HelmRelease = ObjectOf<typeof HelmRelease>;
