// SPDX-License-Identifier: Apache-2.0

export interface KubeconfigFields {
  /** Of cluster, user and context. */
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  readonly caPem: string;
  readonly certPem: string;
  /** A secret: the text belongs in a file that only its owner reads. */
  readonly keyPem: string;
  readonly namespace?: string;
}

/** A kubeconfig with everything in it, as kubectl reads it (JSON is YAML). */
export function kubeconfigText(fields: KubeconfigFields): string {
  const { name, server, caPem, certPem, keyPem, namespace } = fields;
  const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(caPem) } }],
    users: [{ name, user: { "client-certificate-data": base64(certPem), "client-key-data": base64(keyPem) } }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
