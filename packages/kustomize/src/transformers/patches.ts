// SPDX-License-Identifier: Apache-2.0
import { configText } from "../config-text.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { Patch, PatchOptions, Selector } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import type { Mapping } from "../mapping.ts";
import { dropKey, get, isMapping, setKey } from "../mapping.ts";
import { dropMarks, forgetLostMarks, withMarks } from "../marks.ts";
import type { JsonPatchOperation } from "../merge/json-patch.ts";
import { applyJsonPatch, parseJsonPatch } from "../merge/json-patch.ts";
import type { MergeSchemas } from "../merge/merge-schema.ts";
import { strategicMerge } from "../merge/strategic-merge.ts";
import { readResources } from "../read-resources.ts";
import type { Resource } from "../resource.ts";
import { isDeleted } from "../resource.ts";
import type { ResourceId } from "../resource-id.ts";
import { formatId } from "../resource-id.ts";
import type { ResourceMap } from "../resource-map.ts";
import { selectResources } from "../selector.ts";
import type { Transformer } from "./transformer.ts";

/**
 * The transformer of an entry of `patches`: a strategic merge patch for what it names or selects, or a JSON 6902 patch
 * for what it selects.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see kustomize PatchTransformer
 */
export function applyPatch(patch: Patch, loader: Loader, schemas: MergeSchemas): Transformer {
  const inline = patch.patch.trim();
  if (inline === "" && patch.path === "")
    throw new KustomizeError("INVALID_KUSTOMIZATION", `must specify one of patch and path in\n${configText(patch)}`);
  if (inline !== "" && patch.path !== "")
    throw new KustomizeError("INVALID_KUSTOMIZATION", `patch and path can't be set at the same time\n${configText(patch)}`);
  const text =
    inline === "" ? prefixed(`failed to get the patch file from path(${patch.path})`, () => loader.readText(patch.path)) : inline;
  const source = inline === "" ? `[path: "${patch.path}"]` : `[patch: ${JSON.stringify(inline)}]`;
  const merges = attempt(() => readResources(text, { path: patch.path === "" ? undefined : patch.path, kind: "patches" }));
  const operations = attempt(() => {
    if (text === "") throw new KustomizeError("INVALID_RESOURCE", "empty json patch operations");
    return parseJsonPatch(text);
  });
  if (merges.value !== undefined && operations.value !== undefined && merges.value.length > 0 && operations.value.length > 0) {
    throw new KustomizeError("INVALID_KUSTOMIZATION", `illegally qualifies as both an SM and JSON patch: ${source}`);
  }
  if (merges.value !== undefined) return mergeAll(merges.value, patch, source, schemas);
  if (operations.value !== undefined) return patchSelected(operations.value, patch.target, source);
  throw new KustomizeError("INVALID_KUSTOMIZATION", `unable to parse SM or JSON patch from ${source}`, { cause: merges.error });
}

