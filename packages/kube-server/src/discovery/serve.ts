// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Answer } from "../answer/answer.ts";
import { pageNotFound } from "../answer/page-not-found.ts";
import type { Registry } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { negotiate, SERVED_TYPES } from "../request/media.ts";
import { methodNotAllowed, noSuchPath, notAcceptable } from "../status-errors.ts";
import { groupDiscoveryList } from "./aggregated.ts";
import type { Group } from "./groups.ts";
import { groupsOf } from "./groups.ts";
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from "./legacy.ts";

/** What can be asked of the API about itself, kept until the resources change. */
export class Discovery {
  readonly #registry: Registry;
  readonly #serverAddress: string;
  #generation = -1;
  #groups: readonly Group[] = [];
  #documents = new Map<string, { readonly object: object; readonly bytes: Buffer; readonly etag: string }>();

  constructor(registry: Registry, serverAddress: string) {
    this.#registry = registry;
    this.#serverAddress = serverAddress;
  }

  get groups(): readonly Group[] {
    if (this.#generation !== this.#registry.generation) {
      this.#generation = this.#registry.generation;
      this.#groups = groupsOf(this.#registry);
      this.#documents.clear();
    }
    return this.#groups;
  }

  /** Answers below `/api` and `/apis`. @throws {ApiError} 404, 405, 406 */
  serve(parts: readonly string[], request: RequestContext): Answer {
    if (request.method !== "GET") throw methodNotAllowed();
    const { groups } = this;
    const [root, first, second, ...more] = parts;
    const isCore = root === "api";
    if (first === undefined) return this.#root(isCore, request);
    if (isCore) {
      const group = groups.find(({ name }) => name === "");
      const version = group?.versions.find((candidate) => candidate.version === first);
      if (!version || second !== undefined) throw noSuchPath();
      return this.#document(`/api/${first}`, request, () => apiResourceList("", version));
    }
    const group = groups.find(({ name }) => name === first && name !== "");
    if (!group || more.length > 0) return pageNotFound();
    if (second === undefined) return this.#document(`/apis/${first}`, request, () => apiGroup(group));
    const version = group.versions.find((candidate) => candidate.version === second);
    if (version) return this.#document(`/apis/${first}/${second}`, request, () => apiResourceList(first, version));
    if (this.#registry.isBuiltinGroup(first)) throw noSuchPath();
    return pageNotFound();
  }

  #root(isCore: boolean, request: RequestContext): Answer {
    const wanted = negotiate(request.headers["accept"], { table: false, metadata: false, discovery: true });
    if (!wanted) throw notAcceptable(SERVED_TYPES);
    const groups = this.groups.filter(({ name }) => (name === "") === isCore);
    if (wanted.form === "discovery-v2" || wanted.form === "discovery-v2beta1") {
      const version = wanted.form === "discovery-v2" ? "v2" : "v2beta1";
      const key = `${isCore ? "/api" : "/apis"} ${version}`;
      const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
      return { ...this.#document(key, request, () => groupDiscoveryList(groups, version), true), contentType };
    }
    return isCore
      ? this.#document("/api", request, () => apiVersions(this.#serverAddress))
      : this.#document("/apis", request, () => apiGroupList(groups));
  }

  #document(key: string, request: RequestContext, make: () => object, withEtag = false): Answer {
    let document = this.#documents.get(key);
    if (!document) {
      const object = make();
      const bytes = Buffer.from(JSON.stringify(object), "utf8");
      document = { object, bytes, etag: `"${createHash("sha512").update(bytes).digest("hex").toUpperCase()}"` };
      this.#documents.set(key, document);
    }
    const { object, bytes, etag } = document;
    const headers: Record<string, string> = withEtag ? { etag, vary: "Accept", "cache-control": "public" } : {};
    if (withEtag && request.headers["if-none-match"] === etag) return { status: 304, headers };
    return { status: 200, headers, object, encoded: () => [bytes] };
  }
}
