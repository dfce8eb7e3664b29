// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

export type StringMap = Readonly<Record<string, string>>;

/** The object with these labels and annotations, which win over what it has. */
export function withMetadata<T extends KubeObject>(
  object: T,
  { labels, annotations }: { labels?: StringMap | undefined; annotations?: StringMap | undefined },
): T {
  const hasLabels = labels !== undefined && Object.keys(labels).length > 0;
  const hasAnnotations = annotations !== undefined && Object.keys(annotations).length > 0;
  if (!hasLabels && !hasAnnotations) return object;
  const metadata = {
    ...object.metadata,
    ...(hasLabels ? { labels: { ...object.metadata.labels, ...labels } } : {}),
    ...(hasAnnotations ? { annotations: { ...object.metadata.annotations, ...annotations } } : {}),
  };
  return { ...object, metadata };
}

/** Who applies: the field manager, and the group whose labels and annotations mark and steer objects. */
export interface Owner {
  /** `kustomize-controller` */
  readonly fieldManager: string;
  /** `kustomize.toolkit.fluxcd.io` */
  readonly group: string;
}

/** The labels that say to which object of ours an applied object belongs. */
export function ownerLabels(owner: Owner, name: string, namespace: string): StringMap {
  return { [`${owner.group}/name`]: name, [`${owner.group}/namespace`]: namespace };
}

/**
 * Whether a label or annotation of the object has one of these keys with its value, whatever the case.
 * @see fluxcd/pkg ssa/utils AnyInMetadata; spec §1.7
 */
export function hasMark(object: KubeObject | undefined, marks: readonly Mark[]): boolean {
  if (object === undefined) return false;
  const { labels, annotations } = object.metadata;
  return marks.some(({ key, value }) => isEqualFold(labels, key, value) || isEqualFold(annotations, key, value));
}

export interface Mark {
  readonly key: string;
  readonly value: string;
}

function isEqualFold(map: StringMap | undefined, key: string, value: string): boolean {
  if (map === undefined || map === null || !Object.hasOwn(map, key)) return false;
  const found: unknown = map[key];
  return typeof found === "string" && found.toLowerCase() === value.toLowerCase();
}
