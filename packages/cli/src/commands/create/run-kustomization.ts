// SPDX-License-Identifier: Apache-2.0
import { posix } from "node:path";
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import { progressOn } from "../../output/progress.ts";
import { namesOf } from "../kind-names.ts";
import { kustomizationSourceKinds } from "./choices.ts";
import { createObject } from "./create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, positiveDuration, referenceTo } from "./creation.ts";
import { parseDependency, parseKindNameNamespace, supportedKind } from "./object-reference.ts";

const healthCheckKinds = new Set(["Deployment", "DaemonSet", "StatefulSet", "HelmRelease"]);

/** An object whose health is waited for. */
interface HealthCheck {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** `flux create kustomization`. @see cmd/flux/create_kustomization.go */
export const runCreateKustomization = creating(async (creation) => {
  const { flags, io, name } = creation;
  const path = safeRelativePath(flags);
  const source = sourceOf(flags);
  if (!flags.bool("export")) progressOn(io).generate("generating Kustomization");
  const labels = labelsOf(flags);
  const waits = flags.bool("wait");
  const healthChecks = waits ? [] : flags.strings("health-check").map(parseHealthCheck);
  const decryption = given(flags, "decryption-provider");
  const kubeConfig = referenceTo(flags, "kubeconfig-secret-ref");
  const object = fluxObject("Kustomization", creation, labels, {
    interval: duration(flags, "interval"),
    path,
    prune: flags.bool("prune"),
    sourceRef: source,
    targetNamespace: given(flags, "target-namespace"),
    dependsOn: flags.strings("depends-on").length === 0 ? undefined : flags.strings("depends-on").map(parseDependency),
    kubeConfig: kubeConfig === undefined ? undefined : { secretRef: kubeConfig },
    healthChecks: healthChecks.length === 0 ? undefined : healthChecks,
    timeout: waits || healthChecks.length > 0 ? duration(flags, "health-check-timeout") : undefined,
    wait: waits || undefined,
    serviceAccountName: given(flags, "service-account"),
    decryption: decryption === undefined ? undefined : { provider: decryption, secretRef: referenceTo(flags, "decryption-secret") },
    retryInterval: positiveDuration(flags, "retry-interval"),
  });
  await createObject(creation, {
    object,
    noun: "Kustomization",
    conclude: ({ status }) => [`Kustomization ${name} is ready`, `applied revision ${status?.lastAppliedRevision ?? ""}`],
  });
});

/** Cleaned, and never above the root: upstream joins it securely to the working folder. */
function safeRelativePath(flags: FlagValues): string {
  return `./${posix.normalize(`/${flags.string("path").trim()}`).replace(/^\/+|\/+$/g, "")}`;
}

function sourceOf(flags: FlagValues): { readonly kind: string; readonly name: string; readonly namespace?: string } {
  const { kind, name, namespace } = parseKindNameNamespace(flags.string("source"));
  if (name === "") throw new CommandError("source is required");
  const known = kind === "" ? "GitRepository" : (supportedKind(kind, kustomizationSourceKinds) ?? kind);
  return { kind: known, name, ...(namespace === undefined ? {} : { namespace }) };
}

function parseHealthCheck(text: string): HealthCheck {
  const parts = text.split("/");
  const [kind = "", rest = ""] = parts;
  if (parts.length !== 2) {
    throw new CommandError(`invalid health check '${text}' must be in the format 'kind/name.namespace' [${parts.join(" ")}]`);
  }
  if (!healthCheckKinds.has(kind)) {
    throw new CommandError(`invalid health check kind '${kind}' can be HelmRelease, Deployment, DaemonSet or StatefulSet`);
  }
  const names = rest.split(".");
  const [name = "", namespace = ""] = names;
  if (names.length !== 2) throw new CommandError(`invalid health check '${text}' must be in the format 'kind/name.namespace'`);
  return { ...(kind === "HelmRelease" ? { apiVersion: namesOf(kind).apiVersion } : {}), kind, name, namespace };
}
