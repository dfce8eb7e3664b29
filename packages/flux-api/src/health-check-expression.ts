// SPDX-License-Identifier: Apache-2.0
import type { Infer } from "@flux-ts/kube-core";
import { object, optional, string } from "@flux-ts/kube-core/schema";

/** How to tell the health of a custom resource. @see fluxcd/pkg apis/kustomize CustomHealthCheck */
export const healthCheckExpression = object(
  {
    apiVersion: string({ description: "API version of the custom resource." }),
    current: string({ description: "CEL over the object's fields: it has reached what its spec asks for." }),
    failed: optional(string({ description: "CEL: it has failed." })),
    inProgress: optional(string({ description: "CEL: it is still on its way; evaluated first." })),
    kind: optional(string({ description: "Kind of the custom resource; by default every kind of the API version." })),
  },
  { description: "How to tell the health of one kind." },
);

export type HealthCheckExpression = Infer<typeof healthCheckExpression>;
