// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import { progressOn } from "../../output/progress.ts";
import { releaseRevision } from "../kinds.ts";
import { chartSourceKinds } from "./choices.ts";
import { createObject } from "./create-object.ts";
import { creating, duration, fluxObject, given, labelsOf, positiveDuration, referenceTo } from "./creation.ts";
import { parseDependency, parseKindName, parseKindNameNamespace, supportedKind } from "./object-reference.ts";
import { readValues } from "./read-values.ts";

const valuesFromKinds = ["Secret", "ConfigMap"];
const chartRefKinds = ["OCIRepository", "HelmChart"];

/** `flux create helmrelease`. @see cmd/flux/create_helmrelease.go */
export const runCreateHelmRelease = creating(async (creation) => {
  const { flags, io, name } = creation;
  const targetNamespace = given(flags, "target-namespace");
  if (flags.string("chart") === "" && flags.string("chart-ref") === "") throw new CommandError("chart or chart-ref is required");
  if (flags.string("chart") !== "" && flags.string("chart-ref") !== "") {
    throw new CommandError("cannot use --chart in combination with --chart-ref");
  }
  const labels = labelsOf(flags);
  if (!flags.bool("export")) progressOn(io).generate("generating HelmRelease");
  const strategy = flags.string("reconcile-strategy");
  if (strategy !== "Revision" && strategy !== "ChartVersion") {
    throw new CommandError(`'${strategy}' is an invalid reconcile strategy(valid: Revision, ChartVersion)`);
  }
  const crds = given(flags, "crds");
  const createNamespace = flags.bool("create-target-namespace") || undefined;
  const kubeConfig = referenceTo(flags, "kubeconfig-secret-ref");
  const object = fluxObject("HelmRelease", creation, labels, {
    releaseName: given(flags, "release-name"),
    interval: duration(flags, "interval"),
    targetNamespace,
    storageNamespace: given(flags, "storage-namespace") ?? targetNamespace,
    dependsOn: flags.strings("depends-on").length === 0 ? undefined : flags.strings("depends-on").map(parseDependency),
    ...chartOf(flags, strategy),
    kubeConfig: kubeConfig === undefined ? undefined : { secretRef: kubeConfig },
    // The policy is of upgrades: an install that does not create them would not work.
    install:
      createNamespace === undefined && crds === undefined
        ? undefined
        : { createNamespace, crds: crds === undefined ? undefined : "Create" },
    upgrade: crds === undefined ? undefined : { crds },
    serviceAccountName: given(flags, "service-account"),
    values: flags.strings("values").length === 0 ? undefined : readValues(flags.strings("values"), io),
    valuesFrom: flags.strings("values-from").length === 0 ? undefined : flags.strings("values-from").map(parseValuesFrom),
  });
  await createObject(creation, {
    object,
    noun: "HelmRelease",
    conclude: (release) => [`HelmRelease ${name} is ready`, `applied revision ${releaseRevision(release)}`],
  });
});

function chartOf(flags: FlagValues, reconcileStrategy: string): Readonly<Record<string, unknown>> {
  const chart = given(flags, "chart");
  if (chart === undefined) {
    const { kind, name, namespace } = parseKindNameNamespace(flags.string("chart-ref"));
    if (!chartRefKinds.includes(kind)) {
      throw new CommandError(`chart reference kind '${kind}' is not supported, must be one of: ${chartRefKinds.join(", ")}`);
    }
    return { chartRef: { kind, name, namespace } };
  }
  const { kind, name, namespace } = parseKindNameNamespace(flags.string("source"));
  // Upstream writes an empty name when there is no source; the server says what is wrong with it.
  const sourceRef = { kind: supportedKind(kind, chartSourceKinds), name, namespace };
  const interval = positiveDuration(flags, "chart-interval");
  return { chart: { spec: { chart, version: given(flags, "chart-version"), sourceRef, reconcileStrategy, interval } } };
}

function parseValuesFrom(text: string): { readonly kind: string; readonly name: string } {
  const { kind, name } = parseKindName(text);
  if (kind === "") throw new CommandError(`invalid Kubernetes object reference '${text}', must be in format <kind>/<name>`);
  const known = supportedKind(kind, valuesFromKinds);
  if (known === undefined) {
    throw new CommandError(`reference kind '${kind}' is not supported, must be one of: ${valuesFromKinds.join(", ")}`);
  }
  return { kind: known, name };
}
