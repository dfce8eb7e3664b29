// SPDX-License-Identifier: Apache-2.0
import { type Clock, getKey, isAlreadyExists, type KubeObject, type ObjectRef } from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";
import type { Cluster } from "./cluster.ts";
import type { ReleaseRecord } from "./release-record.ts";
import { ownLabels, recordOfSecret, releaseSecret, secretName } from "./release-secret.ts";

/** Where releases are stored, and how many of each. */
export interface ReleaseStorageOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clock: Pick<Clock, "now">;
  /** Revisions to keep of a release, the newest and the deployed one among them; 0, the default: all. */
  readonly maxHistory?: number;
  /** Told of each release once it is written or deleted, as it was written; not of those that `maxHistory` removes. */
  readonly onWritten?: (record: ReleaseRecord) => void;
  /** Told of Secrets that hold no release that can be read: lists leave them out, as Helm does. */
  readonly onUnreadable?: (secret: string, error: unknown) => void;
}

const KIND = { apiVersion: "v1", kind: "Secret" } as const;

/**
 * Releases in the Secrets of a namespace, as Helm stores them: what one of both writes, the other can read.
 *
 * @see helm.sh/helm/v4 pkg/storage Storage, pkg/storage/driver Secrets
 */
export class ReleaseStorage {
  readonly #options: ReleaseStorageOptions;

  constructor(options: ReleaseStorageOptions) {
    this.#options = options;
  }

