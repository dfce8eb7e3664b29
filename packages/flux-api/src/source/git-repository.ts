// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { SOURCE_GROUP } from "../metadata.ts";
import { localReference } from "../references.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { artifact } from "./artifact.ts";
import { gitReference } from "./git-reference.ts";
import { sourceReasons } from "./reasons.ts";

const include = object(
  {
    fromPath: optional(string({ description: "Folder of the included artifact to copy; by default its root." })),
    repository: localReference("The GitRepository to include, of the same namespace."),
    toPath: optional(string({ description: "Folder to copy it to; by default the name of the repository." })),
  },
  { description: "One artifact to copy into this one." },
);

/** A branch, tag or commit of a Git repository, made into an artifact. */
export const GitRepository = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "GitRepository",
  plural: "gitrepositories",
  shortNames: ["gitrepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "A Git repository whose content becomes an artifact for other controllers.",
  spec: object(
    {
      ignore: optional(
        string({ description: "Patterns in .gitignore format, after those of .sourceignore; they replace the default exclusions." }),
      ),
      include: optional(array(include, { description: "Artifacts of other GitRepositories to copy into this one." })),
      interval: duration({ description: "How often to look for changes, give or take some jitter." }),
      provider: optional(
        oneOf(["generic", "aws", "azure", "github"], {
          description: "How to authenticate; by default `generic`: with what the Secret holds.",
        }),
      ),
      proxySecretRef: optional(localReference("Secret with `address`, `username` and `password` of the proxy to the Git server.")),
      recurseSubmodules: optional(boolean({ description: "Fetch the submodules too, with the same credentials." })),
      ref: optional(gitReference("What to check out.")),
      secretRef: optional(
        localReference(
          "Secret with the credentials: `username` and `password` or `bearerToken` for https, `identity` and `known_hosts` for ssh, `githubApp…` for provider github.",
        ),
      ),
      serviceAccountName: optional(
        string({ description: "ServiceAccount whose workload identity to use; for the providers azure and aws." }),
      ),
      sparseCheckout: optional(array(string(), { description: "Folders to check out; by default all." })),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      timeout: optional(duration({ description: "How long a Git operation may take.", units: "ms|s|m", default: "60s" })),
      url: string({ description: "URL of the repository: http, https or ssh.", pattern: "^(http|https|ssh)://.*$" }),
      verify: optional(
        object(
          {
            mode: optional(
              oneOf(["head", "HEAD", "Tag", "TagAndHEAD"], {
                description: "Whether the commit, the tag or both must be signed.",
                default: "HEAD",
              }),
            ),
            secretRef: localReference("Secret with the public keys of trusted authors: PGP under `*.asc`, SSH under `*.sshpub`."),
          },
          { description: "Accept only what these keys have signed." },
        ),
      ),
    },
    {
      description: "What to fetch, and how.",
      rules: [
        {
          rule: "!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))",
          message: "serviceAccountName can only be set when provider is 'azure' or 'aws'",
        },
      ],
    },
  ),
  status: object(
    {
      ...commonStatus,
      artifact: optional(artifact("The artifact of the last successful reconciliation.")),
      includedArtifacts: optional(
        array(artifact("An included artifact."), { description: "The artifacts included, in the order of spec.include." }),
      ),
      observedIgnore: optional(string({ description: "spec.ignore at the time of the artifact." })),
      observedInclude: optional(array(include, { description: "spec.include at the time of the artifact." })),
      observedRecurseSubmodules: optional(boolean({ description: "spec.recurseSubmodules at the time of the artifact." })),
      observedSparseCheckout: optional(array(string(), { description: "spec.sparseCheckout at the time of the artifact." })),
      sourceVerificationMode: optional(string({ description: "What was last verified: `HEAD`, `Tag` or `TagAndHEAD`." })),
    },
    { description: "What was fetched.", default: UNOBSERVED },
  ),
  columns: [column("URL", ".spec.url"), age, ready, status],
  reasons: {
    ...sourceReasons,
    GitOperationFailed: {
      description: "The Git server could not be reached, refused, or does not have what was asked for; check url, ref and credentials.",
      condition: "FetchFailed",
    },
    InvalidProviderConfiguration: {
      description: "The provider's settings or its Secret are not valid; correct them.",
      condition: "FetchFailed",
    },
    EmptyGitRepository: { description: "The repository has no commit; push one.", condition: "FetchFailed" },
    IncludeChange: { description: "An included artifact changed; a new artifact is on its way.", condition: "ArtifactOutdated" },
    NotFound: { description: "An included GitRepository does not exist; create it, or correct the name.", condition: "IncludeUnavailable" },
    NoArtifact: {
      description: "An included GitRepository has no artifact yet; wait, or look at its status.",
      condition: "IncludeUnavailable",
    },
    CopyFailure: { description: "An included artifact could not be copied; the message says why.", condition: "StorageOperationFailed" },
    IllegalPath: { description: "A path of spec.include leads out of the artifact; correct it.", condition: "StorageOperationFailed" },
    InvalidVerificationMode: "spec.verify.mode asks for a tag, but spec.ref names none; set spec.ref.tag or spec.ref.semver.",
    VerificationError: "The public keys could not be read, or the signature could not be checked; look at the Secret of spec.verify.",
    InvalidGitObject: "What should be verified is not signed, or is not an annotated tag.",
    InvalidCommitSignature: "The commit is not signed by a trusted key.",
    InvalidTagSignature: "The tag is not signed by a trusted key.",
    GitOperationSucceeded: "Nothing changed since the last reconciliation.",
  },
});
export type GitRepository = ObjectOf<typeof GitRepository>;
