// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Client, ConnectOptions, Discovery, HttpTransport } from "@flux-ts/kube-client";
import { connect, createClient, createDiscovery, parseKubeconfig, selectFrom } from "@flux-ts/kube-client";
import type { Clock, Identity } from "@flux-ts/kube-core";

export interface RemoteClustersOptions {
  readonly clock: Clock;
  /** `kustomize-controller` */
  readonly userAgent: string;
  /** For proxies. */
  readonly env: ConnectOptions["env"];
}

/** What somebody uses of which cluster. */
export interface RemoteUse {
  /** Names the user: who uses another kubeconfig from now on does not use the one before any more. */
  readonly user: string;
  readonly kubeconfig: string;
  /** Where the kubeconfig comes from, for messages: `namespace/name`. */
  readonly origin: string;
  /** Acts as somebody else there. */
  readonly identity: Identity | undefined;
}

/** A connection to one cluster as one of its users. */
interface Connection {
  readonly transport: HttpTransport;
  readonly discovery: Discovery;
  /** By whom they act as. */
  readonly clients: Map<string, Client>;
  readonly users: Set<string>;
}

/** Kubeconfigs are written by tenants: they start no program, read no file, and check certificates. */
const TRUST: ConnectOptions["trust"] = { exec: false, files: false, insecureTls: false };
/** Of one request, as Flux has it. */
const TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 16;

/**
 * Clients of clusters by kubeconfigs of tenants. One kubeconfig has one connection pool, kept for as long as somebody uses
 * it; another text is another connection, so that no credential outlives its Secret.
 */
export class RemoteClusters implements AsyncDisposable {
  readonly #options: RemoteClustersOptions;
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #keys = new Map<string, string>();

  constructor(options: RemoteClustersOptions) {
    this.#options = options;
  }

  /**
   * A client for a user; the same one as long as kubeconfig and identity are the same.
   * @throws {KubeClientError} INVALID_KUBECONFIG, NOT_IN_KUBECONFIG, FORBIDDEN, UNSUPPORTED
   */
  async use({ user, kubeconfig, origin, identity }: RemoteUse): Promise<Client> {
    const key = createHash("sha256").update(kubeconfig).digest("hex");
    const connection = await this.#connectionOf(key, kubeconfig, origin);
    connection.users.add(user);
    this.#keys.set(user, key);
    const { transport, discovery, clients } = connection;
    const as = identity === undefined ? "" : JSON.stringify([identity.user, identity.uid, identity.groups, identity.extra]);
    const known = clients.get(as);
    if (known !== undefined) return known;
    const client = createClient(transport, {
      userAgent: this.#options.userAgent,
      discovery,
      ...(identity === undefined ? {} : { identity }),
    });
    clients.set(as, client);
    return client;
  }

  /** The user needs no cluster any more. */
  forget(user: string): void {
    this.#keys.delete(user);
  }

  /** Closes the connections that nobody uses any more. */
  async closeUnused(): Promise<void> {
    const unused: Connection[] = [];
    for (const [key, pending] of this.#connections) {
      const connection = await pending.catch(() => undefined);
      if (connection === undefined) continue;
      for (const user of connection.users) if (this.#keys.get(user) !== key) connection.users.delete(user);
      if (connection.users.size > 0 || this.#connections.get(key) !== pending) continue;
      this.#connections.delete(key);
      unused.push(connection);
    }
    await Promise.all(unused.map(({ transport }) => transport.close()));
  }

  /** How many connections there are. */
  get size(): number {
    return this.#connections.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#keys.clear();
    await this.closeUnused();
  }

  #connectionOf(key: string, kubeconfig: string, origin: string): Promise<Connection> {
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const opened = this.#open(kubeconfig, origin);
    this.#connections.set(key, opened);
    opened.catch(() => this.#connections.delete(key));
    return opened;
  }

  async #open(kubeconfig: string, origin: string): Promise<Connection> {
    const { clock, env, userAgent } = this.#options;
    const selected = selectFrom(parseKubeconfig(kubeconfig, origin));
    const http = { timeoutMs: TIMEOUT_MS, connections: MAX_CONNECTIONS };
    const transport = await connect(selected, { clock, env, trust: TRUST, http });
    const discovery = createDiscovery(transport, { headers: { "user-agent": userAgent } }, []);
    return { transport, discovery, clients: new Map(), users: new Set() };
  }
}
