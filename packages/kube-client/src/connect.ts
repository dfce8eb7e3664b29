// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import type { Clock, Identity, Transport } from "@flux-ts/kube-core";
import { ExecPlugin } from "./auth/exec-plugin.ts";
import { tokenFile } from "./auth/token-file.ts";
import { httpTransport, type Credentials, type HttpTransport, type HttpTransportConfig } from "./http-transport.ts";
import { KubeClientError } from "./kube-client-error.ts";
import type { KubeconfigUser } from "./kubeconfig/kubeconfig.ts";
import type { Selected } from "./kubeconfig/select.ts";
import { proxyFromEnvironment } from "./proxy-from-environment.ts";

/** How to connect, and how far the kubeconfig is trusted. */
export interface ConnectOptions {
  readonly clock: Clock;
  /** Whose kubeconfig it is. A tenant's may not run programs, read files or skip the verification of certificates. */
  readonly trust: { readonly exec: boolean; readonly files: boolean; readonly insecureTls: boolean };
  /** For proxies, and for exec plugins. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether exec plugins may talk to the terminal. */
  readonly isInteractive?: boolean;
  readonly http?: Pick<HttpTransportConfig, "connections" | "timeoutMs" | "maxResponseBytes">;
}

/** The user's own kubeconfig: everything goes. */
export const ownKubeconfig: ConnectOptions["trust"] = { exec: true, files: true, insecureTls: true };

/**
 * A transport to the cluster of a kubeconfig, as its user.
 *
 * @throws {KubeClientError} FORBIDDEN, UNREADABLE_FILE, UNSUPPORTED; EXEC_FAILED with the first request
 */
export async function connect(selected: Selected, options: ConnectOptions): Promise<HttpTransport> {
  const { cluster, user, contextName } = selected;
  const { trust, clock, env } = options;
  const refuse = (what: string): never => {
    throw new KubeClientError("FORBIDDEN", `The kubeconfig of context ${JSON.stringify(contextName)} ${what}, which is not allowed here`);
  };
  if (user.exec !== undefined && !trust.exec) refuse("runs an exec plugin");
  if (cluster.insecureSkipTlsVerify && !trust.insecureTls) refuse("skips the verification of certificates");
  if (!trust.files && [cluster.caFile, user.certFile, user.keyFile, user.tokenFile].some((file) => file !== undefined))
    refuse("names files");
  if (user.authProvider !== undefined) {
    throw new KubeClientError(
      "UNSUPPORTED",
      `The auth provider ${JSON.stringify(user.authProvider)} of context ${JSON.stringify(contextName)} is no longer part of Kubernetes; use its exec plugin`,
    );
  }
  const read = async (data: Uint8Array | undefined, file: string | undefined): Promise<Uint8Array | undefined> =>
    data ?? (file === undefined ? undefined : readNamed(file));
  const ca = await read(cluster.caData, cluster.caFile);
  const cert = await read(user.certData, user.certFile);
  const key = await read(user.keyData, user.keyFile);
  const proxyUrl = cluster.proxyUrl ?? proxyFromEnvironment(new URL(cluster.server), env);
  const config: HttpTransportConfig = {
    ...options.http,
    server: cluster.server,
    clock,
    insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
    ...(ca === undefined || cluster.insecureSkipTlsVerify ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.tlsServerName === undefined ? {} : { serverName: cluster.tlsServerName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  };
  const credentials = staticCredentials(user, clock);
  const transport =
    user.exec === undefined || credentials !== undefined
      ? httpTransport({ ...config, ...(credentials === undefined ? {} : { credentials }) })
      : execTransport(config, new ExecPlugin(user.exec, cluster, ca, { clock, env, isInteractive: options.isInteractive ?? false }));
  return actingAs(transport, user);
}

async function readNamed(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new KubeClientError(
      "UNREADABLE_FILE",
      `Cannot read ${JSON.stringify(file)}, which the kubeconfig names: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** A token file wins over a token, and both over a password. @see client-go transport HTTPWrappersForConfig */
function staticCredentials(user: KubeconfigUser, clock: Clock): Credentials | undefined {
  if (user.tokenFile !== undefined) return tokenFile(user.tokenFile, clock);
  if (user.token !== undefined) return fixed(`Bearer ${user.token}`);
  if (user.username === undefined) return undefined;
  return fixed(`Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`);
}

function fixed(authorization: string): Credentials {
  return { headers: () => Promise.resolve({ authorization }) };
}

/** The certificate that a plugin gives belongs to the connection: another one means another pool. */
function execTransport(config: HttpTransportConfig, plugin: ExecPlugin): HttpTransport {
  const credentials: Credentials = {
    async headers() {
      const { token } = await plugin.credential();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    renew() {
      plugin.forget();
      return true;
    },
  };
  let current: { readonly cert: string | undefined; readonly transport: HttpTransport } | undefined;
  const transport: Transport = async (request) => {
    const { cert, key } = await plugin.credential();
    if (current === undefined || current.cert !== cert) {
      const before = current?.transport;
      current = {
        cert,
        transport: httpTransport({ ...config, credentials, ...(cert === undefined || key === undefined ? {} : { cert, key }) }),
      };
      await before?.close();
    }
    return current.transport(request);
  };
  const close = async (): Promise<void> => current?.transport.close();
  return Object.assign(transport, { close, [Symbol.asyncDispose]: close });
}

function actingAs(transport: HttpTransport, user: KubeconfigUser): HttpTransport {
  if (user.impersonate === undefined) return transport;
  const identity: Identity = {
    user: user.impersonate,
    groups: user.impersonateGroups,
    extra: user.impersonateExtra,
    ...(user.impersonateUid === undefined ? {} : { uid: user.impersonateUid }),
  };
  const acting: Transport = (request) => transport(request.identity === undefined ? { ...request, identity } : request);
  return Object.assign(acting, { close: () => transport.close(), [Symbol.asyncDispose]: () => transport.close() });
}
