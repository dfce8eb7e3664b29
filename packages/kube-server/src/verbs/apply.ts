// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import {
  applyConfiguration,
  deepEqual,
  isJsonObject,
  KubeCoreError,
  parseApiVersion,
  parseJson,
  parseYaml,
  setKey,
  YamlError,
} from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { decodeValue } from "../codec/decode-object.ts";
import { typeNameOf } from "../builtin/type-packages.ts";
import { unstructuredProblem } from "../codec/from-unstructured.ts";
import { duplicateYamlKeys } from "../codec/duplicate-yaml-keys.ts";
import { jsonKind } from "../codec/go-types.ts";
import { DecodeProblem } from "../codec/decode-problem.ts";
import { apiVersionOf, objectKey, storageKeyOf } from "../registry.ts";
import { warn } from "../request/context.ts";
import { parseRevision } from "../request/resource-version.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, failure, notFound, plainError, staleWrite } from "../status-errors.ts";
import { createObject, requireNoUid } from "./create-object.ts";
import { requireName } from "./update.ts";
import { updateObject } from "./update-object.ts";
import type { Write } from "./write.ts";
import { resourceOf, withMetadata, withNamespace, writerOf } from "./write.ts";

/**
 * Server-side apply: what the body holds is as its manager wants it.
 * @throws {ApiError} 400, 409 with the conflicts, 422, 500 for fields that the schema does not know
 */
export function apply(write: Write): Answer {
  const { plane, definition, request } = write;
  const { info } = request;
  const applied = requireApplied(write);
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, info.namespace, info.name));
  if (!stored) {
    if (write.subresource !== "") throw notFound(resourceOf(definition), info.name);
    const merged = named(write, mergeApplied(write, undefined, applied));
    const fresh = decodeApplied(write, merged, applied);
    requireNoUid(write, applied);
    const created = createObject(write, withMetadata(fresh, { resourceVersion: undefined }));
    markFitting(write, created);
    return showObject(plane, definition, request, 201, created);
  }
  const result = updateObject(write, stored, (old) => {
    const given = parseRevision(applied.metadata.resourceVersion ?? "", plainError);
    if (given !== 0 && String(given) !== old.metadata.resourceVersion) throw staleWrite(resourceOf(definition), info.name);
    if (isRepeated(write, stored, applied)) return old;
    const merged = mergeApplied(write, old, applied);
    if (merged === old) return old;
    return decodeApplied(write, withMetadata(named(write, merged), { resourceVersion: old.metadata.resourceVersion }), applied, old);
  });
  markFitting(write, result);
  const isWritten = plane.store.get(storageKeyOf(definition), objectKey(definition, info.namespace, info.name)) !== stored;
  if (!isWritten && !write.options.isDryRun && write.subresource === "" && !isRepeated(write, stored, applied)) {
    // A copy: who calls in process may change what they gave.
    fruitless.set(stored, {
      definition,
      applied: copyOf(applied) as KubeObject,
      manager: writerOf(write).manager,
      force: write.options.force,
    });
  }
  return showObject(plane, definition, request, 200, result);
}

/** What the merge made, if it still is the object of the path. @throws {ApiError} 400 */
function named(write: Write, merged: KubeObject): KubeObject {
  const object = withNamespace(write, merged);
  requireName(object, write.request.info.name);
  return object;
}

/** What came of an apply to a built-in kind was merged from what fits its type: the next apply need not look through it again. */
function markFitting({ plane, definition, subresource }: Write, object: KubeObject): void {
  if (definition.isCustom) return;
  plane.mergeTypes.versionsOf(plane, definition, subresource)(apiVersionOf(definition))?.type.seen?.add(object);
}

interface Fruitless {
  readonly definition: ResourceDefinition;
  readonly applied: KubeObject;
  readonly manager: string;
  readonly force: boolean;
}

/** By the stored object, the last apply that changed nothing of it: most applies of a GitOps tool are such, again and again. */
const fruitless = new WeakMap<KubeObject, Fruitless>();

