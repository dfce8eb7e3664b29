// SPDX-License-Identifier: Apache-2.0
import { setKey, type JsonObject } from "@flux-ts/kube-core";
import { defaultPullPolicy } from "../image-tag.ts";
import { drop, fill, hasAt, isTrueAt, listAt, objectAt, objectIn, objectsAt, put, textAt } from "../shape.ts";
import type { TypeDefault } from "./type-default.ts";

const MODE_0644 = 420;

/** Defaults of core/v1, by type. @see kubernetes/kubernetes pkg/apis/core/v1/defaults.go */
export const coreDefaults: Readonly<Record<string, TypeDefault>> = {
  "core.v1.PodSpec": (spec) => {
    const filled = fill(spec, {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
    });
    // The two names of one field follow each other.
    const name = textAt(filled, "serviceAccountName") || textAt(filled, "serviceAccount");
    return name === "" ? filled : put(put(filled, "serviceAccountName", name), "serviceAccount", name);
  },
  "core.v1.Pod": (pod) => put(pod, "spec", defaultPodOnly(objectAt(pod, "spec"))),
  "core.v1.Container": defaultContainer,
  "core.v1.EphemeralContainer": defaultContainer,
  "core.v1.ContainerPort": (port) => fill(port, { protocol: "TCP" }),
  "core.v1.Probe": (probe) => fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  "core.v1.HTTPGetAction": (action) => fill(action, { path: "/", scheme: "HTTP" }),
  "core.v1.GRPCAction": (action) => fill(action, { service: "" }),
  "core.v1.ObjectFieldSelector": (selector) => fill(selector, { apiVersion: "v1" }),
  "core.v1.FileKeySelector": (selector) => fill(selector, { optional: false }),
  "core.v1.Volume": (volume) =>
    Object.keys(volume).some((key) => key !== "name" && hasAt(volume, key)) ? volume : put(volume, "emptyDir", {}),
  "core.v1.HostPathVolumeSource": (source) => fill(source, { type: "" }),
  "core.v1.SecretVolumeSource": (source) => fill(source, { defaultMode: MODE_0644 }),
  "core.v1.ConfigMapVolumeSource": (source) => fill(source, { defaultMode: MODE_0644 }),
  "core.v1.DownwardAPIVolumeSource": (source) => fill(source, { defaultMode: MODE_0644 }),
  "core.v1.ProjectedVolumeSource": (source) => fill(source, { defaultMode: MODE_0644 }),
  "core.v1.ServiceAccountTokenProjection": (projection) => fill(projection, { expirationSeconds: 3600 }),
  "core.v1.ImageVolumeSource": (source) => fill(source, { pullPolicy: defaultPullPolicy(textAt(source, "reference")) }),
  "core.v1.ISCSIVolumeSource": (source) => fill(source, { iscsiInterface: "default" }),
  "core.v1.ISCSIPersistentVolumeSource": (source) => fill(source, { iscsiInterface: "default" }),
  "core.v1.RBDVolumeSource": (source) => fill(source, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.v1.RBDPersistentVolumeSource": (source) => fill(source, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.v1.ScaleIOVolumeSource": (source) => fill(source, { storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.v1.ScaleIOPersistentVolumeSource": (source) => fill(source, { storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.v1.AzureDiskVolumeSource": (source) => fill(source, { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" }),
  "core.v1.Service": defaultService,
  "core.v1.ServicePort": (port) => {
    const { targetPort } = port;
    const filled = fill(port, { protocol: "TCP" });
    return targetPort === undefined || targetPort === null || targetPort === 0 || targetPort === ""
      ? put(filled, "targetPort", port["port"] ?? 0)
      : filled;
  },
  "core.v1.Secret": (secret) => mergeStringData(fill(secret, { type: "Opaque" })),
  "core.v1.PersistentVolume": (volume) => put(volume, "status", fill(objectAt(volume, "status"), { phase: "Pending" })),
  "core.v1.PersistentVolumeSpec": (spec) => fill(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
  "core.v1.PersistentVolumeClaim": (claim) => put(claim, "status", fill(objectAt(claim, "status"), { phase: "Pending" })),
  "core.v1.PersistentVolumeClaimSpec": (spec) => fill(spec, { volumeMode: "Filesystem" }),
  "core.v1.EndpointPort": (port) => fill(port, { protocol: "TCP" }),
  "core.v1.Namespace": defaultNamespace,
  "core.v1.NodeStatus": (status) => (hasAt(status, "capacity") ? fill(status, { allocatable: status["capacity"] }) : status),
  "core.v1.LimitRangeItem": defaultLimits,
  "core.v1.ReplicationController": (controller) => {
    const labels = objectAt(objectAt(objectAt(objectAt(controller, "spec"), "template"), "metadata"), "labels");
    const spec = fill(objectAt(controller, "spec"), { replicas: 1, ...(Object.keys(labels).length > 0 ? { selector: labels } : {}) });
    return inheritLabels(put(controller, "spec", spec), labels);
  },
};

/** Labels of a pod template become those of its owner, if that has none. */
export function inheritLabels(object: JsonObject, labels: JsonObject): JsonObject {
  const metadata = objectAt(object, "metadata");
  if (Object.keys(labels).length === 0 || Object.keys(objectAt(metadata, "labels")).length > 0) return object;
  return put(object, "metadata", put(metadata, "labels", labels));
}

function defaultContainer(container: JsonObject): JsonObject {
  return fill(container, {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: hasAt(container, "imagePullPolicy") ? "" : defaultPullPolicy(textAt(container, "image")),
  });
}

/** What a Pod gets, but a pod template does not. */
function defaultPodOnly(spec: JsonObject): JsonObject {
  const host = isTrueAt(spec, "hostNetwork");
  let filled = fill(spec, { enableServiceLinks: true });
  for (const key of ["containers", "initContainers"]) {
    const containers = listAt(filled, key);
    const after = objectsAt(filled, key).map((container) => requestLimits(host ? hostPorts(container) : container));
    if (after.some((container, index) => container !== containers[index])) filled = put(filled, key, after);
  }
  const resources = objectIn(filled, "resources");
  return resources && Object.keys(objectAt(resources, "limits")).length > 0
    ? put(filled, "resources", requestWhatContainersDo(resources, filled))
    : filled;
}

function requestLimits(container: JsonObject): JsonObject {
  const resources = objectAt(container, "resources");
  const limits = objectIn(resources, "limits");
  if (!limits || Object.keys(limits).length === 0) return container;
  const requests = { ...limits, ...objectAt(resources, "requests") };
  return Object.keys(requests).length === Object.keys(objectAt(resources, "requests")).length
    ? container
    : put(container, "resources", put(resources, "requests", requests));
}

function hostPorts(container: JsonObject): JsonObject {
  const ports = objectsAt(container, "ports");
  if (ports.every((port) => hasAt(port, "hostPort"))) return container;
  return put(
    container,
    "ports",
    ports.map((port) => fill(port, { hostPort: port["containerPort"] })),
  );
}

/** Pod-level requests that are not given are the limits. */
function requestWhatContainersDo(resources: JsonObject, _spec: JsonObject): JsonObject {
  return put(resources, "requests", { ...objectAt(resources, "limits"), ...objectAt(resources, "requests") });
}

function defaultService(service: JsonObject): JsonObject {
  let spec = fill(objectAt(service, "spec"), { sessionAffinity: "None", type: "ClusterIP" });
  const type = textAt(spec, "type");
  if (textAt(spec, "sessionAffinity") === "None") spec = drop(spec, "sessionAffinityConfig");
  if (
    textAt(spec, "sessionAffinity") === "ClientIP" &&
    !hasAt(objectAt(objectAt(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds")
  ) {
    spec = put(spec, "sessionAffinityConfig", { clientIP: { timeoutSeconds: 10_800 } });
  }
  const external = type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && listAt(spec, "externalIPs").length > 0);
  if (external) spec = fill(spec, { externalTrafficPolicy: "Cluster" });
  if (type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP") spec = fill(spec, { internalTrafficPolicy: "Cluster" });
  if (type === "LoadBalancer") spec = fill(spec, { allocateLoadBalancerNodePorts: true });
  const defaulted = put(service, "spec", spec);
  return type === "LoadBalancer" ? defaultIngressModes(defaulted) : defaulted;
}

function defaultIngressModes(service: JsonObject): JsonObject {
  const status = objectAt(service, "status");
  const balancer = objectAt(status, "loadBalancer");
  const ingress = objectsAt(balancer, "ingress");
  if (!ingress.some((entry) => textAt(entry, "ip") !== "" && !hasAt(entry, "ipMode"))) return service;
  const modes = ingress.map((entry) => (textAt(entry, "ip") === "" ? entry : fill(entry, { ipMode: "VIP" })));
  return put(service, "status", put(status, "loadBalancer", put(balancer, "ingress", modes)));
}

/** `stringData` is for writing only: it goes into `data`, where it wins. */
function mergeStringData(secret: JsonObject): JsonObject {
  const stringData = objectIn(secret, "stringData");
  if (!stringData) return secret;
  const data: Record<string, unknown> = { ...objectAt(secret, "data") };
  for (const [key, value] of Object.entries(stringData)) setKey(data, key, Buffer.from(String(value), "utf8").toString("base64"));
  return put(drop(secret, "stringData"), "data", data);
}

function defaultNamespace(namespace: JsonObject): JsonObject {
  const metadata = objectAt(namespace, "metadata");
  const name = textAt(metadata, "name");
  const labels = objectAt(metadata, "labels");
  const labelled =
    name === "" ? namespace : put(namespace, "metadata", put(metadata, "labels", put(labels, "kubernetes.io/metadata.name", name)));
  return put(labelled, "status", fill(objectAt(labelled, "status"), { phase: "Active" }));
}

function defaultLimits(item: JsonObject): JsonObject {
  if (textAt(item, "type") !== "Container") return item;
  const limits = { ...objectAt(item, "max"), ...objectAt(item, "default") };
  const requests = { ...objectAt(item, "min"), ...limits, ...objectAt(item, "defaultRequest") };
  return withoutEmpty(put(put(item, "default", limits), "defaultRequest", requests));
}

function withoutEmpty(item: JsonObject): JsonObject {
  let result = item;
  for (const key of ["default", "defaultRequest"]) if (Object.keys(objectAt(result, key)).length === 0) result = drop(result, key);
  return result;
}
