// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMerge,
  goPlain,
  isJsonObject,
  KubeCoreError,
  parseJson,
  stringifyJson,
} from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { typeNameOf } from "../builtin/type-packages.ts";
import { contentType } from "../codec/body.ts";
import { decodeValue } from "../codec/decode-object.ts";
import { DecodeProblem } from "../codec/decode-problem.ts";
import { unstructuredProblem } from "../codec/from-unstructured.ts";
import { jsonKind } from "../codec/go-types.ts";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { warn } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, failure, invalid, notFound, plainError, quote, unsupportedMediaType } from "../status-errors.ts";
import { apply } from "./apply.ts";
import { inGoOrder } from "./go-order.ts";
import { requireName } from "./update.ts";
import { updateObject } from "./update-object.ts";
import type { Write } from "./write.ts";
import { resourceOf, withNamespace, writerOf } from "./write.ts";

const APPLY_TYPES: ReadonlySet<string> = new Set(["application/apply-patch+yaml", "application/apply-patch+json"]);
export function isApplyType(type: string): boolean {
  return APPLY_TYPES.has(type);
}

const JSON_TYPE = "application/json-patch+json";
const MERGE_TYPE = "application/merge-patch+json";
const STRATEGIC_TYPE = "application/strategic-merge-patch+json";
const CUSTOM_TYPES = [JSON_TYPE, MERGE_TYPE, "application/apply-patch+yaml"] as const;

/** How many operations a JSON patch may hold. */
const MAX_OPERATIONS = 10_000;

/** A patch as it was sent. */
export interface PatchBody {
  readonly type: string;
  readonly value: unknown;
  /** `duplicate field "data.x"`. */
  readonly strictProblems: readonly string[];
}

export function patch(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  const type = contentType(request);
  if (!isApplyType(type)) requirePatchType(definition, type);
  const options = writeOptions(request.query, "PatchOptions", isApplyType(type));
  const write: Write = { plane, definition, request, options, subresource: info.subresource };
  if (isApplyType(type)) return apply(write);
  const body = readPatch(request, type);
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, info.namespace, info.name));
  if (!stored) throw notFound(resourceOf(definition), info.name);
  const result = updateObject(write, stored, (old) => {
    const wanted = patchedObject(write, old, body);
    requireName(wanted, info.name);
    return trackWrite(plane, definition, old, withNamespace(write, wanted), writerOf(write));
  });
  return showObject(plane, definition, request, 200, result);
}

/** @throws {ApiError} 415 */
export function requirePatchType(definition: ResourceDefinition, type: string): void {
  if (type === JSON_TYPE || type === MERGE_TYPE || (type === STRATEGIC_TYPE && !definition.isCustom)) return;
  throw definition.isCustom ? unsupportedMediaType(CUSTOM_TYPES) : failure(415, "UnsupportedMediaType", "415: Unsupported Media Type");
}

/** @throws {ApiError} 400 for what is no patch of this type, 413 for one that is too long */
export function readPatch(request: RequestContext, type: string): PatchBody {
  const { body } = request;
  const strictProblems: string[] = [];
  let value: unknown = body;
  if (body === undefined || body instanceof Uint8Array) {
    const text = Buffer.from(body ?? []).toString("utf8");
    try {
      value = parseJson(text, { onDuplicateKey: (path) => strictProblems.push(`duplicate field ${quote(path)}`) });
    } catch (error) {
      throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const isOperations = type === JSON_TYPE;
  if (isOperations ? !Array.isArray(value) : !isJsonObject(value)) {
    const target = isOperations ? "[]handlers.jsonPatchOp" : "map[string]interface {}";
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go value of type ${target}`);
  }
  if (Array.isArray(value) && value.length > MAX_OPERATIONS) {
    throw failure(
      413,
      "RequestEntityTooLarge",
      `Request entity is too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`,
    );
  }
  return { type, value, strictProblems };
}

/** The patched object, decoded. @throws {ApiError} 400, 422, 500 */
export function patchedObject(write: Write, old: KubeObject, body: PatchBody): KubeObject {
  const { plane, definition, request, options } = write;
  const document = applyPatch(old, body, definition);
  if (!isJsonObject(document)) throw badRequest("error decoding patch: the result is no object");
  try {
    const { object, strictProblems } = decodeValue(plane, definition, document);
    const problems = [...body.strictProblems, ...strictProblems];
    if (problems.length > 0 && options.fieldValidation === "Strict")
      throw new DecodeProblem(`strict decoding error: ${problems.join(", ")}`);
    if (options.fieldValidation === "Warn") for (const problem of problems) warn(request, problem);
    return object;
  } catch (error) {
    if (!(error instanceof DecodeProblem)) throw error;
    throw unreadable(definition, document, body, error.message);
  }
}

/** What the patch made cannot be read as the kind. A strategic patch shows itself, others what they made. */
function unreadable(definition: ResourceDefinition, document: JsonObject, body: PatchBody, message: string): Error {
  const typeName = typeNameOf(definition.group, definition.version, definition.kind);
  const isStrict = message.startsWith("strict decoding error");
  const isStrategic = body.type === STRATEGIC_TYPE && typeName !== undefined;
  const detail = isStrategic && !isStrict ? (unstructuredProblem(typeName, document) ?? message) : message;
  const value = isStrategic ? goPlain(body.value) : stringifyJson(inGoOrder(document, definition.schema, body));
  return invalid({ group: "", name: "" }, "", [{ type: "FieldValueInvalid", field: "patch", value, detail }]);
}

/** @throws {ApiError} as the patch libraries of the API server fail */
export function applyPatch(document: unknown, { type, value }: PatchBody, definition: ResourceDefinition): unknown {
  try {
    if (type === JSON_TYPE) return applyJsonPatch(document, value);
    if (type === MERGE_TYPE) return applyMergePatch(document, value);
    return isJsonObject(document) && isJsonObject(value) ? applyStrategicMerge(document, value, definition.schema) : document;
  } catch (error) {
    if (!(error instanceof KubeCoreError)) throw error;
    switch (error.code) {
      case "STRATEGIC_MERGE_FORMAT":
        throw badRequest(error.message);
      case "STRATEGIC_MERGE_FAILED":
        throw plainError(error.message);
      default:
        // What a generic client error says: the reason stays inside.
        throw failure(422, "Invalid", "the server rejected our request due to an error in our request", {});
    }
  }
}
