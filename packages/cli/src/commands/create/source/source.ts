// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag, Run } from "../../../command.ts";
import { bucketProvider, chartSource, gitProvider, ociProvider, sshKeyFlags, verifyProvider } from "../choices.ts";

const text = (name: string, usage: string, short?: string): Flag => ({
  name,
  type: "string",
  usage,
  ...(short === undefined ? {} : { short }),
});
const flag = (name: string, usage: string, short?: string): Flag => ({ ...text(name, usage, short), type: "bool" });
const slice = (name: string, usage: string): Flag => ({ name, type: "stringSlice", usage });

const ignorePaths = slice("ignore-paths", "what to leave out, as in .gitignore; may be repeated");
const secretRef = text("secret-ref", "name of a Secret with the credentials");
const proxySecretRef = text("proxy-secret-ref", "name of a Secret with the address of a proxy");
const username = text("username", "user name", "u");
const password = text("password", "password", "p");
const verification: readonly Flag[] = [
  verifyProvider,
  text("verify-secret-ref", "name of a Secret with the keys that signatures are verified with"),
  text("verify-subject", "regular expression that the subject of a keyless signature must match"),
  text("verify-issuer", "regular expression that the issuer of a keyless signature must match"),
];

function command(name: string, kind: string, example: string, flags: readonly Flag[], load: () => Promise<Run>): Command {
  return {
    name,
    short: `Create or update a ${kind}`,
    example: `  flux create source ${example}`,
    argumentsUsage: "NAME",
    flags,
    load,
  };
}

export const createSourceCommand: Command = {
  name: "source",
  short: "Create or update sources",
  persistentFlags: [{ name: "fetch-timeout", type: "duration", default: "0s", usage: "how long one fetch by the controller may take" }],
  children: [
    command(
      "bucket",
      "Bucket",
      "bucket assets --bucket-name=assets --endpoint=minio.example.com",
      [
        bucketProvider,
        text("bucket-name", "name of the bucket"),
        text("endpoint", "address of the server"),
        text("access-key", "access key, for a Secret that is made"),
        text("secret-key", "secret key, for a Secret that is made"),
        text("region", "region of the bucket"),
        flag("insecure", "without TLS"),
        secretRef,
        proxySecretRef,
        ignorePaths,
      ],
      async () => (await import("./run-bucket.ts")).runCreateSourceBucket,
    ),
    command(
      "chart",
      "HelmChart",
      "chart web --source=HelmRepository/charts --chart=web --chart-version='1.x'",
      [
        text("chart", "name of the chart, or its folder in a repository or bucket"),
        text("chart-version", "version or range; does not count for folders"),
        chartSource(true),
        { ...text("reconcile-strategy", "what makes a new chart: ChartVersion or Revision"), default: "ChartVersion" },
        ...verification,
      ],
      async () => (await import("./run-chart.ts")).runCreateSourceChart,
    ),
    command(
      "git",
      "GitRepository",
      "git app --url=https://git.example.com/app --branch=main --interval=5m",
      [
        text("url", "address of the repository"),
        text("branch", "branch to follow"),
        text("tag", "tag to check out"),
        text("tag-semver", "range of versions whose highest tag to check out"),
        text("ref-name", "reference to follow, such as refs/pull/1/head"),
        text("commit", "commit to check out"),
        username,
        { ...password, usage: "password; over SSH the passphrase of the private key" },
        ...sshKeyFlags,
        secretRef,
        proxySecretRef,
        gitProvider,
        text("ca-file", "file with the authorities to trust"),
        text("private-key-file", "file with the private key to use over SSH, in place of a new one"),
        flag("recurse-submodules", "with submodules"),
        flag("silent", "do not ask whether the deploy key is set up", "s"),
        ignorePaths,
        slice("sparse-checkout-paths", "only these folders; may be repeated"),
      ],
      async () => (await import("./run-git.ts")).runCreateSourceGit,
    ),
    command(
      "helm",
      "HelmRepository",
      "helm charts --url=https://charts.example.com --interval=1h",
      [
        text("url", "address of the repository"),
        username,
        password,
        text("cert-file", "file with a client certificate"),
        text("key-file", "file with the key of the client certificate"),
        text("ca-file", "file with the authorities to trust"),
        secretRef,
        text("oci-provider", "how to authenticate to the registry"),
        flag("pass-credentials", "send the credentials to other hosts too"),
      ],
      async () => (await import("./run-helm.ts")).runCreateSourceHelm,
    ),
    command(
      "oci",
      "OCIRepository",
      "oci app --url=oci://registry.example.com/app --tag=latest --interval=5m",
      [
        ociProvider,
        text("url", "address of the repository, oci://…"),
        text("tag", "tag to pull"),
        text("tag-semver", "range of versions whose highest tag to pull"),
        text("digest", "digest to pull"),
        { ...secretRef, usage: "name of an image pull secret" },
        proxySecretRef,
        text("service-account", "name of a ServiceAccount with image pull secrets"),
        text("cert-ref", "name of a Secret with certificates"),
        ...verification,
        ignorePaths,
        flag("insecure", "without TLS"),
        text("layer-selector", "which layer to take and what to do with it: MEDIA-TYPE:extract or MEDIA-TYPE:copy"),
      ],
      async () => (await import("./run-oci.ts")).runCreateSourceOci,
    ),
  ],
};
