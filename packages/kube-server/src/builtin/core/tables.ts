// SPDX-License-Identifier: Apache-2.0
// A table: how the kinds of core/v1 but Pods are printed.
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { age } from "../table/age.ts";
import {
  ageOf,
  containersOf,
  countAt,
  firstOf,
  isBeingDeleted,
  labelsText,
  NONE,
  nameOf,
  specOf,
  statusOf,
  textOr,
  UNSET,
} from "../table/cells.ts";
import { tableOf } from "../table/columns.ts";

const keysAt = (object: JsonObject, key: string): number => Object.keys(objectAt(object, key)).length;

export const configMapTable = tableOf("core.ConfigMap", (object, now) => [
  nameOf(object),
  keysAt(object, "data") + keysAt(object, "binaryData"),
  ageOf(object, now),
]);

export const secretTable = tableOf("core.Secret", (object, now) => [
  nameOf(object),
  textAt(object, "type"),
  keysAt(object, "data"),
  ageOf(object, now),
]);

export const serviceAccountTable = tableOf("core.ServiceAccount", (object, now) => [nameOf(object), ageOf(object, now)]);

export const namespaceTable = tableOf("core.Namespace", (object, now) => [
  nameOf(object),
  textAt(statusOf(object), "phase"),
  ageOf(object, now),
]);

export const podTemplateTable = tableOf("core.PodTemplate", (object) => {
  const template = objectAt(object, "template");
  return [nameOf(object), ...containersOf(template), labelsText(objectAt(objectAt(template, "metadata"), "labels"))];
});

export const replicationControllerTable = tableOf("core.ReplicationController", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const counts = [countAt(spec, "replicas"), countAt(status, "replicas"), countAt(status, "readyReplicas")];
  return [
    nameOf(object),
    ...counts,
    ageOf(object, now),
    ...containersOf(objectAt(spec, "template")),
    labelsText(objectAt(spec, "selector")),
  ];
});

export const serviceTable = tableOf("core.Service", (object, now) => {
  const spec = specOf(object);
  const ports = objectsAt(spec, "ports").map((port) => {
    const node = countAt(port, "nodePort");
    return `${countAt(port, "port")}${node > 0 ? `:${node}` : ""}/${textAt(port, "protocol")}`;
  });
  return [
    nameOf(object),
    textAt(spec, "type"),
    textsAt(spec, "clusterIPs")[0] ?? NONE,
    externalIp(spec, statusOf(object)),
    ports.join(",") || NONE,
    ageOf(object, now),
    labelsText(objectAt(spec, "selector")),
  ];
});

function externalIp(spec: JsonObject, status: JsonObject): string {
  const own = textsAt(spec, "externalIPs");
  switch (textAt(spec, "type")) {
    case "ClusterIP":
    case "NodePort":
      return own.join(",") || NONE;
    case "LoadBalancer":
      return [...loadBalancerAddresses(status), ...own].join(",") || "<pending>";
    case "ExternalName":
      return textAt(spec, "externalName");
    default:
      return "<unknown>";
  }
}

/** Addresses of a load balancer, sorted, each once. */
export function loadBalancerAddresses(status: JsonObject): readonly string[] {
  const ingress = objectsAt(objectAt(status, "loadBalancer"), "ingress");
  return [...new Set(ingress.map((one) => textAt(one, "ip") || textAt(one, "hostname")).filter((text) => text !== ""))].sort();
}

export const endpointsTable = tableOf("core.Endpoints", (object, now) => [nameOf(object), endpointsText(object), ageOf(object, now)]);

function endpointsText(object: KubeObject): string {
  const subsets = objectsAt(object, "subsets");
  if (subsets.length === 0) return NONE;
  const all = subsets.flatMap((subset) => {
    const ips = objectsAt(subset, "addresses").map((address) => textAt(address, "ip"));
    const ports = objectsAt(subset, "ports");
    if (ports.length === 0) return ips;
    return ports.flatMap((port) => ips.map((ip) => `${ip.includes(":") ? `[${ip}]` : ip}:${countAt(port, "port")}`));
  });
  return firstOf(all, 3, all.length, "");
}

export const nodeTable = tableOf("core.Node", (object, now) => {
  const info = objectAt(statusOf(object), "nodeInfo");
  const architecture = textAt(info, "architecture");
  return [
    nameOf(object),
    nodeStatus(object),
    nodeRoles(object).join(",") || NONE,
    ageOf(object, now),
    textAt(info, "kubeletVersion"),
    nodeAddress(object, "InternalIP"),
    nodeAddress(object, "ExternalIP"),
    textAt(info, "osImage") || "<unknown>",
    (textAt(info, "kernelVersion") || "<unknown>") + (architecture === "" ? "" : ` (${architecture})`),
    textAt(info, "containerRuntimeVersion") || "<unknown>",
  ];
});

