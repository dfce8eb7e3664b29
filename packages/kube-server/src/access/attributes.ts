// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@flux-ts/kube-core";
import type { RequestInfo } from "../request/request-info.ts";

/** What somebody wants to do. */
export type Attributes =
  | {
      readonly kind: "resource";
      readonly identity: Identity;
      readonly verb: string;
      /** `""` for all namespaces and cluster-scoped resources. */
      readonly namespace: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly name: string;
    }
  | { readonly kind: "path"; readonly identity: Identity; readonly verb: string; readonly path: string };

export function attributesOf(info: RequestInfo, identity: Identity): Attributes {
  if (!info.isResource) return { kind: "path", identity, verb: info.verb, path: info.path };
  const { verb, namespace, group, resource, subresource, name } = info;
  return { kind: "resource", identity, verb, namespace, group, resource, subresource, name };
}

/** `deployments/scale` */
export function resourceText({ resource, subresource }: { readonly resource: string; readonly subresource: string }): string {
  return subresource === "" ? resource : `${resource}/${subresource}`;
}
