// SPDX-License-Identifier: Apache-2.0
// Flags of `flux create` whose values are checked when they are read, in upstream's words. @see flux2 internal/flags
import { choice } from "../../choice.ts";
import type { Flag } from "../../command.ts";
import { parseKindName, parseKindNameNamespace, supportedKind } from "./object-reference.ts";

const list = (values: readonly string[]): string => values.join(", ");

const bucketProviders = ["generic", "aws", "azure", "gcp"];
const gitProviders = ["generic", "github", "aws", "azure"];
const ociProviders = ["generic", "aws", "azure", "gcp"];
const verifyProviders = ["cosign"];
const crdsPolicies = ["Skip", "Create", "CreateReplace"];
const decryptionProviders = ["sops"];
const keyAlgorithms = ["rsa", "ecdsa", "ed25519"];
const curves = ["p256", "p384", "p521"];
const receiverTypes = [
  "generic",
  "generic-hmac",
  "github",
  "gitlab",
  "bitbucket",
  "harbor",
  "dockerhub",
  "quay",
  "gcr",
  "nexus",
  "acr",
  "cdevents",
];

export const bucketProvider = choice("provider", {
  values: bucketProviders,
  default: "generic",
  usage: "who serves the bucket",
  missing: "no source bucket provider given, please specify the S3 compatible storage provider name",
  unsupported: (value) => `source bucket provider '${value}' is not supported, must be one of: ${list(bucketProviders)}`,
});

export const gitProvider = choice("provider", {
  values: gitProviders,
  usage: "how to authenticate to the git server",
  missing: "no source Git provider given, please specify the Git provider name",
  unsupported: (value) => `source Git provider '${value}' is not supported, must be one of: ${gitProviders.join("|")}`,
});

export const ociProvider = choice("provider", {
  values: ociProviders,
  default: "generic",
  usage: "how to authenticate to the registry",
  missing: "no source OCI provider given, please specify the OCI provider name",
  unsupported: (value) => `source OCI provider '${value}' is not supported, must be one of: ${list(ociProviders)}`,
});

export const verifyProvider = choice("verify-provider", {
  values: verifyProviders,
  usage: "what signatures are verified with: cosign",
  typeLabel: "sourceOCIVerifyProvider",
  missing:
    "no source OCI verify provider given, please specify the OCI verify provider name to use for signature verification, available options are: (cosign)",
  unsupported: (value) => `source OCI verify provider '${value}' is not supported, must be one of: ${list(verifyProviders)}`,
});

export const crdsPolicy = choice("crds", {
  values: crdsPolicies,
  usage: "what to do with the chart's CustomResourceDefinitions at an upgrade",
  missing: `no upgrade CRDs policy given, must be one of: ${list(crdsPolicies)}`,
  unsupported: (value) => `unsupported upgrade CRDs policy '${value}', must be one of: ${list(crdsPolicies)}`,
});

export const decryptionProvider = choice("decryption-provider", {
  values: decryptionProviders,
  usage: "what files are decrypted with: sops",
  typeLabel: "decryptionProvider",
  missing: `no decryption provider given, must be one of: ${list(decryptionProviders)}`,
  unsupported: (value) => `unsupported decryption provider '${value}', must be one of: ${list(decryptionProviders)}`,
});

export const receiverType = choice("type", {
  values: receiverTypes,
  usage: "who calls the webhook",
  missing: "no receiver type given, please specify the receiver type",
  unsupported: (value) => `receiver type '${value}' is not supported, must be one of: ${list(receiverTypes)}`,
});

/** How an SSH key is made. */
export const sshKeyFlags: readonly Flag[] = [
  choice("ssh-key-algorithm", {
    values: keyAlgorithms,
    default: "ecdsa",
    usage: "the algorithm of the SSH key",
    missing: `no public key algorithm given, must be one of: ${list(keyAlgorithms)}`,
    unsupported: (value) => `unsupported public key algorithm '${value}', must be one of: ${list(keyAlgorithms)}`,
  }),
  {
    name: "ssh-rsa-bits",
    type: "string",
    default: "2048",
    typeLabel: "rsaKeyBits",
    usage: "the size of an RSA key: a multiple of 8, at least 1024",
    check: rsaBitsProblem,
  },
  choice("ssh-ecdsa-curve", {
    values: curves,
    default: "p384",
    usage: "the curve of an ECDSA key",
    missing: `unsupported curve '', must be one of: ${list(curves)}`,
    unsupported: (value) => `unsupported curve '${value}', must be one of: ${list(curves)}`,
  }),
];

function rsaBitsProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  if (!/^[+-]?\d+$/.test(text)) return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  if (Number(text) < 1024) return "RSA key bit size must be at least 1024";
  return Number(text) % 8 === 0 ? undefined : "RSA key bit size must be a multiples of 8";
}

export const kustomizationSourceKinds = ["OCIRepository", "GitRepository", "Bucket"] as const;
export const chartSourceKinds = ["HelmRepository", "GitRepository", "Bucket"] as const;

const unsupportedKind = (kind: string, kinds: readonly string[]): string =>
  `source kind '${kind}' is not supported, must be one of: ${list(kinds)}`;

export const kustomizationSource: Flag = {
  name: "source",
  type: "string",
  usage: `what to build from, as [KIND/]NAME[.NAMESPACE] with one of: ${list(kustomizationSourceKinds)}; a GitRepository without a kind`,
  check: (value) => {
    if (value.trim() === "") {
      return `no Kustomization source given, please specify source that contains the Kubernetes manifests in the format '[<kind>/]<name>.<namespace>', where kind must be one of: (${list(kustomizationSourceKinds)}), if kind is not specified it defaults to GitRepository`;
    }
    const { kind, name } = parseKindNameNamespace(value);
    if (name === "") return `no name given for source of kind '${kind}'`;
    if (kind === "") return kustomizationSourceKinds.some((one) => one === name) ? `no kind specified for source '${name}'` : undefined;
    return supportedKind(kind, kustomizationSourceKinds) === undefined ? unsupportedKind(kind, kustomizationSourceKinds) : undefined;
  },
};

/** The source of a chart, in the namespace of the object, or in another. */
export function chartSource(isLocal: boolean): Flag {
  const format = isLocal ? "<kind>/<name>" : "<kind>/<name>.<namespace>";
  return {
    name: "source",
    type: "string",
    ...(isLocal ? { typeLabel: "helmChartSource" } : {}),
    usage: `what holds the chart, as ${isLocal ? "KIND/NAME" : "KIND/NAME[.NAMESPACE]"} with one of: ${list(chartSourceKinds)}`,
    check: (value) => {
      if (value.trim() === "") {
        return `no helm chart source given, please specify source that contains the chart in the format '${format}', where kind must be one of: (${list(chartSourceKinds)})`;
      }
      const { kind, name } = isLocal ? parseKindName(value) : parseKindNameNamespace(value);
      if (kind === "" || name === "") return `invalid helm chart source '${value}', must be in format <kind>/<name>`;
      return supportedKind(kind, chartSourceKinds) === undefined ? unsupportedKind(kind, chartSourceKinds) : undefined;
    },
  };
}
