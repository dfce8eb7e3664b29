// SPDX-License-Identifier: Apache-2.0
import type { TransportRequest } from "@flux-ts/kube-core";

/** Path and query of a request, with the path that a server's URL may begin with (`https://host/k8s/clusters/c-1`). */
export function requestTarget(basePath: string, request: Pick<TransportRequest, "path" | "query">): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === "string") parameters.append(name, value);
    else for (const item of value) parameters.append(name, item);
  }
  const query = parameters.toString();
  return `${basePath.replace(/\/+$/, "")}${request.path}${query === "" ? "" : `?${query}`}`;
}
