// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "@flux-ts/kube-core";
import type { Node } from "./node-fit.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

const ROOM = { cpu: "32", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "1000" };
const NODE_INFO = {
  machineID: "",
  systemUUID: "",
  bootID: "",
  kernelVersion: "simulated",
  osImage: "simulated",
  containerRuntimeVersion: "simulated://1",
  kubeletVersion: "v1.36.4",
  kubeProxyVersion: "",
  operatingSystem: "linux",
  architecture: "amd64",
};

/** Makes `node-1`, `node-2` and so on, ready and with room. Those that are there stay as they are. */
export async function ensureNodes(plane: Plane, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const name = `node-${index}`;
    const current = plane.get<Node>(ENDPOINTS.nodes, undefined, name);
    const node = current ?? (await createNode(plane, name));
    if (isReady(node)) continue;
    // Without a version: controllers may have touched the node since.
    const { resourceVersion: _, ...metadata } = node.metadata;
    await plane.update<Node>(ENDPOINTS.nodes, { ...node, metadata, status: readyStatus(plane, name, index) }, "status");
  }
}

function createNode(plane: Plane, name: string): Promise<Node> {
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": "amd64",
  };
  return plane.create<Node>(ENDPOINTS.nodes, { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: {} });
}

function isReady(node: Node): boolean {
  const { conditions = [] } = (node["status"] ?? {}) as { readonly conditions?: readonly { readonly type: string }[] }; // decoded as a node
  return conditions.some((condition) => condition.type === "Ready");
}

function readyStatus(plane: Plane, name: string, index: number): Readonly<Record<string, unknown>> {
  const now = toTimestamp(plane.clock.now());
  const condition = (type: string, status: string, reason: string, message: string): Readonly<Record<string, string>> => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    capacity: ROOM,
    allocatable: ROOM,
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
    addresses: [
      { type: "InternalIP", address: `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}` },
      { type: "Hostname", address: name },
    ],
    nodeInfo: NODE_INFO,
  };
}
