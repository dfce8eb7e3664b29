// SPDX-License-Identifier: Apache-2.0
import { toApiVersion } from "@flux-ts/kube-core";

/** Where types live: the prefix of their names in the type table, in OpenAPI documents, and the API group they are served in. */
export interface TypePackage {
  readonly short: string;
  readonly openApi: string;
  readonly group: string;
  readonly version: string;
}

const GROUPS: Readonly<Record<string, string>> = {
  core: "",
  apps: "apps",
  batch: "batch",
  autoscaling: "autoscaling",
  policy: "policy",
  networking: "networking.k8s.io",
  rbac: "rbac.authorization.k8s.io",
  coordination: "coordination.k8s.io",
  discovery: "discovery.k8s.io",
  storage: "storage.k8s.io",
  scheduling: "scheduling.k8s.io",
  node: "node.k8s.io",
  events: "events.k8s.io",
  authentication: "authentication.k8s.io",
  authorization: "authorization.k8s.io",
  admissionregistration: "admissionregistration.k8s.io",
  certificates: "certificates.k8s.io",
  flowcontrol: "flowcontrol.apiserver.k8s.io",
  resource: "resource.k8s.io",
  apiextensions: "apiextensions.k8s.io",
  apiregistration: "apiregistration.k8s.io",
  meta: "meta.k8s.io",
};

const OPENAPI_ROOTS: Readonly<Record<string, string>> = {
  meta: "io.k8s.apimachinery.pkg.apis.meta",
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

const PACKAGES_BY_GROUP: ReadonlyMap<string, string> = new Map(Object.entries(GROUPS).map(([name, group]) => [group, name]));

/** `apps/v1`, `Deployment` → `apps.v1.Deployment`: its name in the type table, if there is such a package. */
export function typeNameOf(group: string, version: string, kind: string): string | undefined {
  const name = PACKAGES_BY_GROUP.get(group);
  return name === undefined ? undefined : `${name}.${version}.${kind}`;
}

/** `core.v1.PodSpec` → `io.k8s.api.core.v1.PodSpec`. */
export function openApiNameOf(typeName: string): string {
  const [name = "", ...rest] = typeName.split(".");
  return [OPENAPI_ROOTS[name] ?? `io.k8s.api.${name}`, ...rest].join(".");
}

/** `io.k8s.api.core.v1.PodSpec` → `core.v1.PodSpec`; undefined for names of other packages. */
export function typeNameOfSchema(openApiName: string): string | undefined {
  const [name = "", ...rest] = openApiName.split(".").slice(-3);
  return openApiNameOf([name, ...rest].join(".")) === openApiName && Object.hasOwn(GROUPS, name) ? [name, ...rest].join(".") : undefined;
}

/** `rbac.v1.Role` → group, version and kind. */
export function gvkOfType(typeName: string): { group: string; version: string; kind: string } {
  const [name = "", version = "", kind = ""] = typeName.split(".");
  return { group: GROUPS[name] ?? name, version, kind };
}

/** `apps.v1.Deployment` → `apps/v1`. */
export function apiVersionOfType(typeName: string): string {
  const { group, version } = gvkOfType(typeName);
  return toApiVersion(group, version);
}
