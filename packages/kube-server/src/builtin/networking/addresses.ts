// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, pathSegmentProblems, type JsonObject } from "@flux-ts/kube-core";
import { ipProblem } from "../core/ip-address.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { objectAt, objectIn, textAt, textsAt } from "../shape.ts";
import { keepMetadata } from "../status-metadata.ts";
import { ipAddressTable, serviceCidrTable } from "../table/other-tables.ts";
import { immutable } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { IMMUTABLE } from "../validation/scalars.ts";
import { cidr } from "./cidr.ts";
import { requireSegments } from "./typed-reference.ts";

/** networking.k8s.io/v1 IPAddress. */
export const ipAddress: KindBehaviour = {
  printer: ipAddressTable,
  strategy: {
    nameProblems: (name) => problemsOf((problems) => ipProblem(name, "", problems)).map((problem) => problem.detail),
    validate: (object) => problemsOf((problems) => parentReference(objectIn(objectAt(object, "spec"), "parentRef"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => immutable(objectAt(object, "spec"), objectAt(old, "spec"), "spec", problems, "parentRef")),
  },
};

function parentReference(parent: JsonObject | undefined, problems: Problems): void {
  const path = "spec.parentRef";
  if (!parent) return problems.required(path);
  const [group, namespace] = [textAt(parent, "group"), textAt(parent, "namespace")];
  if (group !== "") problems.invalidFor(`${path}.group`, group, dns1123SubdomainProblems(group));
  requireSegments(parent, path, problems, "resource", "name");
  if (namespace !== "") problems.invalidFor(`${path}.namespace`, namespace, pathSegmentProblems(namespace));
}

/** networking.k8s.io/v1 ServiceCIDR. */
export const serviceCidr: KindBehaviour = {
  printer: serviceCidrTable,
  resetFields: { "": [["f:status"]], status: [["f:metadata"], ["f:spec"]] },
  strategy: {
    prepareStatusUpdate: keepMetadata,
    validate: (object) => problemsOf((problems) => ranges(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => rangeChanges(objectAt(object, "spec"), textsAt(objectAt(old, "spec"), "cidrs"), problems)),
  },
};

function ranges(spec: JsonObject, problems: Problems): void {
  const [path, all] = ["spec.cidrs", textsAt(spec, "cidrs")] as const;
  if (all.length === 0) return problems.required(path, "at least one CIDR required");
  if (all.length > 2) return problems.invalid(path, { CIDRs: all }, "may only hold up to 2 values");
  all.forEach((range, index) => cidr(range, `${path}[${index}]`, problems));
  if (all.length === 2 && all[0]?.includes(":") === all[1]?.includes(":")) {
    problems.invalid(path, all, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
  }
}

function rangeChanges(spec: JsonObject, before: readonly string[], problems: Problems): void {
  const [path, now] = ["spec.cidrs", textsAt(spec, "cidrs")] as const;
  const grows = before.length === 1 && now.length === 2;
  if (before.length !== now.length && !grows) return problems.invalid(path, now, IMMUTABLE);
  before.forEach((range, index) => void (range === now[index] || problems.invalid(`${path}[${index}]`, now[index], IMMUTABLE)));
  if (grows) ranges(spec, problems);
}
