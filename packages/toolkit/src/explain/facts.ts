// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";

/** One thing that can be looked up. */
export type Query =
  /** An object. */
  | { readonly get: ObjectRef }
  /** The objects of a kind: of a namespace (absent: of all) and with labels (absent: whatever their labels). */
  | { readonly list: { readonly apiVersion: string; readonly kind: string }; readonly namespace?: string; readonly labelSelector?: string }
  /** The Kubernetes Events about an object. */
  | { readonly eventsOf: ObjectRef }
  /** Where what a Kustomization builds is written: of its files, when somebody has them. */
  | { readonly build: ObjectRef };

/** A file, from the root of the repository, and a line of it, from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** Where one object of a build is written. */
export interface ObjectOrigin extends Place {
  readonly kind: string;
  /** `""` where the object has none. */
  readonly namespace: string;
  readonly name: string;
  /** By path, as `spec.template.spec.containers.0.image`. */
  readonly fields: Readonly<Record<string, Place>>;
  /** By name: the first use of each variable. */
  readonly variables: Readonly<Record<string, Place>>;
}

/** What building the files gave. */
export interface BuildFact {
  readonly objects: readonly ObjectOrigin[];
  /** Where the build failed. */
  readonly failure?: { readonly message: string; readonly place?: Place };
}

/** What was found. Objects of the kind Secret hold names of keys only; a ConfigMap's too. */
export interface Answer {
  readonly query: Query;
  /** None: there is no such object. */
  readonly objects: readonly KubeObject[];
  /** Why it could not be looked up; nothing is known then. */
  readonly problem?: string;
  readonly build?: BuildFact;
}

/** All that is known when something is explained: plain data, that can be kept and explained again. */
export interface Facts {
  /** What was asked about. */
  readonly target: ObjectRef;
  /** When the facts were gathered: milliseconds since 1970. */
  readonly now: number;
  readonly answers: readonly Answer[];
}

/** Names a query: equal queries have equal keys. */
export function queryKey(query: Query): string {
  const parts = (ref: ObjectRef): readonly string[] => [ref.apiVersion, ref.kind, ref.namespace ?? "", ref.name];
  if ("get" in query) return ["get", ...parts(query.get)].join(" ");
  if ("eventsOf" in query) return ["events", ...parts(query.eventsOf)].join(" ");
  if ("build" in query) return ["build", ...parts(query.build)].join(" ");
  const { list, namespace = "", labelSelector = "" } = query;
  return ["list", list.apiVersion, list.kind, namespace, labelSelector].join(" ");
}
