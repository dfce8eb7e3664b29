// SPDX-License-Identifier: Apache-2.0
import { toTimestamp, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { isSameBySchema } from "../../codec/same-by-schema.ts";
import { schemaOfType } from "../schema.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { drop, hasAt, isTrueAt, listAt, numberAt, objectAt, objectsAt, put, textAt } from "../shape.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { trimmedImage } from "./containers.ts";
import { podAnnotationChanges, podAnnotations } from "./pod-annotations.ts";
import { podSpec } from "./pod-spec.ts";
import { podTable } from "./pod-table.ts";
import { podChanges } from "./pod-update.ts";
import { podWarnings } from "./pod-warnings.ts";
import { qosClass } from "./qos-class.ts";

const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");
const statusOf = (object: KubeObject): JsonObject => objectAt(object, "status");

/** v1 Pod. */
export const pod: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: podTable,
  fieldSelectors: {
    "spec.nodeName": (object) => textAt(specOf(object), "nodeName"),
    "spec.restartPolicy": (object) => textAt(specOf(object), "restartPolicy"),
    "spec.schedulerName": (object) => textAt(specOf(object), "schedulerName"),
    "spec.serviceAccountName": (object) => textAt(specOf(object), "serviceAccountName"),
    "spec.hostNetwork": (object) => String(isTrueAt(specOf(object), "hostNetwork")),
    "status.phase": (object) => textAt(statusOf(object), "phase"),
    "status.podIP": (object) => textAt(objectsAt(statusOf(object), "podIPs")[0] ?? {}, "ip"),
    "status.podIPs": (object) => textAt(objectsAt(statusOf(object), "podIPs")[0] ?? {}, "ip"),
    "status.nominatedNodeName": (object) => textAt(statusOf(object), "nominatedNodeName"),
  },
  resetFields: { "": [["f:status"]], status: [["f:spec"], ["f:metadata", "f:deletionTimestamp"], ["f:metadata", "f:ownerReferences"]] },
  strategy: {
    applyDefaults: (object) =>
      (numberAt(specOf(object), "terminationGracePeriodSeconds") ?? 0) < 0
        ? { ...object, spec: put(specOf(object), "terminationGracePeriodSeconds", 1) }
        : object,
    prepareCreate: (object, context) => ({ ...object, spec: withoutDisabled(specOf(object)), status: firstStatus(object, context.now) }),
    prepareUpdate: (object) => ({ ...object, spec: withoutDisabled(specOf(object)) }),
    prepareStatusUpdate: (object, old) => {
      const status = statusOf(object);
      const kept =
        textAt(status, "qosClass") === "" && textAt(statusOf(old), "qosClass") !== ""
          ? put(status, "qosClass", textAt(statusOf(old), "qosClass"))
          : status;
      return { ...object, status: kept };
    },
    validate: (object) =>
      problemsOf((problems) => {
        podObject(object, problems);
        if (listAt(specOf(object), "ephemeralContainers").length > 0)
          problems.forbidden("spec.ephemeralContainers", "cannot be set on create");
        if (textAt(specOf(object), "nodeName") !== "" && listAt(specOf(object), "schedulingGates").length > 0) {
          problems.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
      }),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        podAnnotationChanges(object, old, problems);
        podObject(object, problems);
        podChanges(specOf(object), specOf(old), problems);
      }),
    validateStatusUpdate: (object, old) => problemsOf((problems) => statusChanges(object, old, problems)),
    warnings: (object, old) => (old ? [] : podWarnings(object, "")),
    changesGeneration: (object, old) => !isSameBySchema(schemaOfType("core.v1.PodSpec"), object["spec"], old["spec"]),
  },
};

/** The feature gate GenericWorkload is off: its field falls away. */
function withoutDisabled(spec: JsonObject): JsonObject {
  return drop(spec, "schedulingGroup");
}

function firstStatus(object: KubeObject, now: number): JsonObject {
  const status = { phase: "Pending", qosClass: qosClass(specOf(object)) };
  if (listAt(specOf(object), "schedulingGates").length === 0) return status;
  const gated = {
    type: "PodScheduled",
    status: "False",
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
    lastProbeTime: null,
    lastTransitionTime: toTimestamp(now),
  };
  return { ...status, conditions: [gated] };
}

function podObject(object: KubeObject, problems: Problems): void {
  const spec = specOf(object);
  podAnnotations(objectAt(objectAt(object, "metadata"), "annotations"), spec, "metadata.annotations", problems);
  podSpec(spec, { isPod: true, name: object.metadata.name ?? "" }, "spec", problems);
  if (textAt(spec, "serviceAccountName") === "") {
    objectsAt(spec, "volumes").forEach((volume, index) =>
      objectsAt(objectAt(volume, "projected"), "sources").forEach((source, position) => {
        const path = `spec.volumes[${index}].projected.sources[${position}].serviceAccountToken`;
        if (hasAt(source, "serviceAccountToken")) problems.forbidden(path, "must not be specified when serviceAccountName is not set");
      }),
    );
  }
  for (const kind of ["containers", "initContainers"])
    objectsAt(spec, kind).forEach((container, index) => trimmedImage(container, `spec.${kind}[${index}]`, problems));
}

function statusChanges(object: KubeObject, old: KubeObject, problems: Problems): void {
  const [status, before] = [statusOf(object), statusOf(old)];
  if (textAt(before, "qosClass") !== "" && textAt(before, "qosClass") !== textAt(status, "qosClass")) {
    problems.invalid("status.qosClass", textAt(status, "qosClass"), "field is immutable");
  }
}
