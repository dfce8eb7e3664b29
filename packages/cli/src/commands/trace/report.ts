// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Condition, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { isNotFound } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import type { Named } from "./managed-by.ts";

interface Reference extends Partial<Named> {
  readonly kind?: string;
}

/** The fields of all kinds that are reported. The server has checked their types. */
interface Traced extends KubeObject {
  readonly spec?: {
    readonly targetNamespace?: string;
    readonly path?: string;
    readonly url?: string;
    readonly version?: string;
    readonly chart?: string | { readonly spec?: { readonly sourceRef?: Reference } };
    readonly chartRef?: Reference;
    readonly sourceRef?: Reference;
    readonly ref?: { readonly tag?: string; readonly semver?: string; readonly branch?: string; readonly digest?: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly helmChart?: string;
    readonly artifact?: { readonly revision?: string; readonly metadata?: Readonly<Record<string, string>> };
  };
}

type Field = readonly [label: string, value: string | undefined];

/** Columns of the labels: upstream's blocks differ. */
const WIDE = 17;
const NARROW = 16;

const SOURCE = "source.toolkit.fluxcd.io/v1";

/** @throws {CommandError} when one of the objects in between is not there */
export async function reportKustomization(client: Client, name: Named, object: KubeObject, signal: AbortSignal): Promise<string> {
  const ref = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", ...name };
  const found = await get(client, ref, "kustomization", signal);
  const { spec, status } = found;
  const own: readonly Field[] = [
    ["Kustomization", found.metadata.name],
    ["Namespace", found.metadata.namespace],
    ["Target", nonEmpty(spec?.targetNamespace)],
    ["Path", spec?.path ?? ""],
    ["Revision", status?.lastAppliedRevision ?? ""],
    ...conditionOf(found, false),
  ];
  const source = await getSource(client, spec?.sourceRef, found, ["GitRepository", "OCIRepository", "ExternalArtifact"], signal);
  const more = source === undefined ? [] : [block(sourceFields(source, true), WIDE)];
  return [`\n${block(objectFields(object), WIDE)}`, block(own, WIDE), ...more].join("---\n");
}

/** @throws {CommandError} when one of the objects in between is not there */
export async function reportRelease(client: Client, name: Named, object: KubeObject, signal: AbortSignal): Promise<string> {
  const found = await get(client, { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", ...name }, "HelmRelease", signal);
  const { spec, status } = found;
  const own: readonly Field[] = [
    ["HelmRelease", found.metadata.name],
    ["Namespace", found.metadata.namespace],
    ["Target", nonEmpty(spec?.targetNamespace)],
    ["Revision", status?.lastAttemptedRevision ?? ""],
    ...conditionOf(found, false),
  ];
  const blocks = [`\n${block(objectFields(object), NARROW)}`, block(own, NARROW)];
  const chartName = status?.helmChart ?? "";
  if (chartName !== "") {
    const [namespace = "", chart = ""] = chartName.split("/");
    blocks.push(
      block(chartFields(await get(client, { apiVersion: SOURCE, kind: "HelmChart", namespace, name: chart }, "HelmChart", signal)), NARROW),
    );
  }
  const template = typeof spec?.chart === "object" ? spec.chart : undefined;
  const source =
    template === undefined
      ? await getSource(client, spec?.chartRef, found, ["OCIRepository", "ExternalArtifact"], signal)
      : await getSource(client, template.spec?.sourceRef, found, ["GitRepository", "HelmRepository"], signal);
  if (source !== undefined) blocks.push(block(sourceFields(source, false), RELEASE_WIDTHS[source.kind] ?? WIDE));
  return blocks.join("---\n");
}

const RELEASE_WIDTHS: Readonly<Record<string, number>> = { HelmRepository: NARROW, GitRepository: 15 };

function block(fields: readonly Field[], width: number): string {
  return fields
    .map(([label, value]) => (value === undefined ? "" : label === "" ? `${value}\n` : `${`${label}:`.padEnd(width)}${value}\n`))
    .join("");
}

function objectFields({ kind, metadata }: KubeObject): readonly Field[] {
  return [
    ["Object", `${kind}/${metadata.name ?? ""}`],
    ["Namespace", nonEmpty(metadata.namespace)],
    ["Status", "Managed by Flux"],
  ];
}

function chartFields(chart: Traced): readonly Field[] {
  const { metadata, spec, status } = chart;
  return [
    ["HelmChart", metadata.name],
    ["Namespace", metadata.namespace],
    ["Chart", typeof spec?.chart === "string" ? spec.chart : ""],
    ["Version", spec?.version ?? ""],
    ["Revision", status?.artifact === undefined ? undefined : (status.artifact.revision ?? "")],
    ...conditionOf(chart, false),
  ];
}

function sourceFields(source: Traced, showsOrigin: boolean): readonly Field[] {
  const { kind, metadata, spec, status } = source;
  const isExternal = kind === "ExternalArtifact";
  const { kind: from = "", namespace = "", name = "" } = spec?.sourceRef ?? {};
  return [
    [kind, metadata.name],
    ["Namespace", metadata.namespace],
    isExternal ? ["Source", `${from}/${namespace}/${name}`] : ["URL", spec?.url ?? ""],
    ...(kind === "GitRepository" || kind === "OCIRepository" ? referenceOf(source) : []),
    ["Revision", status?.artifact === undefined ? undefined : (status.artifact.revision ?? "")],
    ...(showsOrigin && kind !== "GitRepository" ? originOf(source) : []),
    ...conditionOf(source, kind !== "HelmRepository"),
  ];
}

function referenceOf({ kind, spec }: Traced): readonly Field[] {
  const { tag, semver, branch, digest } = spec?.ref ?? {};
  const text = nonEmpty(tag) ?? nonEmpty(semver);
  if (text !== undefined) return [["Tag", text]];
  return kind === "GitRepository" ? [["Branch", nonEmpty(branch)]] : [["Digest", nonEmpty(digest)]];
}

/** What an image says of where its content is from. A line stays empty for what it does not say, as upstream. */
function originOf({ status }: Traced): readonly Field[] {
  if (status?.artifact?.metadata === undefined) return [];
  const metadata = new Map(Object.entries(status.artifact.metadata));
  return (
    [
      ["Origin Revision", "org.opencontainers.image.revision"],
      ["Origin Source", "org.opencontainers.image.source"],
    ] as const
  ).map(([label, key]) => {
    const value = metadata.get(key) ?? "";
    return value === "" ? ["", ""] : [label, value];
  });
}

function conditionOf({ status }: Traced, tellsFailure: boolean): readonly Field[] {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready === undefined) return [["Status", "Unknown"]];
  const what = tellsFailure && ready.status === "False" ? "Last reconciliation failed at" : "Last reconciled at";
  return [
    ["Status", `${what} ${goTime(ready.lastTransitionTime)}`],
    ["Message", ready.message],
  ];
}

/** `2021-07-16 15:42:20 +0000 UTC`: how Go prints a time. */
function goTime(timestamp: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? timestamp : `${date.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** The source that a reference names, if it is of a kind that is reported here. */
async function getSource(
  client: Client,
  reference: Reference | undefined,
  { metadata }: KubeObject,
  kinds: readonly string[],
  signal: AbortSignal,
): Promise<Traced | undefined> {
  const { kind = "", name = "" } = reference ?? {};
  if (!kinds.includes(kind)) return undefined;
  const namespace = nonEmpty(reference?.namespace) ?? metadata.namespace ?? "";
  const found = await get(client, { apiVersion: SOURCE, kind, namespace, name }, kind, signal);
  if (kind === "ExternalArtifact" && found.spec?.sourceRef === undefined) {
    throw new CommandError(`ExternalArtifact ${namespace}/${name} is missing spec.sourceRef`);
  }
  return found;
}

async function get(client: Client, ref: ObjectRef, what: string, signal: AbortSignal): Promise<Traced> {
  try {
    return await client.get<Traced>(ref, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CommandError(`failed to find ${what}: ${(error as Error).message}`, { cause: error });
  }
}
