// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag, Run } from "../../../command.ts";

const text = (name: string, usage: string): Flag => ({ name, type: "string", usage });

function command(name: string, kind: string, example: string, flags: readonly Flag[], load: () => Promise<Run>): Command {
  return { name, short: `Create or update an ${kind}`, example: `  flux create image ${example}`, argumentsUsage: "NAME", flags, load };
}

export const createImageCommand: Command = {
  name: "image",
  short: "Create or update objects of image automation",
  children: [
    command(
      "policy",
      "ImagePolicy",
      "policy app --image-ref=app --select-semver='1.x'",
      [
        text("image-ref", "name of an ImageRepository"),
        text("select-semver", "range of versions, the highest of which is selected"),
        text("select-alpha", "asc selects the last in alphabetical order, desc the first"),
        text("select-numeric", "asc selects the highest number, desc the lowest"),
        text("filter-regex", "regular expression of the tags that count"),
        text("filter-extract", "what of them is compared, with the groups of the expression: $ts"),
        text("reflect-digest", "when the digest is looked up: Never, IfNotPresent or Always"),
        { name: "interval", type: "duration", default: "0s", usage: "how often the digest is looked up with Always" },
      ],
      async () => (await import("./run-image.ts")).runCreateImagePolicy,
    ),
    command(
      "repository",
      "ImageRepository",
      "repository app --image=registry.example.com/app --interval=5m",
      [
        text("image", "image whose tags are looked for"),
        text("secret-ref", "name of an image pull secret"),
        text("cert-ref", "name of a Secret with certificates"),
        { name: "scan-timeout", type: "duration", default: "0s", usage: "how long a scan may take; by default the interval" },
      ],
      async () => (await import("./run-image.ts")).runCreateImageRepository,
    ),
    command(
      "update",
      "ImageUpdateAutomation",
      `update app --git-repo-ref=app --checkout-branch=main --author-name=flux --author-email=flux@example.com`,
      [
        text("git-repo-ref", "name of a GitRepository"),
        text("git-repo-namespace", "its namespace"),
        text("git-repo-path", "folder of the manifests to update; by default all"),
        text("checkout-branch", "branch to check out"),
        text("push-branch", "branch to push to; by default the one checked out"),
        text("commit-template", "template of the commit message"),
        text("author-name", "author of the commits"),
        text("author-email", "email of the author"),
        text("signing-key-secret", "name of a Secret with the key that commits are signed with"),
        text("signing-key-type", "what key it is: gpg or ssh; by default gpg"),
      ],
      async () => (await import("./run-image.ts")).runCreateImageUpdate,
    ),
  ],
};
