// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import { getKey, isJsonObject, isNotFound, type KubeObject } from "@flux-ts/kube-core";
import { RemoteClusterError } from "./remote-cluster-error.ts";

/** `spec.kubeConfig` of a Kustomization or HelmRelease. */
export interface KubeconfigRef {
  readonly secretRef?: { readonly name: string; readonly key?: string | undefined } | undefined;
  readonly configMapRef?: { readonly name: string } | undefined;
}

/** Where the kubeconfig is when the reference does not say. */
const DEFAULT_KEYS = ["value", "value.yaml"];

/**
 * The kubeconfig that a Secret of the namespace holds.
 *
 * @returns its text, and the Secret as `namespace/name`
 * @throws {RemoteClusterError}
 * @see fluxcd/pkg runtime/client getRESTConfigFromSecret
 */
export async function readKubeconfig(
  cluster: Client,
  namespace: string,
  { secretRef }: KubeconfigRef,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly secret: string }> {
  if (secretRef === undefined) {
    const message = "spec.kubeConfig.configMapRef is not supported by this version yet: use spec.kubeConfig.secretRef, or remove it";
    throw new RemoteClusterError("NOT_SUPPORTED", message);
  }
  const { name, key = "" } = secretRef;
  const secret = `${namespace}/${name}`;
  let object: KubeObject;
  try {
    object = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name }, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    const message = `unable to read KubeConfig secret '${secret}' error: ${(cause as Error).message}`;
    throw new RemoteClusterError(isNotFound(cause) ? "SECRET_NOT_FOUND" : "SECRET_UNREADABLE", message, { cause });
  }
  const data = isJsonObject(object["data"]) ? object["data"] : {};
  for (const candidate of key === "" ? DEFAULT_KEYS : [key]) {
    const value = getKey(data, candidate);
    if (typeof value === "string") return { text: Buffer.from(value, "base64").toString("utf8"), secret };
  }
  const message = `KubeConfig secret '${secret}' does not contain a '${key === "" ? "value" : key}' key with a kubeconfig`;
  throw new RemoteClusterError("NO_KUBECONFIG", message);
}
