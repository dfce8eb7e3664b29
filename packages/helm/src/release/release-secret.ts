// SPDX-License-Identifier: Apache-2.0
import { getKey, isJsonObject, type KubeObject, setKey } from "@flux-ts/kube-core";
import { decodeRecord, encodeRecord } from "./encode-record.ts";
import type { ReleaseRecord } from "./release-record.ts";
import { fromBase64 } from "./packing.ts";

/** Labels that storing makes; no release may bring its own. */
export const SYSTEM_LABELS: readonly string[] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/** The name of the Secret of one revision: `sh.helm.release.v1.web.v3`. */
export function secretName(name: string, version: number): string {
  return `sh.helm.release.v1.${name}.v${version}`;
}

/**
 * The Secret of a release.
 *
 * @param namespace where releases are stored
 * @param stamp the label `createdAt` or `modifiedAt`
 * @param nowMs milliseconds since 1970
 * @see helm.sh/helm/v4 pkg/storage/driver newSecretsObject
 */
export function releaseSecret(record: ReleaseRecord, namespace: string, stamp: "createdAt" | "modifiedAt", nowMs: number): KubeObject {
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(record.labels)) setKey(labels, key, value);
  // A time that the record brings along wins, as it does in Helm.
  if (!Object.hasOwn(record.labels, stamp)) labels[stamp] = String(Math.floor(nowMs / 1000));
  labels["name"] = record.name;
  labels["owner"] = "helm";
  labels["status"] = record.info.status;
  labels["version"] = String(record.version);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secretName(record.name, record.version), namespace, labels },
    type: "helm.sh/release.v1",
    data: { release: btoa(encodeRecord(record)) },
  };
}

/**
 * The release in a Secret, with the labels of the Secret.
 *
 * @throws {HelmError} RELEASE, LIMIT
 */
export function recordOfSecret(secret: KubeObject): ReleaseRecord {
  const data = isJsonObject(secret["data"]) ? getKey(secret["data"], "release") : undefined;
  const packed = fromBase64(typeof data === "string" ? data : "", "the Secret");
  return { ...decodeRecord(new TextDecoder("latin1").decode(packed)), labels: secret.metadata.labels ?? {} };
}

/** The labels that are the release's own. */
export function ownLabels(labels: ReleaseRecord["labels"]): ReleaseRecord["labels"] {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !SYSTEM_LABELS.includes(key)));
}
