// SPDX-License-Identifier: Apache-2.0
import { stringifyYaml } from "@flux-ts/kube-core";
import { joinPath } from "./clean-path.ts";

/** Where a resource, or the transformer that changed it, comes from. What is empty is left out. */
export interface Origin {
  readonly path?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: { readonly apiVersion: string; readonly kind: string; readonly name?: string; readonly namespace?: string };
}

export const originAnnotation = "config.kubernetes.io/origin";
export const transformationsAnnotation = "alpha.config.kubernetes.io/transformations";

/** The origin of what lies at `path` below this one; a remote base starts anew. */
export function appendToOrigin(
  origin: Origin,
  path: string,
  remote?: { readonly repo: string; readonly ref: string; readonly path: string },
): Origin {
  if (remote === undefined) return { ...origin, path: joinPath(origin.path ?? "", path) };
  return { ...origin, repo: remote.repo, ref: remote.ref, path: joinPath(remote.path) };
}

/** The origin of what a plugin makes or changes, which a resource configures or (without one) a field of the kustomization. */
export function configuredOrigin(origin: Origin, configuredIn: string, configuredBy: NonNullable<Origin["configuredBy"]>): Origin {
  return {
    ...(origin.repo === undefined ? {} : { repo: origin.repo }),
    ...(origin.ref === undefined ? {} : { ref: origin.ref }),
    configuredIn,
    configuredBy,
  };
}

export function formatOrigin(origin: Origin | readonly Origin[]): string {
  const plain = (one: Origin): object => ({
    path: one.path || undefined,
    repo: one.repo || undefined,
    ref: one.ref || undefined,
    configuredIn: one.configuredIn || undefined,
    configuredBy: one.configuredBy === undefined ? undefined : withoutEmpty(one.configuredBy),
  });
  const value = Array.isArray(origin) ? (origin as readonly Origin[]).map(plain) : plain(origin as Origin);
  return stringifyYaml(value, { sortKeys: false, width: Infinity });
}

function withoutEmpty(by: NonNullable<Origin["configuredBy"]>): object {
  return {
    apiVersion: by.apiVersion || undefined,
    kind: by.kind || undefined,
    name: by.name || undefined,
    namespace: by.namespace || undefined,
  };
}
