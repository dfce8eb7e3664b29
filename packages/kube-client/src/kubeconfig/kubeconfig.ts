// SPDX-License-Identifier: Apache-2.0

/** One cluster of a kubeconfig. Files are absolute; data is decoded of base64. */
export interface KubeconfigCluster {
  readonly server: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly caFile?: string;
  readonly caData?: Uint8Array;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** `extensions[].name == "client.authentication.k8s.io/exec"`, for exec plugins. */
  readonly execExtension?: unknown;
}

/** @see client.authentication.k8s.io ExecConfig */
export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: "Never" | "IfAvailable" | "Always";
}

/** One user of a kubeconfig: how to authenticate, and whom to act as. */
export interface KubeconfigUser {
  readonly certFile?: string;
  readonly certData?: Uint8Array;
  readonly keyFile?: string;
  readonly keyData?: Uint8Array;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecConfig;
  /** Name of a legacy provider, none of which is built. */
  readonly authProvider?: string;
  readonly impersonate?: string;
  readonly impersonateUid?: string;
  readonly impersonateGroups: readonly string[];
  readonly impersonateExtra: Readonly<Record<string, readonly string[]>>;
}

/** Names of a cluster and a user, and the namespace to work in. */
export interface KubeconfigContext {
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

/** @see clientcmd api/v1 Config */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
}

/** Of several kubeconfigs the first that names something wins, entry by entry. @see clientcmd ClientConfigLoadingRules */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const first = <V>(pick: (config: Kubeconfig) => ReadonlyMap<string, V>): ReadonlyMap<string, V> => {
    const merged = new Map<string, V>();
    for (const config of configs) for (const [name, value] of pick(config)) if (!merged.has(name)) merged.set(name, value);
    return merged;
  };
  return {
    currentContext: configs.find(({ currentContext }) => currentContext !== "")?.currentContext ?? "",
    clusters: first((config) => config.clusters),
    users: first((config) => config.users),
    contexts: first((config) => config.contexts),
  };
}
