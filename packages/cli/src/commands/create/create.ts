// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag, Run } from "../../command.ts";
import { chartSource, crdsPolicy, decryptionProvider, kustomizationSource, receiverType } from "./choices.ts";
import { createImageCommand } from "./image/image.ts";
import { createSecretCommand } from "./secret/secret.ts";
import { createSourceCommand } from "./source/source.ts";
import { createTenantCommand } from "./tenant/tenant.ts";

const text = (name: string, usage: string): Flag => ({ name, type: "string", usage });
const slice = (name: string, usage: string): Flag => ({ name, type: "stringSlice", usage });
const duration = (name: string, value: string, usage: string): Flag => ({ name, type: "duration", default: value, usage });

interface KindCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: string;
  readonly example: string;
  readonly flags: readonly Flag[];
  readonly load: () => Promise<Run>;
}

function command({ kind, example, ...rest }: KindCommand): Command {
  return { ...rest, short: `Create or update a ${kind}`, example: `  flux create ${example}`, argumentsUsage: "NAME" };
}

const kustomization = command({
  name: "kustomization",
  aliases: ["ks"],
  kind: "Kustomization",
  example: "kustomization app --source=GitRepository/app --path=./deploy --prune --interval=10m",
  flags: [
    kustomizationSource,
    { ...text("path", "folder with the manifests"), default: "./", typeLabel: "safeRelativePath" },
    { name: "prune", type: "bool", usage: "delete what is no longer in the source" },
    { name: "wait", type: "bool", usage: "wait until everything that is applied is healthy" },
    slice("health-check", "wait for these instead: KIND/NAME.NAMESPACE; may be repeated"),
    duration("health-check-timeout", "2m0s", "how long to wait for health"),
    {
      ...text("validation", ""),
      deprecated: "this arg is no longer used, all resources are validated using server-side apply dry-run",
    },
    slice("depends-on", "Kustomizations that must be ready before: [NAMESPACE/]NAME; may be repeated"),
    text("service-account", "ServiceAccount to apply as"),
    decryptionProvider,
    text("decryption-secret", "name of a Secret with the keys to decrypt with"),
    text("target-namespace", "namespace of everything that is applied"),
    text("kubeconfig-secret-ref", "name of a Secret with the kubeconfig of another cluster"),
    duration("retry-interval", "0s", "how soon to try again after a failure"),
  ],
  load: async () => (await import("./run-kustomization.ts")).runCreateKustomization,
});

const helmrelease = command({
  name: "helmrelease",
  aliases: ["hr"],
  kind: "HelmRelease",
  example: "helmrelease web --source=HelmRepository/charts --chart=web --chart-version='1.x' --values=values.yaml",
  flags: [
    text("release-name", "name of the release"),
    chartSource(false),
    text("chart", "name of the chart, or its folder in a repository or bucket"),
    text("chart-version", "version or range; does not count for folders"),
    slice("depends-on", "HelmReleases that must be ready before: [NAMESPACE/]NAME; may be repeated"),
    text("target-namespace", "namespace to install into"),
    text("storage-namespace", "namespace for the records of the release; by default the target"),
    { name: "create-target-namespace", type: "bool", usage: "create the namespace to install into" },
    text("service-account", "ServiceAccount to install as"),
    { ...text("reconcile-strategy", "what makes a new chart: ChartVersion or Revision"), default: "ChartVersion" },
    duration("chart-interval", "0s", "how often to look for new charts"),
    slice("values", "file with values; may be repeated"),
    slice("values-from", "Secret or ConfigMap with values, as KIND/NAME; may be repeated"),
    crdsPolicy,
    text("kubeconfig-secret-ref", "name of a Secret with the kubeconfig of another cluster"),
    text("chart-ref", "OCIRepository or HelmChart in place of a chart, as KIND/NAME[.NAMESPACE]"),
  ],
  load: async () => (await import("./run-helmrelease.ts")).runCreateHelmRelease,
});

const alert = command({
  name: "alert",
  kind: "Alert",
  example: "alert failures --provider-ref=chat --event-severity=error --event-source='Kustomization/*'",
  flags: [
    text("provider-ref", "name of a Provider"),
    text("event-severity", "info: every event; error: failures alone"),
    slice("event-source", "whose events, as KIND/NAME[.NAMESPACE]; may be repeated"),
  ],
  load: async () => (await import("./run-notification.ts")).runCreateAlert,
});

const alertProvider = command({
  name: "alert-provider",
  kind: "Provider",
  example: "alert-provider chat --type=slack --channel=ops --address=https://hooks.example.com/x",
  flags: [
    text("type", "what is told: slack, github, generic …"),
    text("channel", "channel of a chat"),
    text("username", "name to speak as in a chat"),
    text("address", "address of the webhook, or of the git repository"),
    text("secret-ref", "name of a Secret with a token"),
  ],
  load: async () => (await import("./run-notification.ts")).runCreateAlertProvider,
});

const receiver = command({
  name: "receiver",
  kind: "Receiver",
  example: "receiver push --type=github --event=push --secret-ref=token --resource=GitRepository/app",
  flags: [
    receiverType,
    text("secret-ref", "name of a Secret with the token"),
    slice("event", "events that count; may be repeated"),
    slice("resource", "what to reconcile, as KIND/NAME; may be repeated"),
  ],
  load: async () => (await import("./run-notification.ts")).runCreateReceiver,
});

export const create: Command = {
  name: "create",
  short: "Create or update objects of Flux",
  long: "Creates or updates an object and waits until it is ready, or prints it with --export.",
  persistentFlags: [
    duration("interval", "1m0s", "how often to reconcile"),
    { name: "export", type: "bool", usage: "print the object as YAML in place of applying it" },
    slice("label", "labels of the object: KEY=VALUE; may be repeated"),
  ],
  children: [
    alert,
    alertProvider,
    helmrelease,
    createImageCommand,
    kustomization,
    receiver,
    createSecretCommand,
    createSourceCommand,
    createTenantCommand,
  ],
};
