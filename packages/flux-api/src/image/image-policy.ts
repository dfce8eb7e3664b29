// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { IMAGE_GROUP } from "../metadata.ts";
import { namespacedReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { imageReference } from "./image-reference.ts";

const order = optional(
  oneOf(["asc", "desc"], { description: "Whether the last in ascending or in descending order is the latest.", default: "asc" }),
);

/** Which tag of an image is the latest. */
export const ImagePolicy = defineKind({
  group: IMAGE_GROUP,
  version: "v1",
  kind: "ImagePolicy",
  plural: "imagepolicies",
  shortNames: ["imgpol", "imagepol"],
  description: "Which tag of an ImageRepository is the latest.",
  olderVersions: [{ version: "v1beta2", deprecated: true, deprecationWarning: "v1beta2 ImagePolicy is deprecated, upgrade to v1" }],
  spec: object(
    {
      digestReflectionPolicy: optional(
        oneOf(["Always", "IfNotPresent", "Never"], {
          description: "When to look up the digest of the latest tag: at every interval, when the tag is new, or never.",
          default: "Never",
        }),
      ),
      filterTags: optional(
        object(
          {
            extract: optional(string({ description: "What of a match to compare: a template with `$name` of groups of the pattern." })),
            pattern: optional(string({ description: "Regular expression that tags must match." })),
          },
          { description: "Which tags count." },
        ),
      ),
      imageRepositoryRef: namespacedReference("The ImageRepository whose tags to choose from."),
      interval: optional(duration({ description: "How often to look up the digest; with the digestReflectionPolicy Always alone." })),
      policy: object(
        {
          alphabetical: optional(object({ order }, { description: "In the order of texts." })),
          numerical: optional(object({ order }, { description: "In the order of numbers." })),
          semver: optional(
            object(
              { range: string({ description: "Version range; the highest version in it." }) },
              { description: "In the order of versions." },
            ),
          ),
        },
        { description: "The order of tags: one of these." },
      ),
      suspend: optional(boolean({ description: "Stop choosing." })),
    },
    {
      description: "Which tags count, and which is the latest.",
      rules: [
        {
          rule: "!has(self.interval) || (has(self.digestReflectionPolicy) && self.digestReflectionPolicy == 'Always')",
          message: "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
        },
        {
          rule: "has(self.interval) || !has(self.digestReflectionPolicy) || self.digestReflectionPolicy != 'Always'",
          message: "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
        },
      ],
    },
  ),
  status: object(
    {
      ...commonStatus,
      latestRef: optional(imageReference("The latest image.")),
      observedPreviousRef: optional(imageReference("The latest image before.")),
    },
    { description: "What was chosen.", default: UNOBSERVED },
  ),
  columns: [column("Image", ".status.latestRef.name"), column("Tag", ".status.latestRef.tag"), ready, status, age],
  reasons: {
    Succeeded: "A tag was chosen.",
    DependencyNotReady: "The ImageRepository does not exist, or was not scanned yet, or has no tags; look at it.",
    AccessDenied: "The ImageRepository is not for this namespace; change its spec.accessFrom.",
    Failure: "No tag could be chosen; the message says why.",
    InvalidPolicy: "spec.policy or spec.filterTags is not valid; correct it.",
    ImageURLInvalid: "The image of the ImageRepository is not the name of one; correct it there.",
    IntervalNotConfigured: "The digest is to be looked up always, but spec.interval is missing; set it.",
    FeatureGateDisabled: reason.FeatureGateDisabled,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type ImagePolicy = ObjectOf<typeof ImagePolicy>;
