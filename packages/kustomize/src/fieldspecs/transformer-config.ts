// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import type { Decoder } from "../decode.ts";
import { list, outermost, struct, text } from "../decode.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { FieldSpec } from "../kustomization.ts";
import { fieldSpecs, strictMode } from "../kustomization.ts";
import type { Gvk } from "../resource-id.ts";
import { isSelected } from "../resource-id.ts";
import { kindOrder } from "./kind-order.ts";

/** Which fields may hold the name of an object of this kind. */
export interface NameReference extends Gvk {
  readonly fieldSpecs?: readonly FieldSpec[];
}

/** Where the transformers work. */
export interface TransformerConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  /** Whether merging it into nothing is known to change nothing. */
  readonly isSettled?: boolean;
}

type SpecField = Exclude<keyof TransformerConfig, "nameReference" | "isSettled">;

export const specFields: readonly SpecField[] = [
  "namePrefix",
  "nameSuffix",
  "namespace",
  "commonLabels",
  "labels",
  "templateLabels",
  "commonAnnotations",
  "varReference",
  "images",
  "replicas",
];

export const emptyConfig: TransformerConfig = {
  ...(Object.fromEntries(specFields.map((field) => [field, []])) as unknown as Record<SpecField, readonly FieldSpec[]>),
  nameReference: [],
};

/**
 * Both configurations together: what the second says about fields that the first knows already must agree.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION "conflicting fieldspecs"
 */
export function mergeConfigs(first: TransformerConfig, second: TransformerConfig): TransformerConfig {
  // Nearly every folder has the defaults alone.
  if (first === second || second === emptyConfig) return first;
  if (first === emptyConfig && second.isSettled === true) return second;
  const merged = Object.fromEntries(
    specFields.map((field) => [
      field,
      prefixed(`failed to merge ${field} fieldSpec`, () => sorted(mergeFieldSpecs(first[field], second[field]))),
    ]),
  ) as Record<SpecField, readonly FieldSpec[]>;
  return { ...merged, nameReference: sorted(mergeReferences(first.nameReference, second.nameReference)) };
}

/** @see kustomize types, FsSlice.MergeAll */
export function mergeFieldSpecs(first: readonly FieldSpec[], second: readonly FieldSpec[]): readonly FieldSpec[] {
  const out = [...first];
  for (const spec of second) {
    // What comes first counts for all that it is part of: a spec for one kind, sorted before one for all kinds, replaces it.
    const known = out.find((old) => old.path === spec.path && isSelected(old, spec));
    if (known === undefined) out.push(spec);
    else if (known.create !== spec.create) throw new KustomizeError("INVALID_KUSTOMIZATION", "conflicting fieldspecs");
  }
  return out;
}

function mergeReferences(first: readonly NameReference[], second: readonly NameReference[]): readonly NameReference[] {
  let out = [...first];
  for (const other of second) {
    const isSame = (one: NameReference): boolean => one.group === other.group && one.version === other.version && one.kind === other.kind;
    if (!out.some(isSame)) out.push(other);
    else
      out = out.map((one) => (isSame(one) ? { ...one, fieldSpecs: mergeFieldSpecs(one.fieldSpecs ?? [], other.fieldSpecs ?? []) } : one));
  }
  return out;
}

/** Kinds that others depend on first. */
function sorted<T extends Gvk>(specs: readonly T[]): readonly T[] {
  const name = (gvk: Gvk): string => `${gvk.group || "~G"}_${gvk.version || "~V"}_${gvk.kind || "~K"}`;
  return specs.toSorted((a, b) => kindOrder(a.kind) - kindOrder(b.kind) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
}

const config: Decoder<Partial<TransformerConfig>> = struct("TransformerConfig", {
  ...(Object.fromEntries(specFields.map((field) => [field, fieldSpecs])) as Record<SpecField, typeof fieldSpecs>),
  nameReference: list(struct("NameBackReferences", { group: text, version: text, kind: text, fieldSpecs })),
}) as Decoder<unknown> as Decoder<Partial<TransformerConfig>>;

/** Reads a file of `configurations`. @throws {KustomizeError} INVALID_KUSTOMIZATION */
export function readTransformerConfig(source: string, path: string): TransformerConfig {
  try {
    return { ...emptyConfig, ...config(parseYaml(source, { duplicateKeys: "error" }), outermost, strictMode) };
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `cannot read the transformer configuration "${path}": ${cause.message}`, {
      path,
      cause,
    });
  }
}
