// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringifyYaml } from "@flux-ts/kube-core";
import type { KeyPair } from "./authority.ts";

export interface KubeconfigInput {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** The authority's certificate in PEM. */
  readonly caCertificate: string;
  readonly client: KeyPair;
  /** Names the cluster, the user and the context; `flux-ts` when absent. */
  readonly name?: string;
}

/** A kubeconfig with everything in it. It holds a key: keep it as one. */
export function kubeconfig({ server, caCertificate, client, name = "flux-ts" }: KubeconfigInput): string {
  const base64 = (pem: string): string => Buffer.from(pem, "utf8").toString("base64");
  return stringifyYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(caCertificate) } }],
    users: [{ name, user: { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

/** Writes a kubeconfig that nobody else can read, whole or not at all. */
export function writeKubeconfig(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
