// SPDX-License-Identifier: Apache-2.0
import type { GitRepository } from "@flux-ts/flux-api";
import { Failure } from "@flux-ts/kube-runtime";
import type { GitAuth, GitRemote } from "@flux-ts/toolkit/git";
import { authOptionsFor } from "@flux-ts/toolkit/git";
import { proxyFromSecret, readSecret, secretText } from "@flux-ts/toolkit/secrets";
import { prefixed } from "../prefixed.ts";
import type { GitRepositoryContext } from "./context.ts";

/** Where the repository is and how to get there, out of the spec and its Secrets. */
export async function remoteOf(repository: GitRepository, ctx: GitRepositoryContext): Promise<GitRemote> {
  const { spec, metadata } = repository;
  const namespace = metadata.namespace ?? "";
  const proxy =
    spec.proxySecretRef === undefined
      ? undefined
      : await prefixed("failed to configure proxy options", async () =>
          proxyFromSecret(await requireSecret(namespace, spec.proxySecretRef?.name ?? "", ctx)),
        );
  if (!URL.canParse(spec.url)) throw new Failure("URLInvalid", `failed to parse url '${spec.url}': invalid URL`, { retry: "never" });
  const data =
    spec.secretRef === undefined ? new Map<string, string>() : secretText(await requireSecret(namespace, spec.secretRef.name, ctx));
  const auth = await prefixed("failed to configure authentication options", () => authOptionsFor(spec.url, data));
  requireIdentityPassword(auth, namespace, spec.secretRef?.name ?? "");
  checkProvider(repository, data);
  return { url: spec.url, auth, ...(proxy === undefined ? {} : { proxy }) };
}

/** Upstream says twice what failed, and people search for the text. */
async function requireSecret(namespace: string, name: string, ctx: GitRepositoryContext): ReturnType<typeof readSecret> {
  const what = `failed to get secret '${namespace}/${name}'`;
  return prefixed(what, () => prefixed(what, () => readSecret(ctx.cluster, namespace, name, ctx.signal)));
}

/** An encrypted key without its password would fail much later, in words that do not help. */
function requireIdentityPassword(auth: GitAuth, namespace: string, name: string): void {
  if (auth.transport !== "ssh" || auth.password !== undefined || !isEncryptedKey(auth.identity)) return;
  const message = `SSH identity key is encrypted but no 'password' field was provided in the secret '${namespace}/${name}'`;
  throw new Failure("AuthenticationFailed", message);
}

function isEncryptedKey(identity: string): boolean {
  if (/^Proc-Type: 4,ENCRYPTED$/m.test(identity) || identity.includes("BEGIN ENCRYPTED PRIVATE KEY")) return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(identity)?.[1];
  if (body === undefined) return false;
  // After the magic text stands the name of the cipher, with its length before it.
  const bytes = Buffer.from(body, "base64");
  const magic = "openssh-key-v1\0";
  if (bytes.toString("latin1", 0, magic.length) !== magic || bytes.length < magic.length + 8) return false;
  const length = bytes.readUInt32BE(magic.length);
  return bytes.toString("latin1", magic.length + 4, magic.length + 4 + Math.min(length, 64)) !== "none";
}

function checkProvider({ spec, metadata }: GitRepository, data: ReadonlyMap<string, string>): void {
  const hasApp = (data.get("githubAppID") ?? "") !== "";
  const notBuilt = (provider: string): Failure =>
    new Failure("InvalidProviderConfiguration", `provider '${provider}' is not supported yet: use a Secret and provider generic`, {
      retry: "never",
    });
  switch (spec.provider) {
    case "github": {
      const message = "secretRef with github app data must be specified when provider is set to github";
      if (spec.secretRef === undefined) throw new Failure("InvalidProviderConfiguration", message, { retry: "never" });
      if (!hasApp) throw new Failure("InvalidProviderConfiguration", message);
      throw notBuilt("github");
    }
    case "aws":
    case "azure":
      throw notBuilt(spec.provider);
    case "generic":
    case undefined:
      if (!hasApp) return;
      throw new Failure(
        "InvalidProviderConfiguration",
        `secretRef '${metadata.namespace ?? ""}/${spec.secretRef?.name ?? ""}' has github app data but provider is not set to github`,
      );
  }
}
