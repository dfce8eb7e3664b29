// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { hasAt, textAt, textsAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";
import { ipProblem, isIp } from "./ip-address.ts";

const FAMILIES: readonly string[] = ["IPv4", "IPv6"];
const POLICIES: readonly string[] = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** Cluster IPs, families and their policy must fit together. @see kubernetes pkg/apis/core/validation ValidateServiceClusterIPsRelatedFields */
export function clusterIpFields(spec: JsonObject, problems: Problems): void {
  if (textAt(spec, "type") === "ExternalName") return;
  const [one, all] = [textAt(spec, "clusterIP"), textsAt(spec, "clusterIPs")];
  const path = "spec.clusterIPs";
  if (one !== "" && all.length === 0) problems.required(path);
  else if (one !== "" && all[0] !== one) problems.invalid(path, all, "first value must match `clusterIP`");
  else if (one === "" && all.length > 0) problems.invalid(path, all, "must be empty when `clusterIP` is not specified");
  const families = textsAt(spec, "ipFamilies");
  families.forEach((family, index) => {
    if (!FAMILIES.includes(family)) problems.notSupported(`spec.ipFamilies[${index}]`, family, FAMILIES);
    if (families.indexOf(family) < index) problems.duplicate(`spec.ipFamilies[${index}]`, family);
  });
  if (hasAt(spec, "ipFamilyPolicy") && !POLICIES.includes(textAt(spec, "ipFamilyPolicy"))) {
    problems.notSupported("spec.ipFamilyPolicy", spec["ipFamilyPolicy"], POLICIES);
  }
  const isHeadless = all[0] === "None";
  if (isHeadless && all.length > 1) problems.invalid(path, all, "'None' must be the first and only value");
  const ips = isHeadless ? all.slice(1) : all;
  ips.forEach((ip, index) => ipProblem(ip, `${path}[${isHeadless ? index + 1 : index}]`, problems));
  if (all.length > 2) problems.invalid(path, all, "may only hold up to 2 values");
  if ((isHeadless && all.length > 1) || ips.some((ip) => !isIp(ip))) return;
  if (all.length > 1 && new Set(all.map((ip) => ip.includes(":"))).size < 2)
    problems.invalid(path, all, "may specify no more than one IP for each IP family");
  if (!isHeadless) familiesFit(all, families, problems);
}

function familiesFit(ips: readonly string[], families: readonly string[], problems: Problems): void {
  ips.forEach((ip, index) => {
    const family = families[index];
    const isSix = ip.includes(":");
    if ((family === "IPv4" && isSix) || (family === "IPv6" && !isSix)) {
      problems.invalid(`spec.clusterIPs[${index}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``);
    }
  });
}

/** What a change may not do to addresses that have been given. */
export function clusterIpChanges(spec: JsonObject, old: JsonObject, problems: Problems): void {
  if (textAt(spec, "type") === "ExternalName" || textAt(old, "type") === "ExternalName") return;
  const [now, before] = [textsAt(spec, "clusterIPs"), textsAt(old, "clusterIPs")];
  const [headless, wasHeadless] = [now[0] === "None", before[0] === "None"];
  if (headless && wasHeadless) return;
  const change = (index: number): void => problems.invalid(`spec.clusterIPs[${index}]`, now, "may not change once set");
  if (now.length === before.length) before.forEach((ip, index) => void (ip !== now[index] && change(index)));
  else if (now.length === 0) problems.invalid("spec.clusterIPs[0]", now, "primary clusterIP can not be unset");
  else if (before.length > 0 && now[0] !== before[0]) change(0);
  if (headless !== wasHeadless || headless) return;
  const [families, oldFamilies] = [textsAt(spec, "ipFamilies"), textsAt(old, "ipFamilies")];
  if (oldFamilies.length > 0 && families.length > 0 && families[0] !== oldFamilies[0]) {
    problems.invalid("spec.ipFamilies[0]", families.length === oldFamilies.length ? families : now, "may not change once set");
  }
}
