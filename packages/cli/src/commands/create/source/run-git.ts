// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FlagValues } from "../../../flags.ts";
import { confirm } from "../../../output/confirm.ts";
import type { Progress } from "../../../output/progress.ts";
import { createObject } from "../create-object.ts";
import type { Creation } from "../creation.ts";
import { creating, duration, fluxObject, given, labelsOf, lines, positiveDuration, referenceTo } from "../creation.ts";
import type { ParsedUrl } from "../go-url.ts";
import { parseGoUrl } from "../go-url.ts";
import { gitCredentials } from "../secret/git-credentials.ts";
import { withCredentials } from "../secret/with-credentials.ts";
import { fetchedRevision } from "./artifact-revision.ts";

const refFlags = ["branch", "tag", "tag-semver", "commit", "ref-name"];

/** `flux create source git`. @see cmd/flux/create_source_git.go */
export const runCreateSourceGit = creating(async (creation) => {
  const { flags } = creation;
  const url = checkedUrl(flags);
  const object = fluxObject("GitRepository", creation, labelsOf(flags), {
    url: flags.string("url"),
    interval: duration(flags, "interval"),
    recurseSubmodules: flags.bool("recurse-submodules") || undefined,
    ref: referenceOf(flags),
    ignore: lines(flags, "ignore-paths"),
    sparseCheckout: flags.strings("sparse-checkout-paths").length === 0 ? undefined : flags.strings("sparse-checkout-paths"),
    timeout: positiveDuration(flags, "fetch-timeout"),
    secretRef: referenceTo(flags, "secret-ref"),
    proxySecretRef: referenceTo(flags, "proxy-secret-ref"),
    provider: given(flags, "provider"),
  });
  await createObject(creation, {
    object,
    noun: "GitRepository source",
    generates: true,
    prepare: withCredentials(
      object,
      creation.name,
      given(flags, "secret-ref"),
      (progress) => {
        if (url.scheme === "http") progress.warning("insecure configuration: credentials configured for an HTTP URL");
        return credentialsOf(creation, url);
      },
      {
        announce: (data, progress) => announceKey(creation, data, progress),
      },
    ),
    conclude: fetchedRevision(
      "GitRepository source reconciliation completed",
      "GitRepository source reconciliation completed but no artifact was found",
    ),
  });
});

function checkedUrl(flags: FlagValues): ParsedUrl {
  const text = flags.string("url");
  if (text === "") throw new CommandError("url is required");
  let url: ParsedUrl;
  try {
    url = parseGoUrl(text);
  } catch (error) {
    throw new CommandError(`git URL parse failed: ${(error as Error).message}`, { cause: error });
  }
  if (!["ssh", "http", "https"].includes(url.scheme)) {
    throw new CommandError(`git URL scheme '${url.scheme}' not supported, can be: ssh, http and https`);
  }
  if (refFlags.every((name) => flags.string(name) === "")) {
    throw new CommandError("a Git ref is required, use one of the following: --branch, --tag, --commit, --ref-name or --tag-semver");
  }
  if (flags.string("ca-file") !== "" && url.scheme === "ssh") {
    throw new CommandError("specifying a CA file is not supported for Git over SSH");
  }
  return url;
}

/** The most exact of the flags counts; a branch tells where to look for a commit. */
function referenceOf(flags: FlagValues): Readonly<Record<string, string | undefined>> {
  const branch = given(flags, "branch");
  const commit = given(flags, "commit");
  if (commit !== undefined) return { commit, branch };
  const name = given(flags, "ref-name");
  if (name !== undefined) return { name };
  const semver = given(flags, "tag-semver");
  if (semver !== undefined) return { semver };
  const tag = given(flags, "tag");
  return tag === undefined ? { branch } : { tag };
}

/** A key that was made must be told to the git server before the first fetch. */
async function announceKey({ flags, io }: Creation, data: Readonly<Record<string, string>>, progress: Progress): Promise<void> {
  const { known_hosts: knownHosts, "identity.pub": publicKey } = data;
  if (knownHosts !== undefined) progress.success(`collected public key from SSH server:\n${knownHosts}`);
  if (publicKey === undefined) return;
  progress.generate(`deploy key: ${publicKey}`);
  if (!flags.bool("silent")) await confirm(io, "Have you added the deploy key to your repository");
}

function credentialsOf(creation: Creation, url: ParsedUrl): Promise<Readonly<Record<string, string>>> {
  const { flags, io } = creation;
  return gitCredentials(io, {
    url,
    username: flags.string("username"),
    password: flags.string("password"),
    // A CA is only of use with TLS.
    ...(url.scheme === "https" && flags.string("ca-file") !== "" ? { caFile: flags.string("ca-file") } : {}),
    privateKeyFile: flags.string("private-key-file"),
    key: {
      algorithm: flags.string("ssh-key-algorithm"),
      rsaBits: flags.string("ssh-rsa-bits"),
      curve: flags.string("ssh-ecdsa-curve"),
    },
  });
}