function isRepeated(write: Write, stored: KubeObject, applied: KubeObject): boolean {
  const last = fruitless.get(stored);
  return (
    last?.definition === write.definition &&
    write.subresource === "" &&
    last.force === write.options.force &&
    last.manager === writerOf(write).manager &&
    deepEqual(last.applied, applied)
  );
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) setKey(copy, key, copyOf(value[key]));
  return copy;
}

/** The body, of the kind that the path names. */
export function requireApplied(write: Write): KubeObject {
  const { definition, request, options } = write;
  const { body } = request;
  const { value: given, strictProblems } =
    body instanceof Uint8Array ? readApplied(Buffer.from(body).toString("utf8")) : { value: body, strictProblems: [] };
  const value = given ?? {};
  if (!isJsonObject(value)) {
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`,
    );
  }
  if (strictProblems.length > 0 && options.fieldValidation !== "Ignore") {
    if (options.fieldValidation === "Strict") throw badRequest(`error strict decoding YAML: ${strictProblems.join(", ")}`);
    for (const problem of strictProblems) warn(request, problem.replace(/^yaml: unmarshal errors:\n\s*/, ""));
  }
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion !== apiVersionOf(definition) || kind !== definition.kind) {
    const { group, version } = parseApiVersion(typeof apiVersion === "string" ? apiVersion : "");
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${typeof kind === "string" ? kind : ""}`);
  }
  const metadata = isJsonObject(value["metadata"]) ? value["metadata"] : {};
  return { ...value, metadata } as unknown as KubeObject; // kind and apiVersion were checked
}

/** The body as data: JSON, as nearly all clients send it, or YAML. */
function readApplied(text: string): { readonly value: unknown; readonly strictProblems: readonly string[] } {
  if (text.startsWith("{")) {
    let hasDuplicates = false;
    try {
      const value = parseJson(text, { onDuplicateKey: () => (hasDuplicates = true) });
      if (!hasDuplicates) return { value, strictProblems: [] };
    } catch {
      // YAML in flow style begins like JSON.
    }
  }
  try {
    return { value: parseYaml(text), strictProblems: duplicateYamlKeys(text) };
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
}

/** Merges; gives the live object itself when nothing changes. */
export function mergeApplied(write: Write, live: KubeObject | undefined, applied: KubeObject): KubeObject {
  const { plane, definition, subresource, options } = write;
  const { resourceVersion: _version, ...metadata } = applied.metadata;
  try {
    const outcome = applyConfiguration({
      live,
      applied: { ...applied, metadata },
      manager: writerOf(write).manager,
      force: options.force,
      apiVersion: apiVersionOf(definition),
      versions: plane.mergeTypes.versionsOf(plane, definition, subresource),
      ...(subresource === "" ? {} : { subresource }),
      empty: definition.zero,
      now: plane.clock.now(),
    });
    if (outcome.kind === "applied") return live && outcome.isUnchanged ? live : outcome.object;
    throw failure(409, "Conflict", outcome.message, { causes: outcome.causes });
  } catch (error) {
    if (!(error instanceof KubeCoreError)) throw error;
    throw error.code === "MANAGED_FIELDS_IN_APPLY" ? badRequest(error.message) : plainError(error.message);
  }
}

/** The merged object as its type has it: nulls and empty values dropped, defaults filled in. */
function decodeApplied({ plane, definition }: Write, merged: KubeObject, applied: KubeObject, old?: KubeObject): KubeObject {
  try {
    return decodeValue(plane, definition, merged, old).object;
  } catch (error) {
    if (!(error instanceof DecodeProblem)) throw error;
    const { group, version } = definition;
    const { namespace = "", name = "" } = applied.metadata;
    const kind = `${group}/${version}, Kind=${definition.kind}`;
    const typeName = typeNameOf(group, version, definition.kind);
    const problem = (typeName === undefined ? undefined : unstructuredProblem(typeName, merged)) ?? error.message;
    throw plainError(
      `failed to convert new object (${namespace}/${name}; ${kind}) to proper version: unable to convert unstructured object to ${kind}: ${problem}`,
    );
  }
}
