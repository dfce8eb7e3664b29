// SPDX-License-Identifier: Apache-2.0

const FIELDS: ReadonlySet<string> = new Set([
  "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.host",
  "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase", "status.hostIP", "status.hostIPs",
  "status.podIP", "status.podIPs",
]); // prettier-ignore

/** Why a container cannot be told this field of its pod; undefined when it can. @see kubernetes pkg/apis/core/pods ConvertDownwardAPIFieldLabel */
export function fieldPathProblem(version: string, field: string): string | undefined {
  if (version !== "v1") return `unsupported pod version: ${version}`;
  const subscript = /^(.*)\['.*'\]$/.exec(field);
  if (subscript) {
    const of = subscript[1];
    return of === "metadata.annotations" || of === "metadata.labels" ? undefined : `field label does not support subscript: ${field}`;
  }
  return FIELDS.has(field) ? undefined : `field label not supported: ${field}`;
}
