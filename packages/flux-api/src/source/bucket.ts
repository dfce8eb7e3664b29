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

/** A bucket of an object storage. */
export const Bucket = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "Bucket",
  plural: "buckets",
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "A bucket of an object storage whose content becomes an artifact for other controllers.",
  spec: object(
    {
      bucketName: string({ description: "Name of the bucket or container." }),
      certSecretRef: optional(localReference("Secret with the TLS certificates; for the provider generic.")),
      endpoint: string({ description: "Host and port of the storage, without a scheme; for azure the URL." }),
      ignore: optional(string({ description: "Patterns in .gitignore format of keys to leave out; by default none." })),
      insecure: optional(boolean({ description: "Talk to the storage without TLS." })),
      interval: duration({ description: "How often to look for changes, give or take some jitter." }),
      prefix: optional(string({ description: "Only keys that begin so." })),
      provider: optional(
        oneOf(["generic", "aws", "gcp", "azure"], { description: "Whose protocol the storage speaks; generic: S3.", default: "generic" }),
      ),
      proxySecretRef: optional(localReference("Secret with `address`, `username` and `password` of the proxy to the storage.")),
      region: optional(string({ description: "Region of the bucket." })),
      secretRef: optional(
        localReference(
          "Secret with the credentials: `accesskey` and `secretkey` for generic and aws, `serviceaccount` for gcp, the keys of Azure for azure.",
        ),
      ),
      serviceAccountName: optional(string({ description: "ServiceAccount whose workload identity to use; not for generic." })),
      sts: optional(
        object(
          {
            certSecretRef: optional(localReference("Secret with the TLS certificates of the service; for ldap.")),
            endpoint: string({ description: "URL of the service.", pattern: "^(http|https)://.*$" }),
            provider: oneOf(["aws", "ldap"], { description: "Kind of the service." }),
            secretRef: optional(localReference("Secret with `username` and `password`; for ldap.")),
          },
          { description: "The service that hands out short-lived credentials." },
        ),
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      timeout: optional(duration({ description: "How long an operation on the storage may take.", units: "ms|s|m", default: "60s" })),
    },
    {
      description: "What to fetch, and how.",
      rules: [
        {
          rule: "self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)",
          message: "STS configuration is only supported for the 'aws' and 'generic' Bucket providers",
        },
        {
          rule: "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'",
          message: "'aws' is the only supported STS provider for the 'aws' Bucket provider",
        },
        {
          rule: "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'",
          message: "'ldap' is the only supported STS provider for the 'generic' Bucket provider",
        },
        {
          rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)",
          message: "spec.sts.secretRef is not required for the 'aws' STS provider",
        },
        {
          rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)",
          message: "spec.sts.certSecretRef is not required for the 'aws' STS provider",
        },
        {
          rule: "self.provider != 'generic' || !has(self.serviceAccountName)",
          message: "ServiceAccountName is not supported for the 'generic' Bucket provider",
        },
        {
          rule: "!has(self.secretRef) || !has(self.serviceAccountName)",
          message: "cannot set both .spec.secretRef and .spec.serviceAccountName",
        },
      ],
    },
  ),
  status: object(
    {
      ...commonStatus,
      artifact: optional(artifact("The artifact of the last successful reconciliation.")),
      observedIgnore: optional(string({ description: "spec.ignore at the time of the artifact." })),
      url: optional(string({ description: "Where the latest artifact can be downloaded." })),
    },
    { description: "What was fetched.", default: UNOBSERVED },
  ),
  columns: [column("Endpoint", ".spec.endpoint"), age, ready, status],
  reasons: {
    ...sourceReasons,
    BucketOperationFailed: {
      description: "The bucket does not exist, or could not be read; check endpoint, name and credentials.",
      condition: "FetchFailed",
    },
    InvalidSTSConfiguration: { description: "spec.sts does not fit the provider; correct it.", condition: "FetchFailed" },
  },
});
export type Bucket = ObjectOf<typeof Bucket>;
