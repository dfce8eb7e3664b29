// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Schema } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { builtinSchema } from "../builtin/schema.ts";
import type { Discovery } from "../discovery/serve.ts";
import type { GroupVersion } from "../discovery/groups.ts";
import type { RequestContext } from "../request/context.ts";
import { methodNotAllowed } from "../status-errors.ts";
import type { ResourceDefinition } from "../resource.ts";
import { Components } from "./component-schema.ts";
import { pathsOf } from "./operations.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const TEXT = "text/plain; charset=utf-8";
/** What the index lists besides groups. */
const OTHER_PATHS = [".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version"] as const;

interface Document {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** The OpenAPI v3 documents: one for each group and version, made when they are first asked for. */
export class OpenApi {
  readonly #discovery: Discovery;
  readonly #version: string;
  /** By the resources they describe: a version that did not change keeps its document. */
  #documents = new Map<string, { readonly resources: readonly ResourceDefinition[]; readonly document: Document }>();

  constructor(discovery: Discovery, version: string) {
    this.#discovery = discovery;
    this.#version = version;
  }

  /** Answers `/openapi/v3` and below. @throws {ApiError} 405 */
  serve(parts: readonly string[], request: RequestContext): Answer {
    if (request.method !== "GET") throw methodNotAllowed();
    if (parts.length === 0) return this.#index();
    const path = parts.join("/");
    const document = this.#document(path);
    if (!document) return { status: 404, contentType: "" };
    const asked = request.query.first("hash");
    if (asked !== undefined && asked !== "" && asked !== document.hash) {
      return { status: 301, headers: { location: `/openapi/v3/${path}?hash=${document.hash}` } };
    }
    const etag = `"${document.hash}"`;
    const headers: Record<string, string> = { etag, vary: "Accept" };
    if (asked) {
      headers["cache-control"] = "public, immutable";
      headers["expires"] = new Date(Date.UTC(9999, 0)).toUTCString();
    } else headers["cache-control"] = "no-cache, private";
    if (request.headers["if-none-match"] === etag) return { status: 304, headers };
    return { status: 200, headers, object: JSON.parse(document.bytes.toString("utf8")) as unknown, encoded: () => [document.bytes] };
  }

  #index(): Answer {
    const keys = new Set<string>(OTHER_PATHS);
    for (const { name, versions } of this.#discovery.groups) {
      if (name !== "") keys.add(`apis/${name}`);
      for (const { version } of versions) keys.add(name === "" ? `api/${version}` : `apis/${name}/${version}`);
    }
    const paths: Record<string, object> = {};
    for (const key of [...keys].toSorted()) {
      const document = this.#document(key);
      if (document) paths[key] = { serverRelativeURL: `/openapi/v3/${key}?hash=${document.hash}` };
    }
    // The real server answers JSON under this type.
    return {
      status: 200,
      contentType: TEXT,
      headers: { "cache-control": "no-cache, private" },
      text: JSON.stringify({ paths }),
      object: { paths },
    };
  }

  #document(key: string): Document | undefined {
    const [root, group, version, ...more] = key.split("/");
    if (more.length > 0) return undefined;
    if (root === "api" && group !== undefined && version === undefined) return this.#groupVersion(key, "", group);
    if (root === "apis" && group !== undefined && version !== undefined) return this.#groupVersion(key, group, version);
    const isGroup = root === "apis" && group !== undefined && this.#discovery.groups.some(({ name }) => name === group);
    if (!isGroup && !(OTHER_PATHS as readonly string[]).includes(key)) return undefined;
    return this.#kept(key, [], () => ({ [`/${key}`]: {} }), new Components());
  }

  #groupVersion(key: string, group: string, version: string): Document | undefined {
    const found = this.#discovery.groups.find(({ name }) => name === group)?.versions.find((candidate) => candidate.version === version);
    if (!found) return undefined;
    const components = new Components();
    return this.#kept(key, found.resources, () => describe(`/${key}`, found, components), components);
  }

  #kept(key: string, resources: readonly ResourceDefinition[], describePaths: () => object, components: Components): Document {
    const kept = this.#documents.get(key);
    if (kept && kept.resources.length === resources.length && kept.resources.every((resource, index) => resource === resources[index])) {
      return kept.document;
    }
    const paths = describePaths();
    const body = {
      openapi: "3.0.0",
      info: { title: "Kubernetes", version: this.#version },
      paths,
      components: { schemas: Object.fromEntries([...components.schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))) },
    };
    const bytes = Buffer.from(JSON.stringify(body), "utf8");
    const document = { bytes, hash: createHash("sha512").update(bytes).digest("hex").toUpperCase() };
    this.#documents.set(key, { resources, document });
    return document;
  }
}

