// SPDX-License-Identifier: Apache-2.0
export { RemoteClusterError, type RemoteClusterErrorCode } from "./remote-cluster-error.ts";
export { readKubeconfig, type KubeconfigRef } from "./read-kubeconfig.ts";
export { RemoteClusters, type RemoteClustersOptions, type RemoteUse } from "./remote-clusters.ts";
