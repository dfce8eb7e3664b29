// SPDX-License-Identifier: Apache-2.0
import type { Clock, KubeObject, KubeStatus, Transport } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import { controllerOf } from "./objects.ts";
import type { OwnerIndex } from "./owner-index.ts";

/** The part of the store that controllers read: without a call, always fresh. */
export interface StoreReader {
  get(resource: string, key: string): KubeObject | undefined;
  page(resource: string, prefix: string): { readonly objects: readonly KubeObject[] };
  resources(): Iterable<string>;
  subscribe(resource: string, listener: (change: Change) => void): () => void;
}

/** Where a kind is served: group and version in the path, and its plural. */
export interface Endpoint {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly prefix: string;
  /** `pods`. */
  readonly plural: string;
  /** Key in the store: `pods`, `deployments.apps`. */
  readonly resource: string;
}

function endpoint(group: string, version: string, plural: string): Endpoint {
  return group === ""
    ? { prefix: `/api/${version}`, plural, resource: plural }
    : { prefix: `/apis/${group}/${version}`, plural, resource: `${plural}.${group}` };
}

/** The kinds that the simulated controllers work with. */
export const ENDPOINTS = {
  configMaps: endpoint("", "v1", "configmaps"),
  endpoints: endpoint("", "v1", "endpoints"),
  events: endpoint("", "v1", "events"),
  namespaces: endpoint("", "v1", "namespaces"),
  nodes: endpoint("", "v1", "nodes"),
  persistentVolumes: endpoint("", "v1", "persistentvolumes"),
  persistentVolumeClaims: endpoint("", "v1", "persistentvolumeclaims"),
  pods: endpoint("", "v1", "pods"),
  replicationControllers: endpoint("", "v1", "replicationcontrollers"),
  resourceQuotas: endpoint("", "v1", "resourcequotas"),
  serviceAccounts: endpoint("", "v1", "serviceaccounts"),
  services: endpoint("", "v1", "services"),
  controllerRevisions: endpoint("apps", "v1", "controllerrevisions"),
  daemonSets: endpoint("apps", "v1", "daemonsets"),
  deployments: endpoint("apps", "v1", "deployments"),
  replicaSets: endpoint("apps", "v1", "replicasets"),
  statefulSets: endpoint("apps", "v1", "statefulsets"),
  horizontalPodAutoscalers: endpoint("autoscaling", "v2", "horizontalpodautoscalers"),
  cronJobs: endpoint("batch", "v1", "cronjobs"),
  jobs: endpoint("batch", "v1", "jobs"),
  endpointSlices: endpoint("discovery.k8s.io", "v1", "endpointslices"),
  podDisruptionBudgets: endpoint("policy", "v1", "poddisruptionbudgets"),
  clusterRoles: endpoint("rbac.authorization.k8s.io", "v1", "clusterroles"),
  storageClasses: endpoint("storage.k8s.io", "v1", "storageclasses"),
} as const satisfies Record<string, Endpoint>;

const REQUESTS_WITHOUT_BREAK = 50;

export interface PlaneOptions {
  readonly store: StoreReader;
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** `kube-controller-manager`: what managedFields call the writer. */
  readonly component: string;
  /** Which objects belong to which controller; without it they are searched for. */
  readonly owners?: OwnerIndex;
}

/** What one component of the control plane sees and does: reads from the store, writes through the API like everybody else. */
export class Plane {
  readonly store: StoreReader;
  readonly clock: Clock;
  readonly random: () => number;
  readonly component: string;
  readonly #transport: Transport;
  readonly #owners: OwnerIndex | undefined;
  /** By what was told of whom: the Event that tells it, so that it is counted up instead of told again. Oldest first. */
  readonly toldEvents = new Map<string, string>();
  #requests = 0;

  constructor(options: PlaneOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.random = options.random;
    this.component = options.component;
    this.#transport = options.transport;
    this.#owners = options.owners;
  }

  get<T extends KubeObject>(kind: Endpoint, namespace: string | undefined, name: string): T | undefined {
    return this.store.get(kind.resource, keyOf(namespace, name)) as T | undefined;
  }

