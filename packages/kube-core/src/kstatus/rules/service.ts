// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { textAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, inProgress } from "../result.ts";

/** Current but for a load balancer without a cluster IP; that its own address is still to come does not matter. */
export function serviceStatus(service: KubeObject): ComputedStatus {
  const isLoadBalancer = textAt(service, ["spec", "type"], "ClusterIP") === "LoadBalancer";
  if (isLoadBalancer && textAt(service, ["spec", "clusterIP"], "") === "") {
    return inProgress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer");
  }
  return current("Service is ready");
}
