// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { boolean, duration, mapOf, object, oneOf, optional, string, time } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { IMAGE_GROUP } from "../metadata.ts";
import { labelSelector, localReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { gitReference } from "../source/git-reference.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { imageReference } from "./image-reference.ts";

const commit = object(
  {
    author: object(
      { email: string({ description: "E-mail address." }), name: optional(string({ description: "Name." })) },
      { description: "Author of the commits." },
    ),
    messageTemplate: optional(string({ description: "Go template of the message." })),
    messageTemplateValues: optional(mapOf(string(), { description: "`.Values` of the template." })),
    signingKey: optional(
      object(
        {
          secretRef: localReference("Secret with the private key: `git.asc` for gpg, `identity` for ssh."),
          type: optional(oneOf(["gpg", "ssh"], { description: "Kind of the key; by default gpg." })),
        },
        { description: "Sign the commits." },
      ),
    ),
  },
  { description: "How to commit." },
);

/** Writes the images that policies chose into a Git repository. */
export const ImageUpdateAutomation = defineKind({
  group: IMAGE_GROUP,
  version: "v1",
  kind: "ImageUpdateAutomation",
  plural: "imageupdateautomations",
  shortNames: ["iua", "imgupd", "imgauto"],
  categories: ["all", "fluxcd", "fluxcd-images"],
  description: "Commits the images that ImagePolicies chose to a Git repository.",
  olderVersions: [
    { version: "v1beta2", deprecated: true, deprecationWarning: "v1beta2 ImageUpdateAutomation is deprecated, upgrade to v1" },
  ],
  spec: object(
    {
      git: optional(
        object(
          {
            checkout: optional(
              object({ ref: gitReference("What to check out.") }, { description: "What to work on; by default what the source says." }),
            ),
            commit,
            push: optional(
              object(
                {
                  branch: optional(string({ description: "Branch to push to; by default the one checked out." })),
                  options: optional(mapOf(string(), { description: "Push options." })),
                  refspec: optional(string({ description: "What else to push, as Git writes it: `HEAD:refs/heads/main`." })),
                },
                { description: "Where to push." },
              ),
            ),
          },
          { description: "How to check out, commit and push." },
        ),
      ),
      interval: duration({ description: "How often to run." }),
      policySelector: optional(labelSelector("Which ImagePolicies count; by default all of the namespace.")),
      sourceRef: object(
        {
          apiVersion: optional(string({ description: "API version of the source." })),
          kind: oneOf(["GitRepository"], { description: "Kind of the source.", default: "GitRepository" }),
          name: string({ description: "Name of the source." }),
          namespace: optional(string({ description: "Namespace of the source; by default that of the automation." })),
        },
        { description: "The repository to update." },
      ),
      suspend: optional(boolean({ description: "Stop updating." })),
      update: optional(
        object(
          {
            path: optional(string({ description: "Folder to update; by default all." })),
            strategy: optional(
              oneOf(["Setters"], { description: "How to find what to update: by comments behind the fields.", default: "Setters" }),
            ),
          },
          { description: "What to update.", default: { strategy: "Setters" } },
        ),
      ),
    },
    { description: "What to update, and how to commit it." },
  ),
  status: object(
    {
      ...commonStatus,
      lastAutomationRunTime: optional(time({ description: "When it last ran." })),
      lastPushCommit: optional(string({ description: "The commit that was last pushed." })),
      lastPushTime: optional(time({ description: "When it was pushed." })),
      observedPolicies: optional(
        mapOf(imageReference("The image that the policy had chosen."), { description: "By ImagePolicy, what the last run wrote." }),
      ),
      observedSourceRevision: optional(string({ description: "Revision of the source at the last run." })),
    },
    { description: "What was pushed.", default: UNOBSERVED },
  ),
  columns: [ready, status, { ...column("Last run", ".status.lastAutomationRunTime"), priority: 1 }, age],
  reasons: {
    Succeeded: "The repository has the images that were chosen.",
    InvalidUpdateStrategy: "spec.update.strategy is not known; correct it.",
    InvalidSourceConfiguration: "spec.sourceRef or spec.git is not valid; correct it.",
    InvalidPolicySelector: "spec.policySelector is not valid; correct it.",
    RemovedTemplateField: "The message template uses a field that is no more; the message names it.",
    AccessDenied: reason.AccessDenied,
    SourceManagerFailed: "The source could not be used; look at it.",
    GitOperationFailed: "Checking out or pushing failed; the message says why.",
    UpdateFailed: "The files could not be updated; the message says why.",
    Failed: reason.Failed,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type ImageUpdateAutomation = ObjectOf<typeof ImageUpdateAutomation>;
