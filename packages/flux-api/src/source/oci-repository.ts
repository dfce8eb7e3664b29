// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { SOURCE_GROUP } from "../metadata.ts";
import { localReference } from "../references.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { artifact } from "./artifact.ts";
import { sourceReasons } from "./reasons.ts";
import { identities, verificationSecret, verifier } from "./verification.ts";

const layerSelector = (description: string) =>
  object(
    {
      mediaType: optional(string({ description: "Media type of the layer: the first one that has it; by default the first layer." })),
      operation: optional(oneOf(["extract", "copy"], { description: "Unpack the layer, or keep it as it is; by default `extract`." })),
    },
    { description },
  );

/** An artifact in a registry of containers. */
export const OCIRepository = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "OCIRepository",
  plural: "ocirepositories",
  shortNames: ["ocirepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "An OCI artifact whose layer becomes an artifact for other controllers.",
  olderVersions: [
    {
      version: "v1beta2",
      deprecated: true,
      deprecationWarning: "v1beta2 OCIRepository is deprecated, upgrade to v1",
    },
  ],
  spec: object(
    {
      certSecretRef: optional(localReference("Secret with the TLS certificates: `ca.crt`, `tls.crt` and `tls.key`.")),
      ignore: optional(
        string({ description: "Patterns in .gitignore format; they replace the default exclusions. Only for the operation `extract`." }),
      ),
      insecure: optional(boolean({ description: "Talk to the registry without TLS." })),
      interval: duration({ description: "How often to look for changes, give or take some jitter." }),
      layerSelector: optional(layerSelector("Which layer to take, and what to do with it.")),
      provider: optional(oneOf(["generic", "aws", "azure", "gcp"], { description: "How to log in to the registry.", default: "generic" })),
      proxySecretRef: optional(localReference("Secret with `address`, `username` and `password` of the proxy to the registry.")),
      ref: optional(
        object(
          {
            digest: optional(string({ description: "Digest of the manifest; wins over every other field." })),
            semver: optional(string({ description: "Version range over the tags; wins over `tag`." })),
            semverFilter: optional(string({ description: "Regular expression that tags must match before `semver` is applied." })),
            tag: optional(string({ description: "Tag; by default `latest`." })),
          },
          { description: "What to pull." },
        ),
      ),
      secretRef: optional(localReference("Secret of type kubernetes.io/dockerconfigjson with the credentials of the registry.")),
      serviceAccountName: optional(
        string({ description: "ServiceAccount whose pull secrets to use, or whose workload identity with a cloud's provider." }),
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      timeout: optional(duration({ description: "How long an operation on the registry may take.", units: "ms|s|m", default: "60s" })),
      url: string({ description: "The repository, without tag or digest: `oci://host/path`.", pattern: "^oci://.*$" }),
      verify: optional(
        object(
          {
            matchOIDCIdentity: optional(identities),
            provider: verifier,
            secretRef: optional(verificationSecret),
            trustedRootSecretRef: optional(localReference("Secret with a Sigstore root of one's own under `trusted_root.json`.")),
          },
          { description: "Accept only what these have signed." },
        ),
      ),
    },
    { description: "What to pull, and how." },
  ),
  status: object(
    {
      ...commonStatus,
      artifact: optional(artifact("The artifact of the last successful reconciliation.")),
      observedIgnore: optional(string({ description: "spec.ignore at the time of the artifact." })),
      observedLayerSelector: optional(layerSelector("spec.layerSelector at the time of the artifact.")),
      url: optional(string({ description: "Where the latest artifact can be downloaded." })),
    },
    { description: "What was pulled.", default: UNOBSERVED },
  ),
  columns: [column("URL", ".spec.url"), ready, status, age],
  reasons: {
    ...sourceReasons,
    OCIArtifactPullFailed: {
      description: "The artifact could not be pulled; check url, ref and credentials.",
      condition: "FetchFailed",
    },
    OCIArtifactLayerOperationFailed: {
      description: "The layer was not found, or could not be unpacked; check spec.layerSelector.",
      condition: "FetchFailed",
    },
    ReadOperationFailed: { description: "The tags could not be listed, or none is in the range of spec.ref.", condition: "FetchFailed" },
    VerificationError: "The signature is missing or not trusted; check what was pushed, and the keys of spec.verify.",
  },
});
export type OCIRepository = ObjectOf<typeof OCIRepository>;
