// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, getKey, isJsonObject } from "@flux-ts/kube-core";
import { SchemaError } from "./schema-error.ts";
import { metaschema } from "./metaschemas.ts";

/** Versions of JSON Schema, in their order. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** A part of a document with an address of its own: what references and anchors are relative to. */
export interface SchemaResource {
  readonly address: string;
  readonly root: unknown;
  readonly draft: Draft;
  readonly anchors: Map<string, unknown>;
  readonly dynamicAnchors: Map<string, unknown>;
}

const DRAFTS: ReadonlyMap<string, Draft> = new Map<string, Draft>([
  ["json-schema.org/schema", 2020],
  ["json-schema.org/draft/2020-12/schema", 2020],
  ["json-schema.org/draft/2019-09/schema", 2019],
  ["json-schema.org/draft-07/schema", 7],
  ["json-schema.org/draft-06/schema", 6],
  ["json-schema.org/draft-04/schema", 4],
]);

/** The version that an address of a metaschema stands for; undefined when it stands for none. */
export function draftOf(address: string): Draft | undefined {
  const [url = "", fragment = ""] = address.split("#");
  return fragment === "" ? DRAFTS.get(url.replace(/^https?:\/\//, "")) : undefined;
}

/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const SCHEMA_KEYWORDS = [
  "not",
  "additionalProperties",
  "items",
  "additionalItems",
  "propertyNames",
  "contains",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contentSchema",
];
const LIST_KEYWORDS = ["allOf", "anyOf", "oneOf", "items", "prefixItems"];
const MAP_KEYWORDS = ["definitions", "properties", "patternProperties", "dependencies", "$defs", "dependentSchemas"];

const MAX_DEPTH = 500;

/** Schemas by address: where `$ref` leads. Nothing is ever fetched. */
export class SchemaStore {
  readonly #resources = new Map<string, SchemaResource>();
  readonly #resourceOf = new WeakMap<object, SchemaResource>();
  /** Where each schema stands, for messages. */
  readonly #addresses = new WeakMap<object, string>();

  /** Adds a document. @throws {SchemaError} */
  add(address: string, document: unknown, fallback: Draft = 2020): SchemaResource {
    this.#collect(document, address, "#", undefined, fallback, 0);
    const resource = this.#resources.get(address);
    if (resource === undefined) throw new SchemaError(`${JSON.stringify(address)} is no schema`);
    return resource;
  }

  /** The resource that a schema belongs to. */
  resourceOf(schema: object, fallback: SchemaResource): SchemaResource {
    return this.#resourceOf.get(schema) ?? fallback;
  }

  /** What a reference leads to. @throws {SchemaError} when that is nothing, or somewhere else */
  resolve(reference: string, base: SchemaResource): { readonly schema: unknown; readonly resource: SchemaResource } {
    const [relative, fragment] = split(joinAddress(base.address, reference));
    const resource = this.#resources.get(relative) ?? this.#load(relative);
    if (fragment === "") return { schema: resource.root, resource: this.#ofSchema(resource.root, resource) };
    const decoded = decodeFragment(fragment, reference);
    if (!decoded.startsWith("/")) {
      if (!resource.anchors.has(decoded))
        throw new SchemaError(`anchor in ${JSON.stringify(`${relative}#${fragment}`)} not found in schema ${JSON.stringify(relative)}`);
      const schema = resource.anchors.get(decoded);
      return { schema, resource: this.#ofSchema(schema, resource) };
    }
    return this.#follow(decoded, resource, `${relative}#${fragment}`);
  }

  #ofSchema(schema: unknown, fallback: SchemaResource): SchemaResource {
    return isJsonObject(schema) ? this.resourceOf(schema, fallback) : fallback;
  }

  #load(address: string): SchemaResource {
    const known = metaschema(address);
    if (known !== undefined) return this.add(address, known, draftOf(address) ?? 2020);
    if (address.startsWith("urn:")) return this.add(address, true);
    throw new SchemaError(
      `failing loading ${JSON.stringify(address)}: schemas elsewhere are not fetched; put what it says into values.schema.json`,
    );
  }

  #follow(pointer: string, from: SchemaResource, shown: string): { readonly schema: unknown; readonly resource: SchemaResource } {
    let schema = from.root;
    let resource = this.#ofSchema(schema, from);
    for (const token of pointer.slice(1).split("/")) {
      const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
      const next: unknown = Array.isArray(schema) ? schema[Number(key)] : isJsonObject(schema) ? getKey(schema, key) : undefined;
      if (next === undefined) throw new SchemaError(`json-pointer in ${JSON.stringify(shown)} not found`);
      schema = next;
      resource = this.#ofSchema(schema, resource);
    }
    // A place that no keyword leads to is a schema all the same.
    if (isJsonObject(schema) && !this.#resourceOf.has(schema)) this.#collect(schema, resource.address, shown, resource, resource.draft, 0);
    return { schema, resource };
  }

  #collect(schema: unknown, base: string, place: string, parent: SchemaResource | undefined, fallback: Draft, depth: number): void {
    if (depth > MAX_DEPTH) throw new SchemaError(`the schema is nested more than ${MAX_DEPTH} deep`);
    if (!isJsonObject(schema)) {
      if (parent === undefined) this.#resources.set(base, newResource(base, schema, fallback));
      return;
    }
    if (this.#resourceOf.has(schema)) return;
    const draft = this.#draftOf(schema, parent, fallback);
    const id = idOf(schema, draft);
    let resource = parent;
    if (parent === undefined || id !== "") {
      const address = id === "" ? base : (split(joinAddress(base, id))[0] ?? base);
      resource = newResource(address, schema, draft);
      const old = this.#resources.get(address);
      if (old !== undefined && old.root !== schema && parent !== undefined)
        throw new SchemaError(`duplicate id ${JSON.stringify(address)} in ${JSON.stringify(base)}`);
      this.#resources.set(address, resource);
      // The document is also known by where it was read.
      if (parent === undefined) this.#resources.set(base, resource);
    }
    if (resource === undefined) return;
    this.#resourceOf.set(schema, resource);
    this.#addresses.set(schema, place);
    collectAnchors(schema, resource);
    for (const [child, step] of subschemas(schema)) this.#collect(child, resource.address, `${place}/${step}`, resource, draft, depth + 1);
  }

  #draftOf(schema: JsonObject, parent: SchemaResource | undefined, fallback: Draft): Draft {
    const given = getKey(schema, "$schema");
    if (typeof given !== "string" || (parent !== undefined && idOf(schema, fallback) === "")) return fallback;
    const draft = draftOf(given);
    if (draft !== undefined) return draft;
    if (!/^[a-z][a-z0-9+.-]*:/i.test(given))
      throw new SchemaError(`invalid $schema in ${JSON.stringify("file:///values.schema.json#")}: relative url`);
    throw new SchemaError(`failing loading ${JSON.stringify(given.split("#")[0])}: schemas elsewhere are not fetched`);
  }
}

function newResource(address: string, root: unknown, draft: Draft): SchemaResource {
  return { address, root, draft, anchors: new Map(), dynamicAnchors: new Map() };
}

function split(address: string): [string, string] {
  const hash = address.indexOf("#");
  return hash < 0 ? [address, ""] : [address.slice(0, hash), address.slice(hash + 1)];
}

function decodeFragment(fragment: string, reference: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    throw new SchemaError(`error in parsing ${JSON.stringify(reference)}: invalid URL escape`);
  }
}

/** A reference as seen from an address. @see RFC 3986, section 5 */
function joinAddress(base: string, reference: string): string {
  if (reference.startsWith("#")) return `${split(base)[0]}${reference}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
  const [, scheme = "", host = "", path = ""] = /^([a-z][a-z0-9+.-]*:)(\/\/[^/]*)?([^#]*)/i.exec(base) ?? [];
  if (reference.startsWith("//")) return `${scheme}${reference}`;
  const [target, fragment] = split(reference);
  const joined = target.startsWith("/") ? target : `${path.slice(0, path.lastIndexOf("/") + 1)}${target}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return `${scheme}${host}${parts.join("/")}${fragment === "" ? "" : `#${fragment}`}`;
}

function idOf(schema: JsonObject, draft: Draft): string {
  // Beside $ref nothing counts in older drafts.
  if (draft < 2019 && Object.hasOwn(schema, "$ref")) return "";
  const id = getKey(schema, draft === 4 ? "id" : "$id");
  return typeof id === "string" ? split(id)[0] : "";
}

function collectAnchors(schema: JsonObject, resource: SchemaResource): void {
  const add = (name: unknown): void => {
    if (typeof name === "string" && name !== "") resource.anchors.set(name, schema);
  };
  if (resource.draft < 2019) {
    if (Object.hasOwn(schema, "$ref")) return;
    const id = getKey(schema, resource.draft === 4 ? "id" : "$id");
    const fragment = typeof id === "string" ? split(id)[1] : "";
    if (!fragment.startsWith("/")) add(fragment);
    return;
  }
  add(getKey(schema, "$anchor"));
  const dynamic = getKey(schema, "$dynamicAnchor");
  if (resource.draft >= 2020 && typeof dynamic === "string") {
    add(dynamic);
    resource.dynamicAnchors.set(dynamic, schema);
  }
}

function* subschemas(schema: JsonObject): Generator<[unknown, string]> {
  for (const keyword of SCHEMA_KEYWORDS) {
    const child = getKey(schema, keyword);
    if (isJsonObject(child)) yield [child, keyword];
  }
  for (const keyword of LIST_KEYWORDS) {
    const list = getKey(schema, keyword);
    if (Array.isArray(list)) for (const [index, child] of list.entries()) yield [child, `${keyword}/${index}`];
  }
  for (const keyword of MAP_KEYWORDS) {
    const map = getKey(schema, keyword);
    if (isJsonObject(map)) for (const [name, child] of Object.entries(map)) if (!Array.isArray(child)) yield [child, `${keyword}/${name}`];
  }
}
