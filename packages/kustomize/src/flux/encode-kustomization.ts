// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { isMapping, mappingOf } from "../mapping.ts";

/** Fields whose keys are the user's: what is empty in them stays. `labels` is one only in generator options. */
const freeMaps: ReadonlySet<string> = new Set([
  "annotations",
  "commonAnnotations",
  "commonLabels",
  "metadata",
  "openapi",
  "pairs",
  "valuesInline",
  "valuesLocal",
]);

/** The plain data of a kustomization file: fields that hold nothing are left out, as Go leaves them out. */
export function encodeKustomization(kustomization: Kustomization): Mapping {
  return encode(kustomization as unknown as Mapping);
}

function encode(struct: Mapping): Mapping {
  return mappingOf(
    Object.entries(struct)
      .map(([key, value]) => [key, encodeField(key, value)] as const)
      .filter(([key, value]) => !isNothing(value) || key === "count"),
  );
}

function encodeField(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((item) => (isMapping(item) ? encode(item) : item));
  if (!isMapping(value) || freeMaps.has(key) || key === "labels") return value;
  return encode(value);
}

function isNothing(value: unknown): boolean {
  if (value === "" || value === false || value === 0 || value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) && Object.keys(value).length === 0;
}