  list<T extends KubeObject>(kind: Endpoint, namespace?: string): readonly T[] {
    return this.store.page(kind.resource, namespace === undefined ? "" : `${namespace}/`).objects as readonly T[];
  }

  /** Those that the owner controls, in key order. */
  controlledBy<T extends KubeObject>(kind: Endpoint, owner: KubeObject): readonly T[] {
    const { namespace = "", name = "", uid } = owner.metadata;
    return this.controlledByName<T>(kind, namespace, { kind: owner.kind, name }).filter((one) => controllerOf(one)?.uid === uid);
  }

  /** Those that an owner of this name controls or controlled, whatever its uid; without an owner: those that nothing controls. */
  controlledByName<T extends KubeObject>(
    kind: Endpoint,
    namespace: string,
    owner?: { readonly kind: string; readonly name: string },
  ): readonly T[] {
    const found = this.#owners?.controlled(kind.resource, namespace, owner);
    if (found !== undefined) return found as readonly T[];
    return this.list<T>(kind, namespace).filter((object) => {
      const controller = controllerOf(object);
      return controller === undefined ? owner === undefined : controller.kind === owner?.kind && controller.name === owner.name;
    });
  }

  create<T extends KubeObject>(kind: Endpoint, object: Omit<T, "metadata"> & { readonly metadata: KubeObject["metadata"] }): Promise<T> {
    return this.request<T>("POST", pathOf(kind, object.metadata.namespace), object);
  }

  /** With the resourceVersion of the object: a conflict is an error, and the controller looks again. */
  update<T extends KubeObject>(kind: Endpoint, object: T, subresource?: "status" | "finalize"): Promise<T> {
    return this.request<T>("PUT", pathOf(kind, object.metadata.namespace, object.metadata.name, subresource), object);
  }

  mergePatch<T extends KubeObject>(
    kind: Endpoint,
    namespace: string | undefined,
    name: string,
    patch: Readonly<Record<string, unknown>>,
  ): Promise<T> {
    return this.request<T>("PATCH", pathOf(kind, namespace, name), patch, { contentType: "application/merge-patch+json" });
  }

  /** Deletes if it is still this very object; one that is gone is fine. */
  async delete(
    kind: Endpoint,
    object: KubeObject,
    options: { readonly propagationPolicy?: string; readonly gracePeriodSeconds?: number } = {},
  ): Promise<void> {
    const { namespace, name, uid } = object.metadata;
    try {
      await this.request("DELETE", pathOf(kind, namespace, name), {
        kind: "DeleteOptions",
        apiVersion: "v1",
        preconditions: { uid },
        ...options,
      });
    } catch (error) {
      if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
    }
  }

  /** @throws {ApiError} for an answer that is a failure */
  async request<T>(
    method: string,
    path: string,
    body?: Readonly<Record<string, unknown>>,
    options: { readonly contentType?: string; readonly query?: Readonly<Record<string, string>> } = {},
  ): Promise<T> {
    const { contentType = "application/json", query = {} } = options;
    this.#requests += 1;
    // Requests in this process never wait for anything: without a break a controller with much to do would keep everybody else out.
    if (this.#requests % REQUESTS_WITHOUT_BREAK === 0) await new Promise((resolve) => setImmediate(resolve));
    const response = await this.#transport({
      method,
      path,
      query,
      headers: { "user-agent": `${this.component}/v1`, "content-type": contentType, accept: "application/json" },
      ...(body === undefined ? {} : { body }),
    });
    if (response.status >= 400) throw new ApiError(response.object as KubeStatus);
    return response.object as T;
  }
}

/** `namespace/name`, or `name` of cluster-scoped objects: the key of the store and of every queue. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** The inverse of {@link keyOf}. */
export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: undefined, name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The path of a collection, an object, or a subresource. */
export function pathOf(kind: Endpoint, namespace: string | undefined, name?: string, subresource?: string): string {
  const scope = namespace === undefined || namespace === "" ? "" : `/namespaces/${namespace}`;
  return `${kind.prefix}${scope}/${kind.plural}${name === undefined ? "" : `/${name}`}${subresource === undefined ? "" : `/${subresource}`}`;
}
