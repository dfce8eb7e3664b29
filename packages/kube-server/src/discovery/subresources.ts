// SPDX-License-Identifier: Apache-2.0
import type { ResourceDefinition } from "../resource.ts";

/** One subresource as discovery documents show it. */
export interface SubresourceInfo {
  readonly name: string;
  readonly kind: string;
  /** Group and version of the kind, when they are not those of the resource. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const STATUS_VERBS = ["get", "patch", "update"] as const;
const PROXY_VERBS = ["create", "delete", "get", "patch", "update"] as const;

/** What the special subresources speak, by `plural/name`. */
const SPECIAL: Readonly<Record<string, Omit<SubresourceInfo, "name">>> = {
  "namespaces/finalize": { kind: "Namespace", verbs: ["update"] },
  "nodes/proxy": { kind: "NodeProxyOptions", verbs: PROXY_VERBS },
  "pods/attach": { kind: "PodAttachOptions", verbs: ["create", "get"] },
  "pods/binding": { kind: "Binding", verbs: ["create"] },
  "pods/ephemeralcontainers": { kind: "Pod", verbs: STATUS_VERBS },
  "pods/eviction": { kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  "pods/exec": { kind: "PodExecOptions", verbs: ["create", "get"] },
  "pods/log": { kind: "Pod", verbs: ["get"] },
  "pods/portforward": { kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  "pods/proxy": { kind: "PodProxyOptions", verbs: PROXY_VERBS },
  "pods/resize": { kind: "Pod", verbs: STATUS_VERBS },
  "serviceaccounts/token": { kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"] },
  "services/proxy": { kind: "ServiceProxyOptions", verbs: PROXY_VERBS },
  "certificatesigningrequests/approval": { kind: "CertificateSigningRequest", verbs: STATUS_VERBS },
};

/** The subresources of a resource: status, scale, then the special ones. */
export function subresourcesOf(definition: ResourceDefinition): readonly SubresourceInfo[] {
  const { status, scale, others = [] } = definition.subresources;
  const infos: SubresourceInfo[] = [];
  if (status) infos.push({ name: "status", kind: definition.kind, verbs: STATUS_VERBS });
  if (scale) infos.push({ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: STATUS_VERBS });
  for (const name of others) {
    const special = SPECIAL[`${definition.plural}/${name}`];
    if (special) infos.push({ name, ...special });
  }
  return infos;
}
