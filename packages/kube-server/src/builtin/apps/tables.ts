// SPDX-License-Identifier: Apache-2.0
import { formatLabelSelector, labelSelectorOf, parseApiVersion, type JsonObject, type LabelSelectorObject } from "@flux-ts/kube-core";
import { objectAt, objectIn } from "../shape.ts";
import { ageOf, containersOf, countAt, labelsText, NONE, nameOf, selectorText, specOf, statusOf } from "../table/cells.ts";
import { tableOf } from "../table/columns.ts";

const templateOf = (spec: JsonObject): JsonObject => objectAt(spec, "template");

export const deploymentTable = tableOf("apps.Deployment", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  return [
    nameOf(object),
    `${countAt(status, "readyReplicas")}/${countAt(spec, "replicas")}`,
    countAt(status, "updatedReplicas"),
    countAt(status, "availableReplicas"),
    ageOf(object, now),
    ...containersOf(templateOf(spec)),
    deploymentSelector(spec),
  ];
});

/** Unlike elsewhere, a selector of everything is empty here. */
function deploymentSelector(spec: JsonObject): string {
  try {
    // A decoded object has the shape; what is wrong inside makes labelSelectorOf throw.
    return formatLabelSelector(labelSelectorOf(objectIn(spec, "selector") as LabelSelectorObject | undefined));
  } catch {
    return "<invalid>";
  }
}

export const replicaSetTable = tableOf("apps.ReplicaSet", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const counts = [countAt(spec, "replicas"), countAt(status, "replicas"), countAt(status, "readyReplicas")];
  return [nameOf(object), ...counts, ageOf(object, now), ...containersOf(templateOf(spec)), selectorText(spec)];
});

export const statefulSetTable = tableOf("apps.StatefulSet", (object, now) => {
  const spec = specOf(object);
  const ready = `${countAt(statusOf(object), "readyReplicas")}/${countAt(spec, "replicas")}`;
  return [nameOf(object), ready, ageOf(object, now), ...containersOf(templateOf(spec))];
});

export const daemonSetTable = tableOf("apps.DaemonSet", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const counts = ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable"].map(
    (key) => countAt(status, key),
  );
  const nodes = labelsText(objectAt(objectAt(templateOf(spec), "spec"), "nodeSelector"));
  return [nameOf(object), ...counts, nodes, ageOf(object, now), ...containersOf(templateOf(spec)), selectorText(spec)];
});

export const controllerRevisionTable = tableOf("apps.ControllerRevision", (object, now) => {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
  const { group } = parseApiVersion(owner?.apiVersion ?? "");
  const kind = group === "" ? (owner?.kind ?? "") : `${owner?.kind ?? ""}.${group}`;
  return [nameOf(object), owner ? `${kind.toLowerCase()}/${owner.name}` : NONE, countAt(object, "revision"), ageOf(object, now)];
});
