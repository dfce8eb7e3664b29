// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Run } from "../command.ts";
import { connect } from "../connect.ts";
import { deadlineOf } from "../deadline.ts";
import { renderTable } from "../output/table.ts";
import type { FluxObject } from "./kinds.ts";
import { kindOf } from "./kinds.ts";

/** The rows, in their order: what a controller reconciles, or once did. */
const KINDS: readonly string[] = [
  "GitRepository",
  "OCIRepository",
  "HelmRepository",
  "HelmChart",
  "Bucket",
  "Kustomization",
  "HelmRelease",
  "Alert",
  "Provider",
  "Receiver",
  "ImageUpdateAutomation",
  "ImagePolicy",
  "ImageRepository",
];

interface Sized extends FluxObject {
  readonly status?: FluxObject["status"] & { readonly artifact?: { readonly size?: number } };
}

/** `flux stats`. @see cmd/flux/stats.go */
export const runStats: Run = async ({ flags, io }) => {
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client } = connection;
  const namespace = flags.bool("all-namespaces") ? undefined : connection.namespace;
  const rows = await Promise.all(KINDS.map((kind) => rowOf(client, kind, namespace, deadline.signal)));
  io.stdout(renderTable(["Reconcilers", "Running", "Failing", "Suspended", "Storage"], rows));
};

async function rowOf(client: Client, name: string, namespace: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
  const { apiVersion, kind } = kindOf(name);
  // A kind that the cluster does not have counts as one without objects.
  const items = await client.list<Sized>({ apiVersion, kind }, { signal, ...(namespace === undefined ? {} : { namespace }) }).then(
    (list) => list.items,
    () => [],
  );
  signal.throwIfAborted();
  const suspended = items.filter(({ spec }) => spec?.suspend === true).length;
  const failing = items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "False"),
  ).length;
  const size = items.reduce((sum, { status }) => sum + (status?.artifact?.size ?? 0), 0);
  return [kind, `${items.length - suspended}`, `${failing}`, `${suspended}`, formatSize(size)];
}

/** `-`, `512 B`, `1.5 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes === 0) return "-";
  if (bytes < 1024) return `${bytes} B`;
  const exponent = Math.min(6, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** exponent).toFixed(1)} ${"KMGTPE"[exponent - 1]}iB`;
}
