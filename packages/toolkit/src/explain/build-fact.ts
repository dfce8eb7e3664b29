// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, setKey } from "@flux-ts/kube-core";
import type { BuildFact, ObjectOrigin, Place } from "./facts.ts";

/** Where a value and what is in it are written: what kustomize's build tells with `traceOrigins`. */
export interface OriginTree {
  readonly origin: { readonly file: string | undefined; readonly line: number | undefined };
  readonly fields?: ReadonlyMap<string, OriginTree>;
  readonly items?: readonly OriginTree[];
}

/** Of one object, so many fields are kept. */
const MOST_FIELDS = 5000;
const VARIABLE = /\$\{\s*([A-Za-z_]\w*)/g;

/**
 * What a build of files gave, for facts. No values are kept, only where they are written and which variables they use.
 *
 * @param objects as they were before variables are filled in
 * @param root of the repository, as the build's file system names it: places are told from there
 */
export function toBuildFact(
  objects: readonly KubeObject[],
  originOf: (object: KubeObject) => OriginTree | undefined,
  root: string,
): BuildFact {
  return {
    objects: objects.flatMap((object) => {
      const tree = originOf(object);
      const place = tree === undefined ? undefined : placeOf(tree, root);
      if (tree === undefined || place === undefined) return [];
      const { name = "", namespace = "" } = object.metadata;
      return [{ kind: object.kind, namespace, name, ...place, ...detailsOf(object, tree, root) }];
    }),
  };
}

/** A build that failed, for facts. */
export function toFailedBuild(
  error: { readonly message: string; readonly path?: string | undefined; readonly line?: number | undefined },
  root: string,
): BuildFact {
  const { message, path, line } = error;
  const place = path === undefined ? undefined : placeOf({ origin: { file: path, line } }, root);
  return { objects: [], failure: { message, ...(place === undefined ? {} : { place }) } };
}

function detailsOf(object: KubeObject, tree: OriginTree, root: string): Pick<ObjectOrigin, "fields" | "variables"> {
  const fields: Record<string, Place> = {};
  const variables: Record<string, Place> = {};
  let left = MOST_FIELDS;
  const walk = (value: unknown, node: OriginTree, path: string, depth: number): void => {
    const place = placeOf(node, root);
    if (place === undefined || left <= 0 || depth > 100) return;
    left -= 1;
    if (path !== "") setKey(fields, path, place);
    if (typeof value === "string") {
      for (const [, name = ""] of value.matchAll(VARIABLE)) if (!Object.hasOwn(variables, name)) setKey(variables, name, place);
      return;
    }
    const at = (key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const child = node.items?.[index];
        if (child !== undefined) walk(item, child, at(index), depth + 1);
      }
      return;
    }
    if (!isJsonObject(value)) return;
    for (const [key, child] of node.fields ?? []) if (Object.hasOwn(value, key)) walk(value[key], child, at(key), depth + 1);
  };
  walk(object, tree, "", 0);
  return { fields, variables };
}

function placeOf({ origin: { file, line } }: OriginTree, root: string): Place | undefined {
  if (file === undefined) return undefined;
  const base = root.endsWith("/") ? root : `${root}/`;
  return { file: file.startsWith(base) ? file.slice(base.length) : file, ...(line === undefined ? {} : { line }) };
}
