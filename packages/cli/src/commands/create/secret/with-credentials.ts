// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Progress } from "../../../output/progress.ts";
import type { Plan } from "../create-object.ts";
import { applySecret } from "./apply-secret.ts";

/**
 * Makes the Secret with the credentials that the flags give, and lets the source refer to it.
 *
 * @param secretName of the Secret to make
 * @param existing the Secret that the user named instead: then none is made
 * @param credentialsOf the keys of the Secret; none make no Secret
 * @param announce is told the keys before they are applied
 */
export function withCredentials(
  object: KubeObject,
  secretName: string,
  existing: string | undefined,
  credentialsOf: (progress: Progress) => Promise<Readonly<Record<string, string>>>,
  options: {
    readonly applying?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly more?: Readonly<Record<string, unknown>>;
    readonly announce?: (data: Readonly<Record<string, string>>, progress: Progress) => Promise<void>;
  } = {},
): NonNullable<Plan["prepare"]> {
  return async (client: Client, progress: Progress, signal: AbortSignal) => {
    if (existing !== undefined) return object;
    const stringData = await credentialsOf(progress);
    if (Object.keys(stringData).length === 0) return object;
    await options.announce?.(stringData, progress);
    progress.action(options.applying ?? "applying secret with repository credentials");
    const { labels = {} } = options;
    const metadata = {
      name: secretName,
      namespace: object.metadata.namespace ?? "",
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    };
    await applySecret(client, { apiVersion: "v1", kind: "Secret", metadata, stringData }, signal);
    progress.success("authentication configured");
    const spec = Reflect.get(object, "spec") as Readonly<Record<string, unknown>>;
    const referring = { ...object, spec: { ...spec, secretRef: { name: secretName }, ...options.more } };
    return referring;
  };
}
