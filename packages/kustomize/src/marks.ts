// SPDX-License-Identifier: Apache-2.0
import type { Mapping } from "./mapping.ts";
import { get, isMapping, scalarText, setKey } from "./mapping.ts";
import { formatOrigin, originAnnotation, transformationsAnnotation } from "./origin.ts";
import type { GeneratorBehavior, Resource } from "./resource.ts";

const domain = "internal.config.kubernetes.io/";
const behaviors: readonly string[] = ["create", "replace", "merge"] satisfies GeneratorBehavior[];

/**
 * The object with the annotations in which upstream keeps what a build remembers of a resource. Patches that work on the
 * annotations as a whole see them, and may lose them.
 *
 * @see kustomize internal/utils, annotations.go
 */
export function withMarks(resource: Resource): Mapping {
  const marks = marksOf(resource);
  const { object } = resource;
  if (Object.keys(marks).length === 0) return object;
  const metadata = get(object, "metadata");
  return setKey(object, "metadata", setKey(isMapping(metadata) ? metadata : {}, "annotations", { ...resource.annotations, ...marks }));
}

function marksOf(resource: Resource): Readonly<Record<string, string>> {
  const marks: Record<string, string> = {};
  const { previous, prefixes, suffixes, behavior, needsHash, origin, transformations } = resource;
  if (previous.length > 0) {
    marks[`${domain}previousKinds`] = previous.map(({ kind }) => kind).join(",");
    marks[`${domain}previousNames`] = previous.map(({ name }) => name).join(",");
    marks[`${domain}previousNamespaces`] = previous.map(({ namespace }) => namespace).join(",");
  }
  if (prefixes.length > 0) marks[`${domain}prefixes`] = prefixes.join(",");
  if (suffixes.length > 0) marks[`${domain}suffixes`] = suffixes.join(",");
  if (behavior !== "unspecified") marks[`${domain}generatorBehavior`] = behavior;
  if (needsHash) marks[`${domain}needsHashSuffix`] = "enabled";
  if (origin !== undefined) marks[originAnnotation] = formatOrigin(origin);
  if (transformations.length > 0) marks[transformationsAnnotation] = formatOrigin(transformations);
  return marks;
}

/** Forgets what is no longer noted on a changed object. @param keepsOwn whether upstream puts its own notes back */
export function forgetLostMarks(resource: Resource, changed: Mapping, keepsOwn: boolean): void {
  const annotations = get(get(changed, "metadata"), "annotations");
  const has = (key: string): boolean => get(annotations, key) !== undefined;
  if (!has(originAnnotation)) resource.origin = undefined;
  if (!has(transformationsAnnotation)) resource.transformations = [];
  if (keepsOwn) return;
  if (!has(`${domain}previousNames`)) resource.previous = [];
  if (!has(`${domain}prefixes`)) resource.prefixes = [];
  if (!has(`${domain}suffixes`)) resource.suffixes = [];
  if (!has(`${domain}needsHashSuffix`)) resource.needsHash = false;
  if (!behaviors.includes(scalarText(get(annotations, `${domain}generatorBehavior`)))) resource.behavior = "unspecified";
}

/** Takes the notes off an object again. */
export function dropMarks(resource: Resource): void {
  const { annotations } = resource;
  const marks = new Set(Object.keys(marksOf(resource)));
  const isMark = (key: string): boolean => marks.has(key);
  if (!Object.keys(annotations).some(isMark)) return;
  resource.setTextMap("annotations", Object.fromEntries(Object.entries(annotations).filter(([key]) => !isMark(key))));
}
