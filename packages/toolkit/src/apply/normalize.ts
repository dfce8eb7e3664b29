// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isCustomResourceDefinition } from "./kinds.ts";
import { withoutBadCaBundle } from "./ca-bundle.ts";
import { roundTrip } from "./shapes/round-trip.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object as Flux sends it: built-in kinds as Go writes them (see {@link roundTrip}), ports with their default
 * protocol, Secrets with `data` in place of `stringData`, no status (a CRD keeps its own), no creation time.
 *
 * Roles and ClusterRoles are sent as they stand.
 *
 * @see fluxcd/pkg ssa/normalize; spec G-KUS-7
 */
export function normalize(object: KubeObject): KubeObject {
  const { apiVersion, kind } = object;
  if (apiVersion === "rbac.authorization.k8s.io/v1" && (kind === "Role" || kind === "ClusterRole")) return object;
  const typed = roundTrip(object);
  const fixed = typed === undefined ? object : fixKind(typed as unknown as KubeObject);
  const { creationTimestamp: _, ...metadata } = fixed.metadata;
  const { status, ...rest } = fixed;
  const normalized: KubeObject = { ...rest, apiVersion, kind, metadata };
  if (!isCustomResourceDefinition(object)) return normalized;
  return withoutBadCaBundle(status === undefined ? normalized : { ...normalized, status });
}

/** Where a kind holds the spec of its pods. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  "v1/Pod": ["spec"],
  "apps/v1/Deployment": ["spec", "template", "spec"],
  "apps/v1/StatefulSet": ["spec", "template", "spec"],
  "apps/v1/DaemonSet": ["spec", "template", "spec"],
  "apps/v1/ReplicaSet": ["spec", "template", "spec"],
  "batch/v1/Job": ["spec", "template", "spec"],
  "batch/v1/CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

function fixKind(object: KubeObject): KubeObject {
  const kind = `${object.apiVersion}/${object.kind}`;
  if (kind === "v1/Secret") return fixSecret(object);
  if (kind === "v1/Service") return mapAt(object, ["spec"], (spec) => withProtocols(spec, "ports"));
  const path = POD_SPECS[kind];
  if (path === undefined) return object;
  // Init containers are left alone, as upstream leaves them.
  return mapAt(object, path, (spec) => mapList(spec, "containers", (container) => withProtocols(container, "ports")));
}

function fixSecret(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (!isObject(stringData) || Object.keys(stringData).length === 0) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")] as const);
  return { ...rest, data: { ...(isObject(rest["data"]) ? rest["data"] : {}), ...Object.fromEntries(encoded) } } as unknown as KubeObject;
}

/** The list map keys of ports are port and protocol, and the protocol may be left out: server-side apply needs it. */
function withProtocols(holder: JsonObject, field: string): JsonObject {
  return mapList(holder, field, (port) =>
    port["protocol"] === undefined || port["protocol"] === "" ? { ...port, protocol: "TCP" } : port,
  );
}

function mapList(holder: JsonObject, field: string, map: (item: JsonObject) => JsonObject): JsonObject {
  const list = holder[field];
  if (!Array.isArray(list)) return holder;
  return { ...holder, [field]: list.map((item: unknown) => (isObject(item) ? map(item) : item)) };
}

function mapAt<T extends JsonObject>(value: T, path: readonly string[], map: (value: JsonObject) => JsonObject): T {
  const [first, ...rest] = path;
  if (first === undefined) return map(value) as T;
  const inner = value[first];
  return isObject(inner) ? { ...value, [first]: mapAt(inner, rest, map) } : value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