function describe(base: string, { resources }: GroupVersion, components: Components): object {
  const paths: Record<string, object> = { [`${base}/`]: { get: { responses: { "200": { description: "OK" } } } } };
  components.add(`${META}.Patch`, {
    type: "object",
    description: "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
  });
  for (const definition of resources) {
    const name = componentName(definition);
    addComponents(components, name, definition);
    Object.assign(paths, pathsOf(base, definition, name));
  }
  for (const kind of ["DeleteOptions", "Status"]) {
    const schema = builtinSchema("v1", kind);
    if (schema) components.inline(schema);
  }
  return paths;
}

/** `io.k8s.api.apps.v1.Deployment`; for custom resources the group reversed: `com.example.v1.Widget`. */
function componentName(definition: ResourceDefinition): string {
  return definition.schema["x-name"] ?? `${definition.group.split(".").toReversed().join(".")}.${definition.version}.${definition.kind}`;
}

function addComponents(components: Components, name: string, definition: ResourceDefinition): void {
  const { group, version, kind } = definition;
  const schema: Schema = definition.isCustom ? customSchema(definition) : definition.schema;
  components.add(name, { ...schema, "x-kubernetes-group-version-kind": [{ group, version, kind }] });
  if (!definition.verbs.includes("list")) return;
  const listName = name.replace(/[^.]+$/, definition.listKind);
  components.add(listName, listSchema(definition, { ...schema, "x-name": name }));
}

const API_VERSION_TEXT =
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND_TEXT =
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
const METADATA_TEXT =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const LIST_METADATA_TEXT =
  "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

function customSchema({ schema }: ResourceDefinition): Schema {
  const meta = metaType("ObjectMeta");
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { description: API_VERSION_TEXT, type: "string" },
      kind: { description: KIND_TEXT, type: "string" },
      metadata: { ...meta, description: METADATA_TEXT },
    },
  };
}

function listSchema({ group, version, listKind, plural }: ResourceDefinition, item: Schema): Schema {
  return {
    description: `${listKind} is a list of ${listKind.replace(/List$/, "")}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { description: API_VERSION_TEXT, type: "string" },
      items: {
        description: `List of ${plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: "array",
        items: item,
      },
      kind: { description: KIND_TEXT, type: "string" },
      metadata: { ...metaType("ListMeta"), description: LIST_METADATA_TEXT },
    },
    "x-kubernetes-group-version-kind": [{ group, version, kind: listKind }],
  };
}

function metaType(name: "ObjectMeta" | "ListMeta"): Schema {
  const holder = name === "ObjectMeta" ? builtinSchema("v1", "ConfigMap") : undefined;
  const meta = holder?.properties?.["metadata"];
  if (meta) return { ...meta, "x-name": `${META}.ObjectMeta` };
  return {
    type: "object",
    "x-name": `${META}.ListMeta`,
    description: "ListMeta describes metadata that synthetic resources must have, including lists and various status objects.",
    properties: {
      continue: { type: "string" },
      remainingItemCount: { type: "integer", format: "int64" },
      resourceVersion: { type: "string" },
      selfLink: { type: "string" },
    },
  };
}
