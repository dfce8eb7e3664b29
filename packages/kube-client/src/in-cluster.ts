// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@flux-ts/kube-core";
import { tokenFile } from "./auth/token-file.ts";
import { httpTransport, type HttpTransport, type HttpTransportConfig } from "./http-transport.ts";
import { KubeClientError } from "./kube-client-error.ts";

/** What a Pod is given. */
export interface InClusterOptions {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the ServiceAccount is mounted. Default `/var/run/secrets/kubernetes.io/serviceaccount`. */
  readonly folder?: string;
  readonly http?: Pick<HttpTransportConfig, "connections" | "timeoutMs" | "maxResponseBytes">;
}

/** Whether this process runs in a Pod, by what Kubernetes puts into its environment. */
export function isInCluster(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env["KUBERNETES_SERVICE_HOST"] && env["KUBERNETES_SERVICE_PORT"]);
}

/**
 * A transport as the Pod's ServiceAccount.
 *
 * @throws {KubeClientError} NOT_IN_CLUSTER, UNREADABLE_FILE
 */
export async function connectInCluster(
  options: InClusterOptions,
): Promise<{ readonly transport: HttpTransport; readonly namespace: string }> {
  const { env, clock, folder = "/var/run/secrets/kubernetes.io/serviceaccount" } = options;
  const [host, port] = [env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"]];
  if (!host || !port)
    throw new KubeClientError(
      "NOT_IN_CLUSTER",
      "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
    );
  const read = async (name: string): Promise<string> => {
    try {
      return await readFile(join(folder, name), "utf8");
    } catch (error) {
      throw new KubeClientError(
        "UNREADABLE_FILE",
        `Cannot read ${JSON.stringify(name)} of the ServiceAccount in ${folder}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  };
  const ca = await read("ca.crt");
  const namespace = (await read("namespace").catch(() => "default")).trim();
  const credentials = tokenFile(join(folder, "token"), clock);
  await credentials.headers();
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { transport: httpTransport({ ...options.http, server, clock, ca, credentials }), namespace };
}