function attempt<T>(work: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function mergeAll(patches: readonly Resource[], { target, options }: Patch, source: string, schemas: MergeSchemas): Transformer {
  for (const patch of patches) allowChanges(patch, options);
  return (resources) => {
    if (target === undefined) {
      for (const patch of patches) {
        const id = patch.originalId;
        mergeInto(
          prefixed(`no resource matches strategic merge patch "${formatId(id)}"`, () => findTarget(resources, id)),
          patch,
          schemas,
        );
      }
      return;
    }
    const [patch] = patches;
    if (patch === undefined) return;
    if (patches.length > 1) {
      throw new KustomizeError(
        "INVALID_KUSTOMIZATION",
        `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`,
      );
    }
    mergeIntoAll(resources, selectResources(resources.list, target), patch, schemas);
  };
}

function allowChanges(patch: Resource, options: PatchOptions | undefined): void {
  patch.mayChangeName = options?.allowNameChange === true;
  patch.mayChangeKind = options?.allowKindChange === true;
}

/** The transformer of `patchesStrategicMerge`: paths of files, or patches. @see kustomize PatchStrategicMergeTransformer */
export function applyStrategicMerges(paths: readonly string[], patches: string, loader: Loader, schemas: MergeSchemas): Transformer {
  if (paths.length === 0 && patches === "") throw new KustomizeError("INVALID_KUSTOMIZATION", "empty file path and empty patch content");
  const loaded = paths.flatMap(
    (path) =>
      attempt(() => readResources(path, { kind: "patches" })).value ?? readResources(loader.readText(path), { path, kind: "patches" }),
  );
  if (patches !== "") loaded.push(...readResources(patches, { kind: "patches" }));
  if (loaded.length === 0)
    throw new KustomizeError("INVALID_KUSTOMIZATION", `patch appears to be empty; files=[${paths.join(" ")}], Patch=${patches}`);
  return (resources) => {
    for (const patch of loaded) mergeIntoAll(resources, [findTarget(resources, patch.originalId)], patch, schemas);
  };
}

/** The transformer of an entry of `patchesJson6902`. @see kustomize PatchJson6902Transformer */
export function applyJson6902({ target, path, patch: inline }: Omit<Patch, "options">, loader: Loader): Transformer {
  if (target === undefined || target.name === "") throw new KustomizeError("INVALID_KUSTOMIZATION", "must specify the target name");
  if (path === "" && inline === "") throw new KustomizeError("INVALID_KUSTOMIZATION", "empty file path and empty jsonOp");
  if (path !== "" && inline !== "") throw new KustomizeError("INVALID_KUSTOMIZATION", "must specify a file path or jsonOp, not both");
  const text = path === "" ? inline : loader.readText(path);
  if (text === "") throw new KustomizeError("INVALID_KUSTOMIZATION", `patch file '${path}' empty seems to be empty`);
  const operations = parseJsonPatch(text);
  if (operations.length === 0) throw new KustomizeError("INVALID_KUSTOMIZATION", `patch appears to be empty; file=${path}, JsonOp=${text}`);
  return (resources) => {
    for (const resource of selectResources(resources.list, target)) patchOne(resource, operations);
  };
}

function patchSelected(operations: readonly JsonPatchOperation[], target: Selector | undefined, source: string): Transformer {
  return (resources) => {
    if (target === undefined) throw new KustomizeError("INVALID_KUSTOMIZATION", `must specify a target for JSON patch ${source}`);
    for (const resource of selectResources(resources.list, target)) {
      resource.rememberId();
      patchOne(resource, operations);
    }
  };
}

function patchOne(resource: Resource, operations: readonly JsonPatchOperation[]): void {
  const changed = applyJsonPatch(withMarks(resource), operations);
  forgetLostMarks(resource, changed, true);
  resource.object = changed;
  resource.setTextMap("annotations", resource.annotations);
  dropMarks(resource);
}

function findTarget(resources: ResourceMap, id: ResourceId): Resource {
  const matches = resources.withAnyId(id);
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  const problem = matches.length > 1 ? "multiple matches" : "no matches";
  throw new KustomizeError("CANNOT_APPLY", `${problem} for Id ${formatId(id)}; failed to find unique target for patch ${formatId(id)}`, {
    object: formatId(id),
  });
}

/** Merges a patch into each of these, in the order of the build, and checks that ids stay apart. @see resmap, ApplySmPatch */
function mergeIntoAll(resources: ResourceMap, selected: readonly Resource[], patch: Resource, schemas: MergeSchemas): void {
  const keys = new Set(selected.map((resource) => resource.key));
  for (const resource of resources.list) {
    if (!keys.has(resource.key)) continue;
    const own = patch.copy();
    own.setTextMap("labels", patch.labels);
    own.setTextMap("annotations", patch.annotations);
    const { apiVersion } = resource;
    own.object = apiVersion === "" ? dropKey(own.object, "apiVersion") : setKey(own.object, "apiVersion", apiVersion);
    mergeInto(resource, own, schemas);
    // What has no version gets none, which upstream writes down.
    if (apiVersion === "" && !isDeleted(resource)) resource.object = setKey(resource.object, "apiVersion", null);
  }
  const kept = resources.list.filter((resource) => !isDeleted(resource));
  resources.list = [];
  resources.appendAll(kept);
}

/** @see kustomize resource, ApplySmPatch */
function mergeInto(resource: Resource, patch: Resource, schemas: MergeSchemas): void {
  const { name, namespace, kind } = resource;
  if (patch.mayChangeName || patch.mayChangeKind) resource.rememberId();
  const mayLoseMarks = changesAllAnnotations(patch.object);
  const merged = strategicMerge(mayLoseMarks ? withMarks(resource) : resource.object, patch.object, schemas);
  if (patch.duplicates !== undefined) refuseCopied(merged, patch.duplicates);
  if (!isMapping(merged) || Object.keys(merged).length === 0) {
    resource.object = {};
    return;
  }
  let object = patch.mayChangeKind ? merged : setKey(merged, "kind", kind);
  const metadata = get(object, "metadata");
  let meta: Mapping = isMapping(metadata) ? metadata : {};
  if (!patch.mayChangeName) meta = setKey(meta, "name", name);
  meta = namespace === "" ? dropKey(meta, "namespace") : setKey(meta, "namespace", namespace);
  object = setKey(object, "metadata", meta);
  if (mayLoseMarks) forgetLostMarks(resource, object, false);
  resource.object = object;
  if (mayLoseMarks) dropMarks(resource);
}

/** Whether a patch does more to annotations than setting and removing single ones. */
function changesAllAnnotations(patch: Mapping): boolean {
  if (!Object.hasOwn(patch, "metadata")) return false;
  const metadata = patch["metadata"];
  if (!isMapping(metadata)) return true;
  if (Object.hasOwn(metadata, "$patch")) return true;
  const { annotations } = metadata;
  return annotations !== undefined && (!isMapping(annotations) || Object.hasOwn(annotations, "$patch"));
}

/** A part of a patch with a key twice may not get into an object. */
function refuseCopied(value: unknown, duplicates: ReadonlyMap<object, Error>): void {
  if (typeof value !== "object" || value === null) return;
  const cause = duplicates.get(value);
  if (cause !== undefined) throw new KustomizeError("INVALID_RESOURCE", cause.message, { cause });
  for (const child of Object.values(value)) refuseCopied(child, duplicates);
}
