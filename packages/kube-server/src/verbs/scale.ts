// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject, LabelSelectorObject, ReplicasPathLookup } from "@flux-ts/kube-core";
import {
  deepEqual,
  formatLabelSelector,
  isJsonObject,
  labelSelectorOf,
  managedFieldsForScale,
  managedFieldsFromScale,
  setKey,
  valueAtPath,
} from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { contentType, readBody } from "../codec/body.ts";
import { decodeBody } from "../codec/decode-object.ts";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import { apiVersionOf, objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { invalid, methodNotAllowed, notFound, plainError, staleWrite } from "../status-errors.ts";
import { mergeApplied, requireApplied } from "./apply.ts";
import { requireObject } from "./get.ts";
import { isApplyType, patchedObject, readPatch, requirePatchType } from "./patch.ts";
import { requireName } from "./update.ts";
import { updateObject } from "./update-object.ts";
import { virtualDefinition } from "./virtual-definition.ts";
import type { Write } from "./write.ts";
import { resourceOf, withMetadata, withNamespace, writerOf } from "./write.ts";

type ScalePaths = NonNullable<ResourceDefinition["subresources"]["scale"]>;

/** Answers for `/scale`. @throws {ApiError} */
export function serveScale(plane: Plane, definition: ResourceDefinition, request: RequestContext, paths: ScalePaths): Answer {
  const { info } = request;
  const scale = virtualDefinition("autoscaling", "v1", "Scale", { metadata: {}, spec: {}, status: {} });
  if (info.verb === "get") {
    const object = requireObject(plane, definition, info.namespace, info.name);
    return showObject(plane, scale, request, 200, scaleOf(object, definition, paths));
  }
  if (info.verb !== "update" && info.verb !== "patch") throw methodNotAllowed();
  const wanted = info.verb === "update" ? readUpdate(plane, scale, request) : readScalePatch(plane, definition, scale, request);
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, info.namespace, info.name));
  if (!stored) throw notFound(resourceOf(definition), info.name);
  const write: Write = { plane, definition, request, options: wanted.write.options, subresource: "" };
  const result = updateObject(write, stored, (old) => {
    const pathOf = replicasPathOf(plane, definition);
    const before = withEntries(scaleOf(old, definition, paths), managedFieldsForScale(old.metadata.managedFields, pathOf));
    const after = wanted.change(before);
    requireScale(after, info.name);
    const entries = managedFieldsFromScale(old.metadata.managedFields, after.metadata.managedFields, pathOf, apiVersionOf(definition));
    const { resourceVersion } = after.metadata;
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw staleWrite(resourceOf(definition), info.name);
    const replicas = (after["spec"] as { readonly replicas?: number } | undefined)?.replicas ?? 0; // decoded as a Scale
    return withEntries(setAtPath(old, paths.specReplicasPath, replicas), entries);
  });
  return showObject(plane, scale, request, 200, scaleOf(result, definition, paths));
}

interface WantedScale {
  readonly write: Write;
  /** The new Scale, with its managed fields. */
  change(before: KubeObject): KubeObject;
}

function readUpdate(plane: Plane, scale: ResourceDefinition, request: RequestContext): WantedScale {
  const body = readBody(request, scale.kind, plane.decodeProtobuf);
  const options = writeOptions(request.query, "UpdateOptions");
  const write: Write = { plane, definition: scale, request, options, subresource: "scale" };
  const wanted = withNamespace(write, decodeBody(plane, scale, request, body, options.fieldValidation));
  requireName(wanted, request.info.name);
  return { write, change: (before) => trackWrite(plane, scale, before, withStatusOf(wanted, before), writerOf(write)) };
}

function readScalePatch(plane: Plane, definition: ResourceDefinition, scale: ResourceDefinition, request: RequestContext): WantedScale {
  const type = contentType(request);
  const isApply = isApplyType(type);
  if (!isApply) requirePatchType(definition, type);
  const options = writeOptions(request.query, "PatchOptions", isApply);
  const write: Write = { plane, definition: scale, request, options, subresource: "scale" };
  if (isApply) {
    const applied = requireApplied(write);
    requireName(withNamespace(write, applied), request.info.name);
    return { write, change: (before) => withStatusOf(mergeApplied(write, before, applied), before) };
  }
  const body = readPatch(request, type);
  return {
    write,
    change: (before) => {
      const wanted = patchedObject(write, before, body);
      requireName(wanted, request.info.name);
      return trackWrite(plane, scale, before, withStatusOf(withNamespace(write, wanted), before), writerOf(write));
    },
  };
}

/** The Scale of an object. @throws {ApiError} 500 when the object says no number of replicas */
function scaleOf(object: KubeObject, definition: ResourceDefinition, paths: ScalePaths): KubeObject {
  const { name = "", namespace, uid = "", resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAtPath(object, paths.specReplicasPath);
  if (definition.isCustom && typeof replicas !== "number") {
    throw plainError(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`);
  }
  const current = valueAtPath(object, paths.statusReplicasPath);
  const selector = selectorText(object, definition, paths);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      uid,
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: { replicas: typeof current === "number" ? current : 0, ...(selector === "" ? {} : { selector }) },
  };
}

function selectorText(object: KubeObject, definition: ResourceDefinition, { labelSelectorPath }: ScalePaths): string {
  if (!labelSelectorPath) return "";
  const selector = valueAtPath(object, labelSelectorPath);
  if (typeof selector === "string") return selector;
  if (!isJsonObject(selector)) return "";
  const isPlain = definition.kind === "ReplicationController";
  return formatLabelSelector(labelSelectorOf((isPlain ? { matchLabels: selector } : selector) as LabelSelectorObject)); // validated when it was stored
}

function requireScale(scale: KubeObject, name: string): void {
  const replicas = (scale["spec"] as { readonly replicas?: number } | undefined)?.replicas ?? 0;
  if (replicas >= 0) return;
  const error: FieldError = {
    type: "FieldValueInvalid",
    field: "spec.replicas",
    value: replicas,
    detail: "must be greater than or equal to 0",
  };
  throw invalid({ group: "autoscaling", name: "Scale" }, name, [error]);
}

/** Status is not the client's to set. */
function withStatusOf(scale: KubeObject, before: KubeObject): KubeObject {
  return deepEqual(scale["status"], before["status"]) ? scale : { ...scale, status: before["status"] };
}

function withEntries(object: KubeObject, managedFields: KubeObject["metadata"]["managedFields"]): KubeObject {
  return object.metadata.managedFields === managedFields ? object : withMetadata(object, { managedFields });
}

function replicasPathOf(plane: Plane, definition: ResourceDefinition): ReplicasPathLookup {
  return (apiVersion) => {
    const version = plane.registry.kind(apiVersion, definition.kind);
    if (!version) return undefined;
    return version.subresources.scale ? pathParts(version.subresources.scale.specReplicasPath) : null;
  };
}

function pathParts(path: string): readonly string[] {
  return path.replace(/^\./, "").split(".");
}

function setAtPath(object: KubeObject, path: string, value: unknown): KubeObject {
  const set = (target: unknown, [key = "", ...rest]: readonly string[]): Readonly<Record<string, unknown>> => {
    const copy: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
    setKey(copy, key, rest.length === 0 ? value : set(copy[key], rest));
    return copy;
  };
  return set(object, pathParts(path)) as unknown as KubeObject; // one field of it was set
}
