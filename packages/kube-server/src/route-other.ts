// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "./answer/answer.ts";
import { pageNotFound } from "./answer/page-not-found.ts";
import type { HealthCheck } from "./discovery/health.ts";
import { serveHealth } from "./discovery/health.ts";
import type { Discovery } from "./discovery/serve.ts";
import { versionInfo } from "./discovery/version-info.ts";
import type { OpenApi } from "./openapi/serve.ts";
import type { RequestContext } from "./request/context.ts";
import { methodNotAllowed } from "./status-errors.ts";

/** What answers for paths that are no resources. */
export interface OtherPaths {
  readonly discovery: Discovery;
  readonly openApi: OpenApi;
  readonly version: string;
  readonly health: ReadonlyMap<string, HealthCheck>;
}

const HEALTH_ENDPOINTS: ReadonlySet<string> = new Set(["healthz", "livez", "readyz"]);

/** @throws {ApiError} 404, 405, 406 */
export function routeOther(paths: OtherPaths, request: RequestContext): Answer {
  const parts = request.info.path.split("/").filter((part) => part !== "");
  const [root = "", ...rest] = parts;
  if (root === "api" || root === "apis") return paths.discovery.serve(parts, request);
  if (root === "openapi" && rest[0] === "v3") return paths.openApi.serve(rest.slice(1), request);
  if (request.method !== "GET") return pageNotFoundOr405(root);
  if (HEALTH_ENDPOINTS.has(root)) return serveHealth(root, rest, request.query, paths.health);
  if (root === "version" && rest.length === 0) return { status: 200, object: versionInfo(paths.version) };
  if (root === "") return { status: 200, object: { paths: rootPaths(paths) } };
  return pageNotFound();
}

function pageNotFoundOr405(root: string): Answer {
  if (HEALTH_ENDPOINTS.has(root) || root === "version" || root === "") throw methodNotAllowed();
  return pageNotFound();
}

function rootPaths({ discovery, health }: OtherPaths): readonly string[] {
  const found = new Set<string>(["/api", "/apis", "/apis/", "/healthz", "/livez", "/openapi/v3", "/openapi/v3/", "/readyz", "/version"]);
  for (const { name, versions } of discovery.groups) {
    if (name !== "") found.add(`/apis/${name}`);
    for (const { version } of versions) found.add(name === "" ? `/api/${version}` : `/apis/${name}/${version}`);
  }
  for (const endpoint of HEALTH_ENDPOINTS) for (const check of health.keys()) found.add(`/${endpoint}/${check}`);
  return [...found].toSorted();
}
