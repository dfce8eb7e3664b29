// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { conditionList, defineKind } from "@flux-ts/kube-core";
import { array, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, ready, status } from "../columns.ts";
import { SOURCE_EXTENSIONS_GROUP } from "../metadata.ts";
import { commonMetadata } from "../references.ts";
import { reason } from "../reasons.ts";

const ALIAS = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$";
const PATH_OF_ALIAS = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$";

const copy = object(
  {
    exclude: optional(array(string(), { description: "Patterns of files to leave out.", maxItems: 100 })),
    from: string({ description: "What to copy: `@alias/pattern`.", minLength: 1, maxLength: 1024, pattern: PATH_OF_ALIAS }),
    strategy: optional(
      oneOf(["Overwrite", "Merge", "Extract"], {
        description: "Replace files, merge YAML into them, or unpack archives; by default Overwrite.",
      }),
    ),
    to: string({ description: "Where to: `@artifact/path`.", minLength: 1, maxLength: 1024, pattern: "^@(artifact)/(.*)$" }),
  },
  { description: "One step." },
);

/** Makes ExternalArtifacts of other sources. */
export const ArtifactGenerator = defineKind({
  group: SOURCE_EXTENSIONS_GROUP,
  version: "v1beta1",
  kind: "ArtifactGenerator",
  plural: "artifactgenerators",
  shortNames: ["ag"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "Makes ExternalArtifacts of the artifacts of other sources: parts of one, or several together.",
  spec: object(
    {
      artifacts: array(
        object(
          {
            copy: array(copy, { description: "What to copy, in this order.", minItems: 1 }),
            name: string({
              description: "Name of the ExternalArtifact; with pathPattern it may hold `{captures}`.",
              minLength: 1,
              maxLength: 253,
            }),
            originRevision: optional(
              string({ description: "`@alias` of the source whose origin revision the artifact tells.", maxLength: 64, pattern: ALIAS }),
            ),
            revision: optional(
              string({
                description: "`@alias` of the source whose revision the artifact has; by default `latest@` and a digest.",
                maxLength: 64,
                pattern: ALIAS,
              }),
            ),
          },
          { description: "One artifact." },
        ),
        { description: "The artifacts to make.", minItems: 1, maxItems: 1000 },
      ),
      commonMetadata: optional(commonMetadata("Metadata of every ExternalArtifact.")),
      pathPattern: optional(
        string({
          description: "`@alias/{app}/…`: make the artifacts once for every folder that matches.",
          maxLength: 1024,
          pattern: PATH_OF_ALIAS,
        }),
      ),
      sources: array(
        object(
          {
            alias: string({
              description: "Name of the source within this object.",
              maxLength: 63,
              pattern: "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$",
            }),
            kind: oneOf(["Bucket", "GitRepository", "OCIRepository", "HelmChart", "ExternalArtifact"], {
              description: "Kind of the source.",
            }),
            name: string({ description: "Name of the source.", maxLength: 253, pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" }),
            namespace: optional(
              string({
                description: "Namespace of the source; by default that of the generator.",
                minLength: 1,
                maxLength: 63,
                pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
              }),
            ),
          },
          { description: "One source." },
        ),
        { description: "The sources to copy from.", minItems: 1, maxItems: 1000 },
      ),
    },
    {
      description: "What to copy from where.",
      rules: [
        {
          rule: "has(self.pathPattern) && size(self.pathPattern) > 0 || self.artifacts.all(a, a.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'))",
          message: "artifact names must be valid Kubernetes object names when pathPattern is not set",
        },
      ],
    },
  ),
  status: object(
    {
      conditions: optional(conditionList()),
      inventory: optional(
        array(
          object(
            {
              digest: string({ description: "Digest of the file." }),
              filename: string({ description: "Name of the file in the storage." }),
              name: string({ description: "Name of the ExternalArtifact." }),
              namespace: string({ description: "Namespace of the ExternalArtifact." }),
            },
            { description: "One artifact." },
          ),
          { description: "The artifacts that were made." },
        ),
      ),
      lastHandledReconcileAt: optional(
        string({ description: "The value of the annotation reconcile.fluxcd.io/requestedAt that was last answered." }),
      ),
      observedSourcesDigest: optional(string({ description: "Digest over the sources that the artifacts were made of." })),
    },
    { description: "What was made." },
  ),
  columns: [age, ready, status],
  reasons: {
    Succeeded: "The artifacts are made.",
    AccessDenied: reason.AccessDenied,
    ValidationFailed: "The generator is not valid; the message says why.",
    SourceFetchFailed: "A source does not exist, has no artifact, or could not be downloaded; look at it.",
    BuildFailed: "An artifact could not be made; the message says why.",
    ReconciliationFailed: "An ExternalArtifact could not be written; the message says why.",
    ReconciliationDisabled: "The annotation source.extensions.fluxcd.io/reconcile says `disabled`; remove it.",
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type ArtifactGenerator = ObjectOf<typeof ArtifactGenerator>;
