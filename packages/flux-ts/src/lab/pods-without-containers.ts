// SPDX-License-Identifier: Apache-2.0
import { ApiError } from "@flux-ts/kube-core";
import type { SubresourceHandler } from "@flux-ts/kube-server";

/** What only a running container could answer, by `pods/name`: each says why there is none. */
export const podsWithoutContainers: Readonly<Record<string, SubresourceHandler>> = Object.fromEntries(
  ["attach", "exec", "log", "portforward", "proxy"].map((name) => [`pods/${name}`, explain]),
);

function explain(...[, , request]: Parameters<SubresourceHandler>): never {
  const { subresource, name } = request.info;
  throw new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NotImplemented",
    message: `Cannot serve ${subresource} of pod ${name}: pods are simulated here, no container runs in them. Use a cluster with nodes for that`,
    code: 501,
  });
}
