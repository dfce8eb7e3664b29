// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag, Run } from "../../../command.ts";
import { receiverType, sshKeyFlags } from "../choices.ts";

const text = (name: string, usage: string, short?: string): Flag => ({
  name,
  type: "string",
  usage,
  ...(short === undefined ? {} : { short }),
});
const username = text("username", "user name", "u");
const password = text("password", "password", "p");
const tlsFiles: readonly Flag[] = [
  text("tls-crt-file", "file with a client certificate"),
  text("tls-key-file", "file with the key of the client certificate"),
  text("ca-crt-file", "file with the authorities to trust"),
];

function command(name: string, what: string, example: string, flags: readonly Flag[], load: () => Promise<Run>): Command {
  return { name, short: `Make a Secret ${what}`, example: `  flux create secret ${example} --export`, argumentsUsage: "NAME", flags, load };
}

export const createSecretCommand: Command = {
  name: "secret",
  short: "Make Secrets that Flux reads",
  long: "Makes a Secret and applies it, or prints it with --export: encrypt what is printed before you commit it.",
  children: [
    command(
      "git",
      "with the credentials of a git server",
      "git app-auth --url=https://git.example.com/app --username=git --password=$TOKEN",
      [
        text("url", "address of the repository"),
        username,
        { ...password, usage: "password; over SSH the passphrase of the private key" },
        ...sshKeyFlags,
        text("ca-crt-file", "file with the authorities to trust"),
        text("private-key-file", "file with the private key to use over SSH, in place of a new one"),
        text("bearer-token", "bearer token"),
      ],
      async () => (await import("./run-git.ts")).runCreateSecretGit,
    ),
    command(
      "githubapp",
      "with the key of a GitHub App",
      "githubapp app --app-id=1 --app-installation-id=2 --app-private-key=key.pem",
      [
        text("app-id", "ID of the App"),
        text("app-installation-owner", "user or organisation in which it is installed"),
        text("app-installation-id", "ID of the installation"),
        text("app-private-key", "file with its private key"),
        text("app-base-url", "address of the API of a GitHub Enterprise server"),
      ],
      async () => (await import("./run-githubapp.ts")).runCreateSecretGithubapp,
    ),
    command(
      "helm",
      "with the credentials of a Helm repository",
      "helm charts-auth --username=reader --password=$TOKEN",
      [username, password, ...tlsFiles],
      async () => (await import("./run-helm.ts")).runCreateSecretHelm,
    ),
    command(
      "notation",
      "with a trust policy of Notation and its authorities",
      "notation trust --ca-cert-file=ca.crt --trust-policy-file=policy.json",
      [
        text("trust-policy-file", "file with the trust policy"),
        { name: "ca-cert-file", type: "stringSlice", usage: "file with an authority, .crt or .pem; may be repeated" },
      ],
      async () => (await import("./run-notation.ts")).runCreateSecretNotation,
    ),
    command(
      "oci",
      "to pull from a registry",
      "oci registry-auth --url=registry.example.com --username=reader --password=$TOKEN",
      [text("url", "address of the registry, or of a repository"), username, password],
      async () => (await import("./run-oci.ts")).runCreateSecretOci,
    ),
    command(
      "proxy",
      "with the address of a proxy",
      "proxy egress --address=http://proxy.example.com:3128",
      [text("address", "address of the proxy"), username, password],
      async () => (await import("./run-proxy.ts")).runCreateSecretProxy,
    ),
    command(
      "receiver",
      "with the token of a webhook",
      "receiver hook --type=github --hostname=flux.example.com",
      [
        receiverType,
        text("token", "the token; one is made when none is given"),
        text("hostname", "host of the webhook's address"),
        text("email-claim", "for gcr: email of the service account that calls"),
        text("audience-claim", "for gcr: audience of its token; by default the webhook's address"),
      ],
      async () => (await import("./run-receiver.ts")).runCreateSecretReceiver,
    ),
    command(
      "tls",
      "with certificates",
      "tls certs --ca-crt-file=ca.crt",
      tlsFiles,
      async () => (await import("./run-tls.ts")).runCreateSecretTls,
    ),
  ],
};
