// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { conditionsOf } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, failed, inProgress } from "../result.ts";

/** Current when its objects can be created, failed when its names are taken. */
export function customResourceDefinitionStatus(definition: KubeObject): ComputedStatus {
  for (const { type, status, reason, message } of conditionsOf(definition)) {
    if (type === "NamesAccepted" && status === "False") return failed(reason, message);
    if (type !== "Established") continue;
    if (status === "False" && reason !== "Installing") return failed(reason, message);
    if (status === "True") return current("CRD is established");
  }
  return inProgress("Installing", "Install in progress");
}
