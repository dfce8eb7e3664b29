// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, isNotFound } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { SecretError } from "./secret-error.ts";

/** The data of a Secret, decoded from base64. Keys of users are plain keys of a map. */
export interface SecretContent {
  readonly namespace: string;
  readonly name: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

/**
 * Reads a Secret from the API server, live.
 *
 * @throws {SecretError} NOT_FOUND with the server's own words (`secrets "x" not found`)
 * @throws {ApiError} what else the server says
 */
export async function readSecret(cluster: Client, namespace: string, name: string, signal?: AbortSignal): Promise<SecretContent> {
  try {
    const secret = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name }, signal === undefined ? {} : { signal });
    return { namespace, name, data: decodeSecretData(secret) };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new SecretError("NOT_FOUND", `secrets "${name}" not found`, { cause: error });
  }
}

/** The decoded `data` of a Secret object. */
export function decodeSecretData(secret: KubeObject): ReadonlyMap<string, Buffer> {
  const data = new Map<string, Buffer>();
  for (const [key, value] of Object.entries(isJsonObject(secret.data) ? secret.data : {})) {
    if (typeof value === "string") data.set(key, Buffer.from(value, "base64"));
  }
  return data;
}

/** The data as text. */
export function secretText(secret: SecretContent): ReadonlyMap<string, string> {
  return new Map([...secret.data].map(([key, value]) => [key, value.toString("utf8")]));
}
