// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseGoTypes, type GoField, type GoType } from "./go-types.ts";

/** Groups whose unversioned types are printed in error messages, with the version whose field names they have in JSON. */
const INTERNAL_GROUPS: Readonly<Record<string, string>> = {
  core: "v1",
  apps: "v1",
  batch: "v1",
  autoscaling: "v2",
  networking: "v1",
  policy: "v1",
  rbac: "v1",
  storage: "v1",
  discovery: "v1",
  authorization: "v1",
};

/** Where printing starts: whatever these hold comes along. */
const ROOTS: readonly string[] = [
  "core.PodTemplateSpec", "core.ServicePort", "core.Taint", "core.PersistentVolumeClaimSpec", "core.PersistentVolumeSpec", "core.EndpointAddress", "core.LimitRangeItem",
  "apps.DeploymentSpec", "apps.DaemonSetSpec", "apps.StatefulSetSpec", "batch.JobSpec", "batch.CronJobSpec", "autoscaling.HorizontalPodAutoscalerSpec",
  "networking.NetworkPolicySpec", "networking.IngressSpec", "networking.IngressClassSpec", "policy.PodDisruptionBudgetSpec", "rbac.RoleRef", "rbac.PolicyRule",
  "rbac.Subject", "storage.StorageClass", "storage.CSIDriverSpec", "discovery.EndpointSlice", "authorization.SubjectAccessReviewSpec",
]; // prettier-ignore

const IMPORTS: Readonly<Record<string, string>> = { api: "core", core: "core", apps: "apps", networking: "networking" };

/**
 * One line for each unversioned type that may be printed: `GoName=json:type` with `;` between, `+` before an embedded
 * one, `*` for a pointer. The type `_` prints as JSON does.
 */
export function encodeInternalTypes(kubernetes: string, versioned: ReadonlyMap<string, { readonly type: GoType }>): Map<string, string> {
  const types = new Map<string, { readonly type: GoType; readonly group: string }>();
  for (const group of Object.keys(INTERNAL_GROUPS)) {
    const source = readFileSync(join(kubernetes, "pkg/apis", group, "types.go"), "utf8");
    for (const [name, type] of parseGoTypes(source)) types.set(`${group}.${name}`, { type, group });
  }
  const lines = new Map<string, string>();
  const queue = [...ROOTS];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const found = types.get(name);
    if (lines.has(name) || found?.type.kind !== "struct") continue;
    const names = jsonNames(name, versioned);
    const fields = found.type.fields.map((field) => {
      const type = encodeType(field.goType, found.group, types);
      queue.push(...type.split(/[[\]{}]+/).filter((part) => types.has(part)));
      const isMeta = field.goType === "metav1.ObjectMeta" || field.goType === "metav1.TypeMeta";
      const sign = isEmbedded(field) ? "+" : "";
      const json = isMeta
        ? field.goType === "metav1.ObjectMeta"
          ? "metadata"
          : "-"
        : (names.get(field.goName) ?? lowerFirst(field.goName));
      return `${sign}${field.goName}${field.goType.startsWith("*") ? "*" : ""}=${json}:${type}`;
    });
    lines.set(name, fields.filter((field) => !field.includes("=-:")).join(";"));
  }
  return lines;
}

function isEmbedded(field: GoField): boolean {
  return field.inline || (field.goType.split(".").at(-1) === field.goName && field.json === "");
}

/** Go names of the fields of the versioned type of the same name, with their names in JSON. */
function jsonNames(name: string, versioned: ReadonlyMap<string, { readonly type: GoType }>): ReadonlyMap<string, string> {
  const [group = "", kind = ""] = name.split(".");
  const type = versioned.get(`${group}.${INTERNAL_GROUPS[group] ?? "v1"}.${kind}`)?.type;
  return new Map(type?.kind === "struct" ? type.fields.filter((field) => !field.inline).map((field) => [field.goName, field.json]) : []);
}

function encodeType(goType: string, group: string, types: ReadonlyMap<string, { readonly type: GoType }>): string {
  if (goType.startsWith("*")) return encodeType(goType.slice(1), group, types);
  if (goType === "[]byte") return "y";
  if (goType.startsWith("[]")) return `[]${encodeType(goType.slice(2), group, types)}`;
  if (goType.startsWith("map[")) return `{}${encodeType(goType.slice(goType.indexOf("]") + 1), group, types)}`;
  if (goType === "string") return "s";
  if (goType === "bool") return "b";
  if (/^(int|float)\d*$/.test(goType)) return "i";
  const [pkg, name] = goType.includes(".") ? goType.split(".") : [group, goType];
  if (goType === "resource.Quantity") return "q";
  if (goType === "intstr.IntOrString") return "x";
  if (goType === "types.UID" || goType === "types.NodeName") return "s";
  const full = `${goType.includes(".") ? IMPORTS[pkg ?? ""] : pkg}.${name}`;
  const found = types.get(full);
  if (!found) return "_";
  if (found.type.kind === "struct") return full;
  return encodeType(found.type.goType, full.split(".")[0] ?? group, types);
}

/** `DNSPolicy` → `dnsPolicy`, `HostPID` → `hostPID`. */
function lowerFirst(goName: string): string {
  const capitals = /^[A-Z]+/.exec(goName)?.[0].length ?? 0;
  const count = capitals > 1 && capitals < goName.length ? capitals - 1 : Math.max(capitals, 1);
  return goName.slice(0, count).toLowerCase() + goName.slice(count);
}
