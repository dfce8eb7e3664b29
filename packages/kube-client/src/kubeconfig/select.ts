// SPDX-License-Identifier: Apache-2.0
import { KubeClientError } from "../kube-client-error.ts";
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from "./kubeconfig.ts";

/** kubectl's flags, each winning over the context. */
export interface Selection {
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
}

/** What was selected, complete. */
export interface Selected {
  readonly contextName: string;
  readonly clusterName: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  /** `default` where nothing says otherwise. */
  readonly namespace: string;
}

const nobody: KubeconfigUser = { impersonateGroups: [], impersonateExtra: {} };

/**
 * One cluster and one user out of a kubeconfig.
 *
 * @throws {KubeClientError} NOT_IN_KUBECONFIG, INVALID_KUBECONFIG
 * @see clientcmd for the texts of what people search for
 */
export function selectFrom(config: Kubeconfig, selection: Selection = {}): Selected {
  const contextName = selection.context ?? config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName !== "" && context === undefined)
    throw new KubeClientError("NOT_IN_KUBECONFIG", `context ${JSON.stringify(contextName)} does not exist`);
  const clusterName = selection.cluster ?? context?.cluster ?? "";
  const cluster = config.clusters.get(clusterName);
  if (cluster === undefined && clusterName !== "")
    throw new KubeClientError("NOT_IN_KUBECONFIG", `cluster ${JSON.stringify(clusterName)} does not exist`);
  const userName = selection.user ?? context?.user ?? "";
  const user = config.users.get(userName);
  if (user === undefined && userName !== "")
    throw new KubeClientError("NOT_IN_KUBECONFIG", `auth info ${JSON.stringify(userName)} does not exist`);
  const server = selection.server ?? cluster?.server ?? "";
  if (server === "") {
    throw new KubeClientError(
      "INVALID_KUBECONFIG",
      contextName === ""
        ? "invalid configuration: no configuration has been provided, try setting KUBECONFIG or pass --kubeconfig"
        : `invalid configuration: no server found for cluster ${JSON.stringify(clusterName)}`,
    );
  }
  const isInsecure = selection.insecureSkipTlsVerify ?? cluster?.insecureSkipTlsVerify ?? false;
  const tlsServerName = selection.tlsServerName ?? cluster?.tlsServerName;
  const withToken = selection.token === undefined ? (user ?? nobody) : { ...nobody, token: selection.token };
  return {
    contextName,
    clusterName,
    cluster: {
      disableCompression: false,
      ...cluster,
      server: server.includes("://") ? server : `https://${server}`,
      insecureSkipTlsVerify: isInsecure,
      ...(tlsServerName === undefined ? {} : { tlsServerName }),
    },
    user: {
      ...withToken,
      ...(selection.as === undefined ? {} : { impersonate: selection.as, impersonateGroups: selection.asGroups ?? [] }),
      ...(selection.asUid === undefined ? {} : { impersonateUid: selection.asUid }),
    },
    namespace: selection.namespace ?? context?.namespace ?? "default",
  };
}
