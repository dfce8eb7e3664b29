// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlPlaces } from "@flux-ts/kube-core";
import { KustomizeError } from "../kustomize-error.ts";
import type { Loader } from "../loader.ts";
import { get, isMapping, scalarText } from "../mapping.ts";
import { readResources } from "../read-resources.ts";
import type { Resource } from "../resource.ts";
import type { FieldOrigin, OriginNode, TextPlace } from "./field-origin.ts";
import { originsOfText } from "./field-origin.ts";
import type { FieldSource } from "./field-source.ts";
import { constantSource, treeSource } from "./field-source.ts";
import type { FieldPath, KustomizationPlaces } from "./kustomization-places.ts";

/** A patch as a kustomization names it: a file, or its text. */
interface NamedPatch {
  readonly path: string;
  readonly patch: string;
  /** Where the text stands in the kustomization. */
  readonly textField: FieldPath;
}

/**
 * Where the fields come from that patches set: the lines of the patch. Called when a patch has changed something; what
 * it reads, the build has read.
 */
export function patchSource(
  patches: readonly NamedPatch[],
  field: FieldPath,
  places: KustomizationPlaces,
  loader: Loader,
): (resource: Resource) => FieldSource {
  const whole = places.originOf(field, "patch");
  const read = patches.map(({ path, patch, textField }) => readPatch(path, patch, places.textOf(textField, "patch"), loader));
  return (resource) => {
    const merges = read.flatMap((one) => one.merges);
    const merge = merges.length === 1 ? merges[0] : merges.findLast((one) => isOf(one, resource));
    if (merge?.trace !== undefined) return treeSource(merge.object, merge.trace.node);
    const operations = read.flatMap((one) => one.operations);
    return operations.length > 0 ? operationSource(operations, [], whole) : constantSource(whole);
  };
}

function isOf(patch: Resource, resource: Resource): boolean {
  return resource.allIds.some((id) => id.kind === patch.kind && id.name === patch.name);
}

interface ReadPatch {
  readonly merges: readonly Resource[];
  readonly operations: readonly Operation[];
}

interface Operation {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly node: OriginNode;
}

function readPatch(path: string, inline: string, inlinePlace: TextPlace, loader: Loader): ReadPatch {
  const text = path === "" ? inline : loader.readText(path);
  const place: TextPlace = path === "" ? inlinePlace : { file: loader.pathOf(path), firstLine: 1, by: "patch" };
  try {
    return { merges: readResources(text, { kind: "patches", place }), operations: [] };
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    return { merges: [], operations: readOperations(text, place) };
  }
}

function readOperations(text: string, place: TextPlace): readonly Operation[] {
  const places = new YamlPlaces();
  const list = parseYaml(text, { flavour: "sigs", severalDocuments: "first", places });
  const node = originsOfText(list, places, place);
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).filter(isMapping).map((operation, index) => {
    const path = scalarText(get(operation, "path")).split("/").slice(1);
    const own = node.items?.[index] ?? node;
    return {
      path: path.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")),
      value: operation["value"],
      node: own.fields?.get("value") ?? own,
    };
  });
}

/** The last operation whose path leads to or through a place gave the value there. */
function operationSource(operations: readonly Operation[], at: readonly string[], whole: FieldOrigin): FieldSource {
  const below = (part: string): FieldSource => operationSource(operations, [...at, part], whole);
  const setter = operations.findLast(({ path }) => path.length <= at.length && path.every((part, index) => fits(part, at[index])));
  if (setter !== undefined) {
    const rest = at.slice(setter.path.length);
    return rest.length === 0 ? { ...treeSource(setter.value, setter.node) } : constantSource(originBelow(setter.node, rest));
  }
  const near = operations.findLast(({ path }) => at.every((part, index) => fits(path[index], part)));
  return { origin: near?.node.origin ?? whole, field: below, item: (_, index) => below(String(index)) };
}

/** Items move: an operation on one item may be meant wherever the item has come to. */
function fits(part: string | undefined, at: string | undefined): boolean {
  return part === at || (part !== undefined && at !== undefined && /^(-|\d+)$/.test(part) && /^(-|\d+)$/.test(at));
}

function originBelow(node: OriginNode, path: readonly string[]): FieldOrigin {
  let at = node;
  for (const part of path) {
    const next = at.fields?.get(part) ?? at.items?.[Number(part)];
    if (next === undefined) break;
    at = next;
  }
  return at.origin;
}
