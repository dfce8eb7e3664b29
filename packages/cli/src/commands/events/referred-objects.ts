// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import { isJsonObject } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import type { FluxKind } from "../kinds.ts";
import { commandKinds, referTo } from "../kinds.ts";

/** An object whose events belong to those of another. */
export interface ReferredObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Where the specs of kinds hold what their objects are made from. */
interface ReferenceRule {
  readonly path: readonly string[];
  /** The kind referred to, where the reference does not say. */
  readonly kind?: string;
  readonly crossesNamespaces?: boolean;
  /** More objects, in the namespace of the one referred to. */
  readonly others?: (namespace: string, name: string) => readonly Omit<ReferredObject, "namespace">[];
}

const RULES: Readonly<Record<string, ReferenceRule>> = {
  Kustomization: { path: ["spec", "sourceRef"], crossesNamespaces: true },
  HelmRelease: {
    path: ["spec", "chart", "spec", "sourceRef"],
    crossesNamespaces: true,
    others: (namespace, name) => [{ kind: "HelmChart", name: `${namespace}-${name}` }],
  },
  Alert: { path: ["spec", "providerRef"], kind: "Provider" },
  ImagePolicy: { path: ["spec", "imageRepositoryRef"], kind: "ImageRepository", crossesNamespaces: true },
  HelmChart: { path: ["spec", "sourceRef"], crossesNamespaces: true },
};

/** @throws {CommandError} for what is no kind of Flux; upper and lower case do not matter */
export function kindWithEvents(name: string): FluxKind {
  const found = commandKinds.find((kind) => hasEvents(kind.kind) && kind.kind.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new CommandError(`'${name}' is not a recognized Flux kind`);
  return found;
}

/** Whether events of objects of a kind are printed. */
export function hasEvents(kind: string): boolean {
  return kind.toLowerCase() !== "externalartifact" && commandKinds.some((one) => one.kind.toLowerCase() === kind.toLowerCase());
}

/**
 * What an object is made from.
 * @throws {CommandError} when a reference lacks its kind or name
 * @throws {ApiError} when the object is not there
 * @see cmd/flux/events.go getObjectRef
 */
export async function referredObjects(
  client: Client,
  kind: FluxKind,
  name: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<readonly ReferredObject[]> {
  const rule = RULES[kind.kind];
  if (rule === undefined) return [];
  const object: unknown = await client.get(referTo(kind, namespace, name), signal === undefined ? {} : { signal });
  const text = (field: string): string | undefined => {
    const value = [...rule.path, field].reduce<unknown>((at, key) => (isJsonObject(at) ? at[key] : undefined), object);
    return typeof value === "string" ? value : undefined;
  };
  const required = (field: string): string => {
    const value = text(field);
    if (value === undefined) throw new CommandError(`field '${[...rule.path, field].join(".")}' for '${namespace}/${name}' not found`);
    return value;
  };
  const referredKind = rule.kind ?? required("kind");
  const referredName = required("name");
  const place = (rule.crossesNamespaces === true ? text("namespace") : undefined) ?? namespace;
  const others = rule.others?.(namespace, name) ?? [];
  return [{ kind: referredKind, name: referredName }, ...others].map((each) => ({ ...each, namespace: place }));
}
