// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { refOf } from "@flux-ts/kube-core";

/** A Secret as it is written; the server encodes `stringData`. */
export interface SecretManifest extends KubeObject {
  readonly stringData: Readonly<Record<string, string>>;
  readonly type?: string;
}

/** Creates a Secret, or adds what it says to the one that is there: other keys, labels and annotations stay. */
export async function applySecret(client: Client, secret: SecretManifest, signal: AbortSignal): Promise<void> {
  const existing = await client.find<KubeObject>(refOf(secret), { signal });
  if (existing === undefined) {
    await client.create(secret, { signal });
    return;
  }
  const { labels, annotations } = secret.metadata;
  const metadata = {
    ...existing.metadata,
    ...(labels === undefined ? {} : { labels: { ...existing.metadata.labels, ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...existing.metadata.annotations, ...annotations } }),
  };
  const updated = { ...existing, metadata, stringData: secret.stringData };
  await client.update(updated, { signal });
}
