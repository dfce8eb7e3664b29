// SPDX-License-Identifier: Apache-2.0
import type { Clock, Identity, Transport, TransportRequest, TransportResponse } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { attributesOf } from "./access/attributes.ts";
import { Authorizer } from "./access/authorizer.ts";
import { notAllowed } from "./access/forbid.ts";
import { impersonate } from "./access/impersonate.ts";
import { ServiceAccountTokens } from "./access/service-account-tokens.ts";
import { ValidatingPolicies } from "./admission/validating-policy.ts";
import type { Answer } from "./answer/answer.ts";
import { errorAnswer } from "./answer/answer.ts";
import { iterateWatch } from "./answer/watch-stream.ts";
import { decodeProtobuf } from "./builtin/protobuf/decode.ts";
import { CustomResources } from "./crd/custom-resources.ts";
import { builtinResources } from "./builtin/resources.ts";
import { warningHeader } from "./answer/warning-header.ts";
import { inYaml } from "./answer/in-yaml.ts";
import { Encoder } from "./codec/encoder.ts";
import { MergeTypes } from "./managed-fields.ts";
import type { Plane, SubresourceHandler } from "./plane.ts";
import { Registry, storageKeyOf, Views, objectKey } from "./registry.ts";
import type { RequestContext } from "./request/context.ts";
import { prefersYaml } from "./request/media.ts";
import { Query } from "./request/query.ts";
import { requestInfo } from "./request/request-info.ts";
import type { ResourceDefinition, StrategyContext } from "./resource.ts";
import { routeResource } from "./route.ts";
import type { OtherPaths } from "./route-other.ts";
import { routeOther } from "./route-other.ts";
import { Discovery } from "./discovery/serve.ts";
import { DEFAULT_VERSION } from "./discovery/version-info.ts";
import { OpenApi } from "./openapi/serve.ts";
import { KubeServerError } from "./kube-server-error.ts";
import { failure, plainError } from "./status-errors.ts";
import type { Journal } from "./store/change.ts";
import { indexServices } from "./service-index.ts";
import { RevisionStore } from "./store/revision-store.ts";
import { createBootstrapRoles, createSystemObjects } from "./system-objects.ts";

export interface ApiServerOptions {
  readonly clock: Clock;
  /** 0 (included) to 1 (excluded); for uids, generated names and timeouts. `Math.random` when absent. */
  readonly random?: () => number;
  /** Keeps what is written. Absent: memory only. */
  readonly journal?: Journal;
  /** How many changes are kept for watches and reads of the past. 10,000 when absent. */
  readonly history?: number;
  /** The built-in resources; those of Kubernetes 1.36 when absent. */
  readonly resources?: readonly ResourceDefinition[];
  /** The key that signs tokens of service accounts, a P-256 key in PEM. Absent: there are no such tokens. */
  readonly serviceAccountKey?: string;
  /** Code for subresources by `resource/name`, such as `pods/log`: simulated nodes bring it. */
  readonly subresources?: Readonly<Record<string, SubresourceHandler>>;
  /** The version of Kubernetes that `/version` tells: `v1.36.4` when absent. */
  readonly serverVersion?: string;
  /** `host:port` under which clients reach the server, as `/api` tells it. */
  readonly serverAddress?: string;
  /** The block of addresses that Services are given, `10.96.0.0/12` when absent. */
  readonly serviceCidr?: string;
  /** Who asks when a request does not say: an administrator when absent. */
  readonly identity?: Identity;
}

/** A request of a front: what a transport sends, and who the front found it to be. */
export interface ServerRequest extends Omit<TransportRequest, "identity"> {
  readonly identity: Identity;
}

/** A Kubernetes API in this process. */
export interface ApiServer {
  /** Answers in process: objects are shared and frozen, nothing is encoded. */
  readonly transport: Transport;
  /** The same before it takes a transport's shape, for fronts that write bytes. */
  handle(request: ServerRequest): Promise<Answer & { readonly warnings: readonly string[] }>;
  readonly plane: Plane;
  /** Ends the journal. Open watches see no more. */
  close(): void;
}

/** As kubeadm has it. */
const SERVICE_CIDR = "10.96.0.0/12";

export const ADMIN: Identity = { user: "admin", groups: ["system:masters", "system:authenticated"] };

