// SPDX-License-Identifier: Apache-2.0
import { configText } from "./config-text.ts";
import { lineOfField } from "./error-place.ts";
import type { Kustomization, Patch, Var } from "./kustomization.ts";
import type { Mapping } from "./mapping.ts";

/** A field that goes out of use, and what to write in its place. */
export interface Deprecation {
  /** The kustomization file. */
  readonly path: string;
  readonly line: number | undefined;
  readonly field: string;
  /** The YAML that means the same today. Of `vars` only the sources: where the values go is for a person to say. */
  readonly replacement: string;
}

type Replace = (value: never) => object;

// The values are of the fields' types: the file has been decoded.
const replacements: Readonly<Partial<Record<keyof Kustomization, Replace>>> = {
  bases: (bases: readonly string[]) => ({ resources: bases }),
  imageTags: (images: readonly object[]) => ({ images }),
  commonLabels: (pairs: Mapping) => ({ labels: [{ pairs, includeSelectors: true }] }),
  patchesStrategicMerge: (entries: readonly string[]) => ({
    patches: entries.map((entry) => (entry.includes("\n") ? { patch: entry } : { path: entry })),
  }),
  patchesJson6902: (entries: readonly Patch[]) => ({ patches: entries }),
  vars: (vars: readonly Var[]) => ({
    replacements: vars.map(({ objref: { apiVersion, ...objref }, fieldref }) => ({
      source: {
        ...objref,
        ...(apiVersion === "" ? {} : versionOf(apiVersion)),
        fieldPath: fieldref.fieldPath === "" ? "metadata.name" : fieldref.fieldPath,
      },
      targets: [],
    })),
  }),
};

function versionOf(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/**
 * What to write in place of fields that go out of use.
 *
 * @param fields their names, and their values as they were decoded
 * @see kustomize edit fix
 */
export function deprecationsOf(
  fields: readonly (readonly [keyof Kustomization, unknown])[],
  source: string,
  path: string,
): readonly Deprecation[] {
  return fields.flatMap(([field, value]) => {
    const replace = replacements[field];
    if (replace === undefined) return [];
    return [{ path, line: lineOfField(source, path, [field]), field, replacement: configText(replace(value as never)) }];
  });
}
