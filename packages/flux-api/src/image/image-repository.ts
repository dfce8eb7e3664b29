// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, duration, integer, object, oneOf, optional, string, time } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { IMAGE_GROUP } from "../metadata.ts";
import { accessFrom, localReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";

/** The tags of an image. */
export const ImageRepository = defineKind({
  group: IMAGE_GROUP,
  version: "v1",
  kind: "ImageRepository",
  plural: "imagerepositories",
  shortNames: ["imgrepo", "imagerepo"],
  description: "An image whose tags are scanned.",
  olderVersions: [{ version: "v1beta2", deprecated: true, deprecationWarning: "v1beta2 ImageRepository is deprecated, upgrade to v1" }],
  spec: object(
    {
      accessFrom: optional(accessFrom("Namespaces whose ImagePolicies may refer to the repository; by default its own alone.")),
      certSecretRef: optional(localReference("Secret with the TLS certificates: `ca.crt`, `tls.crt` and `tls.key`.")),
      exclusionList: optional(
        array(string(), { description: "Regular expressions of tags to leave out.", default: ["^.*\\.sig$"], maxItems: 25 }),
      ),
      image: string({ description: "The image, without a scheme or tag." }),
      insecure: optional(boolean({ description: "Talk to the registry without TLS." })),
      interval: duration({ description: "How often to scan." }),
      provider: optional(oneOf(["generic", "aws", "azure", "gcp"], { description: "How to log in to the registry.", default: "generic" })),
      proxySecretRef: optional(localReference("Secret with `address`, `username` and `password` of the proxy to the registry.")),
      secretRef: optional(localReference("Secret of type kubernetes.io/dockerconfigjson with the credentials of the registry.")),
      serviceAccountName: optional(
        string({
          description: "ServiceAccount whose pull secrets to use, or whose workload identity with a cloud's provider.",
          maxLength: 253,
        }),
      ),
      suspend: optional(boolean({ description: "Stop scanning." })),
      timeout: optional(duration({ description: "How long a scan may take; by default the interval.", units: "ms|s|m" })),
    },
    { description: "What to scan, and how." },
  ),
  status: object(
    {
      ...commonStatus,
      canonicalImageName: optional(string({ description: "Name of the image in full, with its registry." })),
      lastScanResult: optional(
        object(
          {
            latestTags: optional(array(string(), { description: "Ten tags, the last in the order of texts first." })),
            revision: optional(string({ description: "Checksum of all tags." })),
            scanTime: optional(time({ description: "When it ended." })),
            tagCount: integer({ description: "How many tags there are, without those left out." }),
          },
          { description: "What the last scan found." },
        ),
      ),
      observedExclusionList: optional(array(string(), { description: "spec.exclusionList at the time of the last scan." })),
    },
    { description: "What was found.", default: UNOBSERVED },
  ),
  columns: [
    column("Image", ".spec.image"),
    column("Tags", ".status.lastScanResult.tagCount"),
    ready,
    status,
    { ...column("Last scan", ".status.lastScanResult.scanTime"), priority: 1 },
    age,
  ],
  reasons: {
    Succeeded: "The tags were scanned.",
    ImageURLInvalid: "spec.image is not the name of an image; correct it.",
    AuthenticationFailed: "The credentials could not be read or used; check the Secret or the ServiceAccount.",
    ReadOperationFailed: "The tags could not be listed; check the image and the credentials.",
    Failed: reason.Failed,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type ImageRepository = ObjectOf<typeof ImageRepository>;
