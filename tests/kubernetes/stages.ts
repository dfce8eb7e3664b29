// SPDX-License-Identifier: Apache-2.0

/** What a pod's own state becomes: `Key=Value` conditions, all true. */
function conditions(types: readonly string[], status: "True" | "False"): string {
  return types.map((type) => `{type: ${type}, status: "${status}", lastTransitionTime: {{ Now | Quote }}}`).join(", ");
}

/** One stage as kwok reads it. `when` are `path operator value`s; without a value the operator takes none. */
function stage(
  kind: "Node" | "Pod",
  name: string,
  when: readonly (readonly [key: string, operator: string, value?: string])[],
  next: string,
): string {
  const matches = when.map(
    ([key, operator, value]) => `    - {key: '${key}', operator: ${operator}${value === undefined ? "" : `, values: ["${value}"]`}}`,
  );
  return `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: {name: ${name}}
spec:
  resourceRef: {apiGroup: v1, kind: ${kind}}
  selector:
    matchExpressions:
${matches.join("\n")}
  next:
${next}
`;
}

const ALIVE = [".metadata.deletionTimestamp", "DoesNotExist"] as const;

const RUNNING = `    statusTemplate: |
      phase: Running
      startTime: {{ Now | Quote }}
      conditions: [${conditions(["Initialized", "Ready", "ContainersReady", "PodReadyToStartContainers"], "True")}]
      hostIP: {{ index (NodeIPsWith .spec.nodeName) 0 | Quote }}
      {{ $address := index (PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "")) 0 }}
      podIP: {{ $address | Quote }}
      podIPs: [{ip: {{ $address | Quote }}}]
      containerStatuses:
      {{ range .spec.containers }}
      - {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ Now | Quote }}}}}
      {{ end }}
      initContainerStatuses:
      {{ range .spec.initContainers }}
      - {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}}}}
      {{ end }}`;

const SUCCEEDED = `    statusTemplate: |
      phase: Succeeded
      conditions: [${conditions(["Ready", "ContainersReady"], "False")}]
      containerStatuses:
      {{ range .spec.containers }}
      - {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: false, started: false, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}}}}
      {{ end }}`;

const READY = `    statusTemplate: |
      conditions:
      - {type: MemoryPressure, status: "False", reason: KubeletHasSufficientMemory, message: kubelet has sufficient memory available, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
      - {type: DiskPressure, status: "False", reason: KubeletHasNoDiskPressure, message: kubelet has no disk pressure, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
      - {type: PIDPressure, status: "False", reason: KubeletHasSufficientPID, message: kubelet has sufficient PID available, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
      - {type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
      addresses: [{type: InternalIP, address: {{ NodeIP | Quote }}}, {type: Hostname, address: {{ .metadata.name | Quote }}}]
      nodeInfo: {machineID: "", systemUUID: "", bootID: "", kernelVersion: simulated, osImage: simulated, containerRuntimeVersion: "simulated://1", kubeletVersion: v1.36.4, kubeProxyVersion: "", operatingSystem: linux, architecture: amd64}`;

/** Nodes are ready and stay so. */
const NODE_STAGE = stage(
  "Node",
  "node-is-ready",
  [['.status.conditions.[] | select( .type == "Ready" ) | .status', "NotIn", "True"]],
  READY,
);

/**
 * Nodes are ready; simulated pods live as the embedded plane's do: ready at once; those of Jobs then succeed; those labelled `never` stay Pending.
 * @see kwok's Stage
 */
export const STAGES: string = [
  NODE_STAGE,
  stage("Pod", "pod-runs", [ALIVE, [".status.phase", "In", "Pending"], [".metadata.labels.never", "DoesNotExist"]], RUNNING),
  stage("Pod", "pod-succeeds", [ALIVE, [".status.phase", "In", "Running"], [".metadata.ownerReferences.[].kind", "In", "Job"]], SUCCEEDED),
  stage("Pod", "pod-ends", [[".metadata.deletionTimestamp", "Exists"]], "    delete: true"),
].join("---\n");
