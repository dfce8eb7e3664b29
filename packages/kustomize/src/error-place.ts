// SPDX-License-Identifier: Apache-2.0
import { YamlError } from "@flux-ts/kube-core";
import { joinPath } from "./clean-path.ts";
import type { FieldPath } from "./explain/kustomization-places.ts";
import { formatPath, KustomizationPlaces } from "./explain/kustomization-places.ts";
import { KustomizeError, withDetails } from "./kustomize-error.ts";
import type { Loader } from "./loader.ts";

/** A kustomization file. */
export interface KustomizationFile {
  readonly loader: Loader;
  readonly fileName: string;
}

/** The line of a field of a kustomization file; of the nearest field around it when it has none of its own. */
export function lineOfField(source: string, path: string, field: FieldPath): number | undefined {
  try {
    return new KustomizationPlaces(path, source, undefined).originOf(field, "transformer").line;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

/** Runs what a field of a kustomization asks for: errors tell the field, and file and line unless they are about another file. */
export function atField<T>({ loader, fileName }: KustomizationFile, field: FieldPath, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KustomizeError) || error.field !== undefined) throw error;
    if (error.path !== undefined) throw withDetails(error, { field: formatPath(field) });
    const path = joinPath(loader.root, fileName);
    const line = lineOfField(loader.readText(fileName), path, field);
    throw withDetails(error, { path, field: formatPath(field), ...(line === undefined ? {} : { line }) });
  }
}

/** Runs what a kustomization does as a whole: errors tell its file, unless they are about another. */
export function inKustomization<T>({ loader, fileName }: KustomizationFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KustomizeError) || error.path !== undefined) throw error;
    throw withDetails(error, { path: joinPath(loader.root, fileName) });
  }
}