  /**
   * One revision; its labels are its own.
   *
   * @throws {HelmError} RELEASE_NOT_FOUND; STORAGE for what cannot be read
   */
  async get(name: string, version: number): Promise<ReleaseRecord> {
    const key = secretName(name, version);
    const secret = await attempt(`get: failed to get ${JSON.stringify(key)}`, () => this.#options.cluster.get(this.#ref(key)));
    if (secret === undefined) throw notFound();
    const record = await attempt(`get: failed to decode data ${JSON.stringify(key)}`, () => recordOfSecret(secret));
    return { ...record, labels: ownLabels(record.labels) };
  }

  /**
   * All revisions of a release, the oldest first, with all labels of their Secrets.
   *
   * @throws {HelmError} RELEASE_NOT_FOUND when there is none; STORAGE
   */
  history(name: string): Promise<readonly ReleaseRecord[]> {
    return this.#query({ name, owner: "helm" });
  }

  /** The newest revision. @throws {HelmError} RELEASE_NOT_FOUND; STORAGE */
  async last(name: string): Promise<ReleaseRecord> {
    const record = (await this.history(name)).at(-1);
    if (record === undefined) throw new HelmError("RELEASE_NOT_FOUND", `no revision for release ${JSON.stringify(name)}`);
    return record;
  }

  /** The newest revision that is deployed. @throws {HelmError} NO_DEPLOYED_RELEASES; STORAGE */
  async deployed(name: string): Promise<ReleaseRecord> {
    const record = (await this.deployedAll(name)).at(-1);
    if (record === undefined) throw noneDeployed(name);
    return record;
  }

  /** All that are deployed, the oldest first: more than one where two wrote at the same time. @throws {HelmError} NO_DEPLOYED_RELEASES; STORAGE */
  async deployedAll(name: string): Promise<readonly ReleaseRecord[]> {
    try {
      return await this.#query({ name, owner: "helm", status: "deployed" });
    } catch (error) {
      throw error instanceof HelmError && error.code === "RELEASE_NOT_FOUND" ? noneDeployed(name) : error;
    }
  }

  /** Every revision of every release of the namespace, in the order of their Secrets. @throws {HelmError} STORAGE */
  async list(): Promise<readonly ReleaseRecord[]> {
    return this.#read(await attempt("list: failed to list", () => this.#secrets({ owner: "helm" })));
  }

  /**
   * Stores a new revision, and removes the oldest ones beyond `maxHistory`, never the one that is deployed.
   *
   * @throws {HelmError} RELEASE_EXISTS; STORAGE
   */
  async create(record: ReleaseRecord): Promise<void> {
    const { cluster, namespace, clock, maxHistory = 0, onWritten } = this.#options;
    // Room for one more.
    if (maxHistory > 0) await this.#trim(record.name, maxHistory - 1);
    const secret = releaseSecret(record, namespace, "createdAt", clock.now());
    try {
      await cluster.write(secret, "create");
    } catch (error) {
      if (isAlreadyExists(error)) throw new HelmError("RELEASE_EXISTS", "release: already exists", { cause: error });
      throw storageError("create: failed to create", error);
    }
    onWritten?.(record);
  }

  /** Stores a revision that is there already. @throws {HelmError} STORAGE */
  async update(record: ReleaseRecord): Promise<void> {
    const { cluster, namespace, clock, onWritten } = this.#options;
    const secret = releaseSecret(record, namespace, "modifiedAt", clock.now());
    await attempt("update: failed to update", () => cluster.write(secret, "update"));
    onWritten?.(record);
  }

  /** Deletes a revision, and returns what it was. @throws {HelmError} RELEASE_NOT_FOUND; STORAGE */
  async delete(name: string, version: number): Promise<ReleaseRecord> {
    const record = await this.get(name, version);
    const key = secretName(name, version);
    await attempt(`delete: failed to delete ${JSON.stringify(key)}`, () => this.#options.cluster.delete(this.#ref(key)));
    this.#options.onWritten?.(record);
    return record;
  }

  /** Labels alone decide: releases are large, and unpacking them takes time. */
  async #trim(name: string, max: number): Promise<void> {
    const secrets = await attempt("query: failed to query with labels", () => this.#secrets({ name, owner: "helm" }));
    const oldestFirst = secrets.map((secret) => ({ secret, version: Number(labelOf(secret, "version")) || 0 })).toSorted(byVersion);
    const deployed = oldestFirst.findLast(({ secret }) => labelOf(secret, "status") === "deployed");
    const spare = oldestFirst.filter((entry) => entry.version !== deployed?.version);
    const errors: unknown[] = [];
    for (const { secret } of spare.slice(0, Math.max(0, oldestFirst.length - max))) {
      try {
        await this.#options.cluster.delete(this.#ref(secret.metadata.name ?? ""));
      } catch (error) {
        errors.push(error);
      }
    }
    const [first] = errors;
    if (errors.length === 1) throw storageError("cannot remove an old revision", first);
    if (errors.length > 1) throw storageError(`encountered ${errors.length} deletion errors. First is`, first);
  }

  async #query(labels: Readonly<Record<string, string>>): Promise<readonly ReleaseRecord[]> {
    const secrets = await attempt("query: failed to query with labels", () => this.#secrets(labels));
    if (secrets.length === 0) throw notFound();
    return this.#read(secrets).toSorted(byVersion);
  }

  #secrets(labels: Readonly<Record<string, string>>): Promise<readonly KubeObject[]> {
    return this.#options.cluster.list({ ...KIND, namespace: this.#options.namespace, labels });
  }

  #read(secrets: readonly KubeObject[]): ReleaseRecord[] {
    return secrets.flatMap((secret) => {
      try {
        return [recordOfSecret(secret)];
      } catch (error) {
        this.#options.onUnreadable?.(secret.metadata.name ?? "", error);
        return [];
      }
    });
  }

  #ref(name: string): ObjectRef {
    return { ...KIND, namespace: this.#options.namespace, name };
  }
}

function labelOf(secret: KubeObject, name: string): unknown {
  return getKey(secret.metadata.labels ?? {}, name);
}

function byVersion(left: { readonly version: number }, right: { readonly version: number }): number {
  return left.version - right.version;
}

function notFound(): HelmError {
  return new HelmError("RELEASE_NOT_FOUND", "release: not found");
}

function noneDeployed(name: string): HelmError {
  return new HelmError("NO_DEPLOYED_RELEASES", `${JSON.stringify(name)} has no deployed releases`);
}

function storageError(what: string, error: unknown): HelmError {
  return new HelmError("STORAGE", `${what}: ${messageOf(error)}`, { cause: error });
}

async function attempt<Value>(what: string, work: () => Promise<Value> | Value): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw storageError(what, error);
  }
}
