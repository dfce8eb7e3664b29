// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { parseYamlDocuments } from "@flux-ts/kube-core";
import { isKustomizeFile } from "./kinds.ts";

/**
 * The Kubernetes objects among parsed documents: lists are taken apart, what has no apiVersion, kind or name is dropped,
 * and so is a `kustomization.yaml`.
 * @see fluxcd/pkg ssa/utils ReadObjects; spec G-KUS-7
 */
export function selectObjects(documents: readonly unknown[]): readonly KubeObject[] {
  return documents.flatMap((document) => {
    if (!isObject(document)) return [];
    const { apiVersion, kind, items } = document;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "") return [];
    if (Array.isArray(items))
      return items.flatMap((item: unknown) => (isObject(item) && isNamed(item) ? [item as unknown as KubeObject] : []));
    if (!isNamed(document)) return [];
    const object = document as unknown as KubeObject;
    return isKustomizeFile(object) ? [] : [object];
  });
}

/** The Kubernetes objects of a stream of YAML documents. @throws {YamlError} */
export function readObjects(text: string): readonly KubeObject[] {
  return selectObjects(parseYamlDocuments(text, { flavour: "sigs" }));
}

function isNamed(object: Readonly<Record<string, unknown>>): boolean {
  const { apiVersion, kind, metadata } = object;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    isObject(metadata) &&
    typeof metadata["name"] === "string" &&
    metadata["name"] !== ""
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
