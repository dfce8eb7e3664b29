// SPDX-License-Identifier: Apache-2.0
import type { ServiceAccountTokens } from "./access/service-account-tokens.ts";
import type { Answer } from "./answer/answer.ts";
import { pageNotFound } from "./answer/page-not-found.ts";
import type { HealthCheck } from "./discovery/health.ts";
import { serveHealth } from "./discovery/health.ts";
import type { Discovery } from "./discovery/serve.ts";
import { versionInfo } from "./discovery/version-info.ts";
import type { OpenApi } from "./openapi/serve.ts";
import { openApiVersion2 } from "./openapi/version-2.ts";
import type { RequestContext } from "./request/context.ts";
import { methodNotAllowed } from "./status-errors.ts";

/** What answers for paths that are no resources. */
export interface OtherPaths {
  readonly discovery: Discovery;
  readonly openApi: OpenApi;
  readonly version: string;
  readonly health: ReadonlyMap<string, HealthCheck>;
  readonly tokens: ServiceAccountTokens;
}

const KEYS_PATH = "/openid/v1/jwks";
const HEALTH_ENDPOINTS: ReadonlySet<string> = new Set(["healthz", "livez", "readyz"]);

/** @throws {ApiError} 404, 405, 406 */
export function routeOther(paths: OtherPaths, request: RequestContext): Answer {
  const parts = request.info.path.split("/").filter((part) => part !== "");
  const [root = "", ...rest] = parts;
  if (root === "api" || root === "apis") return paths.discovery.serve(parts, request);
  if (root === "openapi" && rest[0] === "v2" && rest.length === 1 && request.method === "GET") {
    return openApiVersion2(request.headers["accept"], paths.version);
  }
  if (root === "openapi" && rest[0] === "v3") return paths.openApi.serve(rest.slice(1), request);
  if (request.method !== "GET") return pageNotFoundOr405(root);
  if (HEALTH_ENDPOINTS.has(root)) return serveHealth(root, rest, request.query, paths.health);
  if (root === "version" && rest.length === 0) return { status: 200, object: versionInfo(paths.version) };
  if (request.info.path === KEYS_PATH && paths.tokens.publicKeys) {
    return { status: 200, object: paths.tokens.publicKeys, contentType: "application/jwk-set+json" };
  }
  if (request.info.path === "/.well-known/openid-configuration" && paths.tokens.publicKeys) {
    return { status: 200, object: openIdConfiguration(paths.tokens.issuer) };
  }
  if (root === "") return { status: 200, object: { paths: rootPaths(paths) } };
  return pageNotFound();
}

/** How others find the keys that verify tokens of service accounts. @see OpenID Connect Discovery 1.0 */
function openIdConfiguration(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${issuer}${KEYS_PATH}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}

function pageNotFoundOr405(root: string): Answer {
  if (HEALTH_ENDPOINTS.has(root) || root === "version" || root === "") throw methodNotAllowed();
  return pageNotFound();
}

function rootPaths({ discovery, health, tokens }: OtherPaths): readonly string[] {
  const found = new Set<string>([
    "/api",
    "/apis",
    "/apis/",
    "/healthz",
    "/livez",
    "/openapi/v2",
    "/openapi/v3",
    "/openapi/v3/",
    "/readyz",
    "/version",
  ]);
  for (const { name, versions } of discovery.groups) {
    if (name !== "") found.add(`/apis/${name}`);
    for (const { version } of versions) found.add(name === "" ? `/api/${version}` : `/apis/${name}/${version}`);
  }
  if (tokens.canSign) found.add("/.well-known/openid-configuration").add(KEYS_PATH);
  for (const endpoint of HEALTH_ENDPOINTS) for (const check of health.keys()) found.add(`/${endpoint}/${check}`);
  return [...found].toSorted();
}
