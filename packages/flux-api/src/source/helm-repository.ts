// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { SOURCE_GROUP } from "../metadata.ts";
import { accessFrom, localReference } from "../references.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { artifact } from "./artifact.ts";
import { sourceReasons } from "./reasons.ts";

/** A repository of Helm charts. */
export const HelmRepository = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "HelmRepository",
  plural: "helmrepositories",
  shortNames: ["helmrepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "A repository of Helm charts: one with an index, or a registry of containers.",
  spec: object(
    {
      accessFrom: optional(accessFrom("Namespaces that may refer to the repository. Nothing enforces it.")),
      certSecretRef: optional(localReference("Secret with the TLS certificates: `ca.crt`, `tls.crt` and `tls.key`.")),
      insecure: optional(boolean({ description: "Talk to the registry without TLS; for the type oci." })),
      interval: optional(duration({ description: "How often to fetch the index, give or take some jitter; by default 1m." })),
      passCredentials: optional(boolean({ description: "Send the credentials also to other hosts that the index names." })),
      provider: optional(
        oneOf(["generic", "aws", "azure", "gcp"], {
          description: "How to log in to the registry; for the type oci.",
          default: "generic",
        }),
      ),
      secretRef: optional(
        localReference("Secret with `username` and `password`; for the type oci also of type kubernetes.io/dockerconfigjson."),
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      timeout: optional(duration({ description: "How long fetching may take; by default 1m.", units: "ms|s|m" })),
      type: optional(
        oneOf(["default", "oci"], { description: "Whether charts are listed in an index, or are in a registry, by default in an index." }),
      ),
      url: string({ description: "URL of the folder of index.yaml, or of the registry.", pattern: "^(http|https|oci)://.*$" }),
    },
    { description: "Where the charts are, and how to get them." },
  ),
  status: object(
    {
      ...commonStatus,
      artifact: optional(artifact("The index that was last fetched.")),
      url: optional(string({ description: "Where the latest index can be downloaded." })),
    },
    { description: "What was fetched; empty for the type oci.", default: UNOBSERVED },
  ),
  columns: [column("URL", ".spec.url"), age, ready, status],
  reasons: {
    ...sourceReasons,
    IndexationFailed: {
      description: "The index could not be fetched or read; check the URL and what it serves.",
      condition: "FetchFailed",
    },
  },
});
export type HelmRepository = ObjectOf<typeof HelmRepository>;
