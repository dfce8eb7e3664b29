// SPDX-License-Identifier: Apache-2.0
export type * from "./client.ts";
export { createClient, type ClientConfig } from "./create-client.ts";
export { createDiscovery, type Discovery } from "./discovery.ts";
export { isKindMissing, toApiError } from "./answer.ts";
export { requestHeaders } from "./request-headers.ts";
export { resourcePath, groupVersionPath } from "./paths.ts";
export { httpTransport, type HttpTransport, type HttpTransportConfig, type Credentials } from "./http-transport.ts";
export { fetchTransport, type FetchTransportConfig } from "./fetch-transport.ts";
export { systemClock } from "./system-clock.ts";
export { KubeClientError, type KubeClientErrorCode } from "./kube-client-error.ts";
export {
  mergeKubeconfigs,
  type ExecConfig,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigContext,
  type KubeconfigUser,
} from "./kubeconfig/kubeconfig.ts";
export { parseKubeconfig } from "./kubeconfig/parse-kubeconfig.ts";
export { loadKubeconfig, type LoadKubeconfigOptions } from "./kubeconfig/load-kubeconfig.ts";
export { selectFrom, type Selected, type Selection } from "./kubeconfig/select.ts";
export { connect, ownKubeconfig, type ConnectOptions } from "./connect.ts";
export { connectInCluster, isInCluster, type InClusterOptions } from "./in-cluster.ts";
export { proxyFromEnvironment } from "./proxy-from-environment.ts";
