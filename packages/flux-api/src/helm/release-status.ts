// SPDX-License-Identifier: Apache-2.0
import type { Infer } from "@flux-ts/kube-core";
import { array, integer, mapOf, object, oneOf, optional, string, time } from "@flux-ts/kube-core/schema";
import { inventory } from "../inventory.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";

const snapshot = object(
  {
    action: optional(string({ description: "What made the release: install, upgrade, rollback." })),
    apiVersion: optional(string({ description: "How the digest was made." })),
    appVersion: optional(string({ description: "Version of the application in the chart." })),
    chartName: string({ description: "Name of the chart." }),
    chartVersion: string({ description: "Version of the chart." }),
    configDigest: string({ description: "Digest of the values." }),
    deleted: optional(time({ description: "When it was uninstalled." })),
    digest: string({ description: "Digest of the release as it was stored." }),
    firstDeployed: time({ description: "When the first release was made." }),
    lastDeployed: time({ description: "When this release was made." }),
    name: string({ description: "Name of the release." }),
    namespace: string({ description: "Namespace of the release." }),
    ociDigest: optional(string({ description: "Digest of the OCI artifact that the chart is from." })),
    status: string({ description: "Status of the release, in Helm's words." }),
    testHooks: optional(
      mapOf(
        object(
          {
            lastCompleted: optional(time({ description: "When it ended." })),
            lastStarted: optional(time({ description: "When it began." })),
            phase: optional(string({ description: "How it ended." })),
          },
          { description: "One test." },
        ),
        { description: "The tests that were run, by name." },
      ),
    ),
    version: integer({ description: "Revision of the release." }),
  },
  { description: "One release." },
);

/** An entry of `status.history` of a HelmRelease. @see helm-controller api/v2 Snapshot */
export type ReleaseSnapshot = Infer<typeof snapshot>;

const failures = (of: string) =>
  optional(integer({ description: `How many ${of} failed since the spec, the chart or the values last changed.`, format: "int64" }));

export const releaseStatus = object(
  {
    ...commonStatus,
    failures: failures("reconciliations"),
    helmChart: optional(string({ description: "`namespace/name` of the HelmChart that was made." })),
    history: optional(array(snapshot, { description: "Releases, newest first: back to the last that went well." })),
    installFailures: failures("installs"),
    inventory: optional(inventory("The objects of the release.")),
    lastAttemptedConfigDigest: optional(string({ description: "Digest of the values that were last tried." })),
    lastAttemptedGeneration: optional(integer({ description: "The generation that was last tried.", format: "int64" })),
    lastAttemptedReleaseAction: optional(oneOf(["install", "upgrade"], { description: "What was last tried." })),
    lastAttemptedReleaseActionDuration: optional(string({ description: "How long that took." })),
    lastAttemptedRevision: optional(string({ description: "Version of the chart that was last tried." })),
    lastAttemptedRevisionDigest: optional(string({ description: "Digest of the OCI artifact that was last tried." })),
    lastAttemptedValuesChecksum: optional(string({ description: "Deprecated: use lastAttemptedConfigDigest." })),
    lastHandledForceAt: optional(
      string({ description: "The value of the annotation reconcile.fluxcd.io/forceAt that was last answered." }),
    ),
    lastHandledResetAt: optional(
      string({ description: "The value of the annotation reconcile.fluxcd.io/resetAt that was last answered." }),
    ),
    lastReleaseRevision: optional(integer({ description: "Deprecated: use history." })),
    observedCommonMetadataDigest: optional(string({ description: "Digest of spec.commonMetadata at the last release." })),
    observedPostRenderersDigest: optional(string({ description: "Digest of spec.postRenderers at the last release." })),
    storageNamespace: optional(string({ description: "Namespace where the releases are stored.", minLength: 1, maxLength: 63 })),
    upgradeFailures: failures("upgrades"),
  },
  { description: "What was released.", default: UNOBSERVED },
);
