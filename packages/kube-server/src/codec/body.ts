// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, parseJson, parseYaml, YamlError } from "@flux-ts/kube-core";
import type { RequestContext } from "../request/context.ts";
import { SERVED_TYPES } from "../request/media.ts";
import { badRequest, unsupportedMediaType } from "../status-errors.ts";
import { duplicateYamlKeys } from "./duplicate-yaml-keys.ts";

/** A body as plain JSON data. */
export interface Body {
  readonly value: unknown;
  /** The text, where there was one. */
  readonly text: string;
  /** Findings of strict decoding: keys that stand twice. */
  readonly strictProblems: readonly string[];
}

/** Turns protobuf bytes into an object. */
export type ProtobufDecoder = (bytes: Uint8Array) => Readonly<Record<string, unknown>>;

/** The media type without parameters; JSON when there is none. */
export function contentType(request: RequestContext): string {
  const header = request.headers["content-type"] ?? "";
  const type = header.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return type === "" ? "application/json" : type;
}

/**
 * Decodes the body of a write.
 * @param kind the kind that is expected, for messages
 * @throws {ApiError} 400, 415
 */
export function readBody(request: RequestContext, kind: string, decodeProtobuf: ProtobufDecoder): Body {
  const { body } = request;
  if (!(body instanceof Uint8Array)) {
    if (body !== undefined) return { value: body, text: "", strictProblems: [] };
    return readBody({ ...request, body: new Uint8Array() }, kind, decodeProtobuf);
  }
  switch (contentType(request)) {
    case "application/json":
      return readJson(Buffer.from(body).toString("utf8"), kind);
    case "application/yaml":
      return readYaml(Buffer.from(body).toString("utf8"), kind);
    case "application/vnd.kubernetes.protobuf": {
      try {
        return { value: decodeProtobuf(body), text: "", strictProblems: [] };
      } catch (error) {
        throw unrecognized(kind, error instanceof Error ? error.message : String(error), "");
      }
    }
    default:
      throw unsupportedMediaType(SERVED_TYPES);
  }
}

function readJson(text: string, kind: string): Body {
  const duplicates: string[] = [];
  let value: unknown;
  try {
    value = parseJson(
      text,
      text.length < 1_000_000 ? { onDuplicateKey: (path) => duplicates.push(`duplicate field ${JSON.stringify(path)}`) } : {},
    );
  } catch (error) {
    throw unrecognized(
      kind,
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
      text,
    );
  }
  return { value: requireObject(value, kind, text), text, strictProblems: duplicates };
}

/** YAML as the API server reads it: as JSON would be, keys that stand twice reported by line. */
export function readYaml(text: string, kind: string): Body {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw unrecognized(kind, error.message, text);
  }
  return { value: requireObject(value, kind, text), text, strictProblems: duplicateYamlKeys(text) };
}

function requireObject(value: unknown, kind: string, text: string): unknown {
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
  throw unrecognized(
    kind,
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    text,
  );
}

/** How many bytes of a body messages show. */
const SHOWN_BYTES = 30;

export function unrecognized(kind: string, why: string, text: string): Error {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(text)})`);
}

function summary(text: string): string {
  if (text === "") return "<empty>";
  const isJson = text.startsWith("{");
  const shown = isJson ? text : Buffer.from(text, "utf8").toString("hex");
  const limit = isJson ? SHOWN_BYTES : 2 * SHOWN_BYTES;
  return shown.length > limit ? `${shown.slice(0, limit)} ...` : shown;
}
