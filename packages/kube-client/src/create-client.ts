// SPDX-License-Identifier: Apache-2.0
import type {
  Identity,
  KindDefinition,
  KubeObject,
  ObjectRef,
  Transport,
  TransportRequest,
  TransportResponse,
  WatchEvent,
} from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import type { Client, DeleteOptions, KindRef, ListOptions, ListResult, PatchOptions, ResourceInfo, WriteOptions } from "./client.ts";
import { isPathMissing, objectOf, toApiError } from "./answer.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import { resourcePath } from "./paths.ts";

/** Who asks, and what is known beforehand. */
export interface ClientConfig {
  /** `kustomize-controller/v1.9.4`; the part before the slash is the field manager of writes that name none. */
  readonly userAgent: string;
  /** Acts as somebody else. */
  readonly identity?: Identity;
  /** Kinds that need no discovery. */
  readonly kinds?: readonly KindDefinition[];
  /** What the server has, as somebody else asked already: shared by clients of one cluster. */
  readonly discovery?: Discovery;
  /** Objects per page of a list. Default 500. */
  readonly pageSize?: number;
}

const metadataOnlyAccept = {
  object: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
  list: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
};

const patchTypes: Readonly<Record<PatchOptions["type"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

type Query = Record<string, string | undefined>;

/**
 * A client over any transport.
 *
 * Lists are read page by page; one whose continue token expires half-way is read anew from the beginning.
 * A kind whose path has vanished (its CRD was replaced) is discovered anew, once per call.
 */
export function createClient(transport: Transport, config: ClientConfig): Client {
  const headers = { "user-agent": config.userAgent };
  const common = { headers, ...(config.identity === undefined ? {} : { identity: config.identity }) };
  const discovery = config.discovery ?? createDiscovery(transport, common, config.kinds ?? []);
  const pageSize = config.pageSize ?? 500;

  const send = (request: Omit<TransportRequest, "identity">): Promise<TransportResponse> =>
    transport({ ...common, ...request, headers: { ...headers, ...request.headers } });

  const call = async (request: Omit<TransportRequest, "identity">): Promise<Record<string, unknown>> =>
    objectOf(await send(request), `${request.method} ${request.path}`);

  const withResource = async <T>(
    kind: KindRef,
    addressable: (info: ResourceInfo) => boolean,
    work: (info: ResourceInfo) => Promise<T>,
  ): Promise<T> => {
    const info = await discovery.resourceFor(kind);
    try {
      return await work(info);
    } catch (error) {
      if (!isPathMissing(error) || !addressable(info)) throw error;
      discovery.forget(kind.apiVersion);
      const anew = await discovery.resourceFor(kind);
      if (sameResource(info, anew)) throw error;
      return work(anew);
    }
  };

  const onObject = <T extends KubeObject>(
    ref: ObjectRef,
    method: string,
    options: WriteOptions,
    more: {
      readonly query?: Query;
      readonly headers?: Record<string, string>;
      readonly body?: TransportRequest["body"];
      readonly collection?: boolean;
    },
  ): Promise<T> =>
    withResource(
      ref,
      (info) => !info.namespaced || Boolean(ref.namespace),
      async (info) =>
        (await call({
          method,
          path: resourcePath(info, {
            namespace: ref.namespace,
            name: more.collection ? undefined : ref.name,
            subresource: options.subresource,
          }),
          query: { ...writeQuery(options), ...more.query },
          ...(more.headers === undefined ? {} : { headers: more.headers }),
          ...(more.body === undefined ? {} : { body: more.body }),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
          // What the caller says the object is; the server is trusted to answer with the same kind.
        })) as unknown as T,
    );

  const get: Client["get"] = (ref, options = {}) => onObject(ref, "GET", options, {});

  const listOnce = async <T extends KubeObject>(info: ResourceInfo, kind: KindRef, options: ListOptions): Promise<ListResult<T>> => {
    const items: T[] = [];
    let token: string | undefined;
    let resourceVersion = "";
    do {
      const page = await call({
        method: "GET",
        path: resourcePath(info, { namespace: options.namespace }),
        query: {
          ...selectors(options),
          limit: String(pageSize),
          continue: token,
          resourceVersion: token === undefined ? options.resourceVersion : undefined,
        },
        ...(options.metadataOnly ? { headers: { accept: metadataOnlyAccept.list } } : {}),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const metadata = (page["metadata"] ?? {}) as { resourceVersion?: string; continue?: string };
      resourceVersion = metadata.resourceVersion ?? "";
      for (const item of Array.isArray(page["items"]) ? (page["items"] as T[]) : []) items.push(withKind(item, kind));
      token = metadata.continue || undefined;
    } while (token !== undefined);
    return { resourceVersion, items };
  };

  return {
    identity: config.identity,
    transport,
    get,
    async find<T extends KubeObject>(ref: ObjectRef, options = {}) {
      try {
        return await get<T>(ref, options);
      } catch (error) {
        // A missing kind is not a missing object: the caller has to know.
        if (isNotFound(error) && !isPathMissing(error)) return undefined;
        throw error;
      }
    },
    list: (kind, options = {}) =>
      withResource(
        kind,
        () => true,
        async (info) => {
          try {
            return await listOnce(info, kind, options);
          } catch (error) {
            if (!isExpired(error) || options.resourceVersion) throw error;
            return listOnce(info, kind, options);
          }
        },
      ),
    create: (object, options = {}) => onObject(refOf(object), "POST", options, { collection: true, body: object }),
    update: (object, options = {}) => onObject(refOf(object), "PUT", options, { body: object }),
    patch: (ref, patch, options) =>
      onObject(ref, "PATCH", options, { headers: { "content-type": patchTypes[options.type] }, body: patch as Record<string, unknown> }),
    apply: (object, options) =>
      onObject(refOf(object), "PATCH", options, {
        query: { force: options.force ? "true" : undefined },
        headers: { "content-type": "application/apply-patch+yaml" },
        body: object,
      }),
    delete: (ref, options = {}) =>
      onObject(ref, "DELETE", options.signal === undefined ? {} : { signal: options.signal }, { body: deleteBody(options) }),
    watch: (kind, options) =>
      withResource(
        kind,
        () => true,
        async (info) => {
          const response = await send({
            method: "GET",
            path: resourcePath(info, { namespace: options.namespace }),
            query: {
              ...selectors(options),
              watch: "true",
              allowWatchBookmarks: "true",
              resourceVersion: options.resourceVersion,
              timeoutSeconds: options.timeoutSeconds === undefined ? undefined : String(options.timeoutSeconds),
              sendInitialEvents: options.sendInitialEvents ? "true" : undefined,
              resourceVersionMatch: options.sendInitialEvents ? "NotOlderThan" : undefined,
            },
            ...(options.metadataOnly ? { headers: { accept: metadataOnlyAccept.object } } : {}),
            ...(options.signal === undefined ? {} : { signal: options.signal }),
          });
          if (response.status >= 400) throw toApiError(response);
          if (response.events === undefined)
            throw new Error(`Watch of ${kind.kind}: the server answered ${response.status} without a stream of events`);
          return response.events as AsyncIterable<WatchEvent>;
        },
      ),
    resourceFor: (kind) => discovery.resourceFor(kind),
    resources: () => discovery.resources(),
    forgetDiscovery: () => discovery.forget(),
  };
}

function sameResource(a: ResourceInfo, b: ResourceInfo): boolean {
  return a.plural === b.plural && a.namespaced === b.namespaced;
}

function isExpired(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 410;
}

/** Items of a list of a built-in kind come without apiVersion and kind. */
function withKind<T extends KubeObject>(item: T, kind: KindRef): T {
  return item.kind && item.apiVersion ? item : { ...item, apiVersion: kind.apiVersion, kind: kind.kind };
}

function selectors(options: ListOptions): Query {
  return { labelSelector: options.labelSelector || undefined, fieldSelector: options.fieldSelector || undefined };
}

function writeQuery(options: WriteOptions): Query {
  return {
    fieldManager: options.fieldManager,
    dryRun: options.dryRun ? "All" : undefined,
    fieldValidation: options.fieldValidation,
  };
}

function deleteBody(options: DeleteOptions): Record<string, unknown> {
  const preconditions = {
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
  };
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(options.propagationPolicy === undefined ? {} : { propagationPolicy: options.propagationPolicy }),
    ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
    ...(options.dryRun ? { dryRun: ["All"] } : {}),
  };
}