/**
 * Makes an API server: a function over an append-only log. It opens no port; see `serveHttps`.
 * @throws {KubeServerError} when the journal cannot be read
 */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const plane = createPlane(options);
  createSystemObjects(plane);
  createBootstrapRoles(plane);
  new CustomResources(plane).start();
  const version = options.serverVersion ?? DEFAULT_VERSION;
  const discovery = new Discovery(plane.registry, options.serverAddress ?? "localhost");
  const health = new Map([
    ["ping", () => undefined],
    ["log", () => undefined],
    ["etcd", () => undefined],
  ]);
  const others: OtherPaths = { discovery, openApi: new OpenApi(discovery, version), version, health, tokens: plane.tokens };
  const handle = async (request: ServerRequest): Promise<Answer & { readonly warnings: readonly string[] }> => {
    let context: RequestContext;
    try {
      context = contextOf(plane, request);
    } catch (error) {
      if (error instanceof ApiError) return { ...errorAnswer(error), warnings: [] };
      throw error;
    }
    const given = await answer(plane, others, context);
    return { ...(prefersYaml(context.headers["accept"]) ? inYaml(given) : given), warnings: context.warnings };
  };
  const transport: Transport = async (request) => {
    request.signal?.throwIfAborted();
    const given = await handle({ ...request, identity: request.identity ?? options.identity ?? ADMIN });
    return toResponse(given, request.signal);
  };
  return { transport, handle, plane, close: () => options.journal?.close() };
}

function createPlane(options: ApiServerOptions): Plane {
  const store = new RevisionStore({
    ...(options.history === undefined ? {} : { history: options.history }),
    ...(options.journal === undefined ? {} : { journal: options.journal }),
  });
  const registry = new Registry(options.resources ?? builtinResources());
  const views = new Views();
  const random = options.random ?? Math.random;
  const services = indexServices(store, options.serviceCidr ?? SERVICE_CIDR);
  const strategyContext = (): StrategyContext => ({
    services,
    now: options.clock.now(),
    random,
    read: (apiVersion, kind, namespace, name) => {
      const definition = registry.kind(apiVersion, kind);
      const stored = definition && store.get(storageKeyOf(definition), objectKey(definition, namespace, name));
      return definition && stored ? views.of(definition, stored) : undefined;
    },
    list: (apiVersion, kind, namespace) => {
      const definition = registry.kind(apiVersion, kind);
      if (!definition) return [];
      const prefix = namespace && definition.namespaced ? `${namespace}/` : "";
      return store.page(storageKeyOf(definition), prefix).objects.map((object) => views.of(definition, object));
    },
  });
  return {
    clock: options.clock,
    random,
    store,
    registry,
    views,
    encoder: new Encoder(),
    mergeTypes: new MergeTypes(),
    authorizer: new Authorizer(store),
    policies: new ValidatingPolicies(),
    tokens: new ServiceAccountTokens({
      store,
      clock: options.clock,
      ...(options.serviceAccountKey ? { key: options.serviceAccountKey } : {}),
    }),
    subresources: new Map(Object.entries(options.subresources ?? {})),
    decodeProtobuf,
    strategyContext,
  };
}

/** @throws {ApiError} 400, 403 for an impersonation that is not in order */
function contextOf(plane: Plane, request: ServerRequest): RequestContext {
  const headers = request.headers ?? {};
  const query = new Query(request.query);
  return {
    method: request.method,
    info: requestInfo(request.method, request.path, query.flag("watch")),
    query,
    headers,
    identity: impersonate(headers, request.identity, plane.authorizer),
    body: request.body,
    signal: request.signal,
    warnings: [],
  };
}

async function answer(plane: Plane, others: OtherPaths, context: RequestContext): Promise<Answer> {
  try {
    const { isAllowed, reason } = plane.authorizer.decide(attributesOf(context.info, context.identity));
    if (!isAllowed) throw notAllowed(attributesOf(context.info, context.identity), reason);
    if (context.info.isResource) return routeResource(plane, context);
    return routeOther(others, context);
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    // Nothing was written: the journal refuses before anybody sees a change.
    if (error instanceof KubeServerError && error.code === "DISK_FULL")
      return errorAnswer(failure(507, "InsufficientStorage", error.message, {}));
    return errorAnswer(plainError(error instanceof Error ? error.message : String(error)));
  }
}

function toResponse(given: Answer & { readonly warnings: readonly string[] }, signal: AbortSignal | undefined): TransportResponse {
  const headers: Record<string, string | readonly string[]> = { "content-type": given.contentType ?? "application/json", ...given.headers };
  if (given.warnings.length > 0) headers["warning"] = given.warnings.map(warningHeader);
  return {
    status: given.status,
    headers,
    ...(given.object === undefined ? {} : { object: given.object }),
    ...(given.text === undefined ? {} : { text: given.text }),
    ...(given.watch ? { events: iterateWatch(given.watch, signal) } : {}),
    ...(given.stream ? { stream: given.stream } : {}),
  };
}
