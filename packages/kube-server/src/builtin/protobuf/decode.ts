// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, parseApiVersion, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { typeNameOf } from "../type-packages.ts";
import { hasType } from "../type-table.ts";
import { decodeStruct } from "./decode-struct.ts";
import { readText, readJson } from "./text.ts";
import { ProtobufError, WireReader } from "./wire-reader.ts";

const MAGIC = [0x6b, 0x38, 0x73, 0x00] as const;

/**
 * Reads a request body of type `application/vnd.kubernetes.protobuf` as the object that the same client would have
 * sent as JSON: zero values that Go's JSON leaves out are not there.
 *
 * @param body the magic `k8s\0` and a runtime.Unknown that names the kind and holds the message
 * @throws {ProtobufError} for another magic, a kind that is not built in, or a broken message
 * @see apimachinery runtime/serializer/protobuf
 */
export function decodeProtobuf(body: Uint8Array): KubeObject {
  if (MAGIC.some((byte, index) => body[index] !== byte)) {
    throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }
  const { apiVersion, kind, raw, contentType } = readEnvelope(body.subarray(MAGIC.length));
  if (contentType !== "" && contentType !== "application/vnd.kubernetes.protobuf") {
    return asKubeObject(apiVersion, kind, parseInner(raw, contentType));
  }
  const { group, version } = parseApiVersion(apiVersion);
  // Options of requests belong to every group; clients send DeleteOptions as the kind of the resource's own group.
  const name = [typeNameOf(group, version, kind), typeNameOf("meta.k8s.io", "v1", kind)].find(
    (candidate) => candidate !== undefined && hasType(candidate),
  );
  if (name === undefined) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}" in protobuf`);
  return asKubeObject(apiVersion, kind, decodeStruct(name, new WireReader(raw)));
}

function parseInner(raw: Uint8Array, contentType: string): JsonObject {
  const parsed = readJson(raw);
  if (!isJsonObject(parsed)) throw new ProtobufError(`the ${contentType} inside the protobuf envelope is not an object`);
  return parsed;
}

function asKubeObject(apiVersion: string, kind: string, fields: Readonly<Record<string, unknown>>): KubeObject {
  const { metadata } = fields;
  return { ...fields, apiVersion, kind, metadata: isJsonObject(metadata) ? metadata : {} };
}

function readEnvelope(bytes: Uint8Array): { apiVersion: string; kind: string; raw: Uint8Array; contentType: string } {
  const reader = new WireReader(bytes);
  let names = { apiVersion: "", kind: "" };
  let raw: Uint8Array = new Uint8Array();
  let contentType = "";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) names = readTypeMeta(reader.bytes());
    else if (number === 2 && wireType === 2) raw = reader.bytes();
    else if (number === 4 && wireType === 2) contentType = readText(reader.bytes());
    else reader.skip(wireType);
  }
  return { ...names, raw, contentType };
}

function readTypeMeta(bytes: Uint8Array): { apiVersion: string; kind: string } {
  const reader = new WireReader(bytes);
  let apiVersion = "";
  let kind = "";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) apiVersion = readText(reader.bytes());
    else if (number === 2 && wireType === 2) kind = readText(reader.bytes());
    else reader.skip(wireType);
  }
  return { apiVersion, kind };
}