function nodeStatus(object: KubeObject): string {
  const ready = objectsAt(statusOf(object), "conditions").findLast((one) => textAt(one, "type") === "Ready");
  const status = ready ? (textAt(ready, "status") === "True" ? "Ready" : "NotReady") : "Unknown";
  return isTrueAt(specOf(object), "unschedulable") ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(object: KubeObject): readonly string[] {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.entries(object.metadata.labels ?? {}).map(([key, value]) =>
    key.startsWith(prefix) ? key.slice(prefix.length) : key === "kubernetes.io/role" ? value : "",
  );
  return [...new Set(roles.filter((role) => role !== ""))].sort();
}

function nodeAddress(object: KubeObject, type: string): string {
  return textAt(objectsAt(statusOf(object), "addresses").find((one) => textAt(one, "type") === type) ?? {}, "address") || NONE;
}

const MODE_NAMES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function modesText(owner: JsonObject): string {
  const modes = textsAt(owner, "accessModes");
  return Object.entries(MODE_NAMES)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** The class, from the annotation of old or the field. */
function classOf(object: KubeObject): string {
  return object.metadata.annotations?.[CLASS_ANNOTATION] ?? textAt(specOf(object), "storageClassName");
}

export const persistentVolumeTable = tableOf("core.PersistentVolume", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const claim = objectAt(spec, "claimRef");
  return [
    nameOf(object),
    textAt(objectAt(spec, "capacity"), "storage") || "0",
    modesText(spec),
    textAt(spec, "persistentVolumeReclaimPolicy"),
    isBeingDeleted(object) ? "Terminating" : textAt(status, "phase"),
    hasAt(spec, "claimRef") ? `${textAt(claim, "namespace")}/${textAt(claim, "name")}` : "",
    classOf(object),
    textOr(spec, "volumeAttributesClassName", UNSET),
    textAt(status, "reason"),
    ageOf(object, now),
    textOr(spec, "volumeMode", UNSET),
  ];
});

export const persistentVolumeClaimTable = tableOf("core.PersistentVolumeClaim", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const isBound = textAt(spec, "volumeName") !== "";
  return [
    nameOf(object),
    isBeingDeleted(object) ? "Terminating" : textAt(status, "phase"),
    textAt(spec, "volumeName"),
    isBound ? textAt(objectAt(status, "capacity"), "storage") || "0" : "",
    isBound ? modesText(status) : "",
    classOf(object),
    textOr(spec, "volumeAttributesClassName", UNSET),
    ageOf(object, now),
    textOr(spec, "volumeMode", UNSET),
  ];
});

/** Works for Events of both groups in the form of core/v1. */
export const eventTable = tableOf("core.Event", (object, now) => {
  const involved = objectAt(object, "involvedObject");
  const series = hasAt(object, "series") ? objectAt(object, "series") : undefined;
  const first = age(textAt(object, "firstTimestamp") || textAt(object, "eventTime"), now);
  const last = series
    ? age(textAt(series, "lastObservedTime"), now)
    : hasAt(object, "lastTimestamp")
      ? age(textAt(object, "lastTimestamp"), now)
      : first;
  const kind = textAt(involved, "kind").toLowerCase();
  const source = objectAt(object, "source");
  const component = textAt(source, "component") || textAt(object, "reportingComponent");
  const instance = textAt(source, "host") || textAt(object, "reportingInstance");
  return [
    last,
    textAt(object, "type"),
    textAt(object, "reason"),
    textAt(involved, "name") === "" ? kind : `${kind}/${textAt(involved, "name")}`,
    textAt(involved, "fieldPath"),
    instance === "" ? component : `${component}, ${instance}`,
    textAt(object, "message").trim(),
    first,
    series ? countAt(series, "count") : countAt(object, "count") || 1,
    nameOf(object),
  ];
});

export const resourceQuotaTable = tableOf("core.ResourceQuota", (object, now) => {
  const status = statusOf(object);
  const [hard, used] = [objectAt(status, "hard"), objectAt(status, "used")];
  const line = (names: readonly string[]): string =>
    names.map((name) => `${name}: ${textAt(used, name) || "0"}/${textAt(hard, name) || "0"}`).join(", ");
  const names = Object.keys(hard).sort();
  return [
    nameOf(object),
    line(names.filter((name) => !name.startsWith("limits."))),
    line(names.filter((name) => name.startsWith("limits."))),
    ageOf(object, now),
  ];
});

export const componentStatusTable = tableOf("core.ComponentStatus", (object) => {
  const healthy = objectsAt(object, "conditions").find((one) => textAt(one, "type") === "Healthy");
  const status = healthy ? (textAt(healthy, "status") === "True" ? "Healthy" : "Unhealthy") : "Unknown";
  return [nameOf(object), status, textAt(healthy ?? {}, "message"), textAt(healthy ?? {}, "error")];
});
