// SPDX-License-Identifier: Apache-2.0
import type { Identity, KindDefinition, Transport } from "@flux-ts/kube-core";
import { createClient, createDiscovery, type Client, type Discovery } from "@flux-ts/kube-client";

/** Clients of one cluster by who they act as: made once, the least used forgotten. What the server has is asked by ourselves, once for all. */
export class ClientPool {
  readonly #transport: Transport;
  readonly #userAgent: string;
  readonly #discovery: Discovery;
  readonly #limit: number;
  readonly #clients = new Map<string, Client>();

  constructor(transport: Transport, userAgent: string, kinds: readonly KindDefinition[], limit = 256) {
    this.#transport = transport;
    this.#userAgent = userAgent;
    this.#discovery = createDiscovery(transport, { headers: { "user-agent": userAgent } }, kinds);
    this.#limit = limit;
  }

  get(identity?: Identity): Client {
    const key = identity === undefined ? "" : JSON.stringify([identity.user, identity.uid, identity.groups, identity.extra]);
    const known = this.#clients.get(key);
    // Taken out and put back: the order of the map is the order of last use.
    this.#clients.delete(key);
    const client =
      known ??
      createClient(this.#transport, {
        userAgent: this.#userAgent,
        discovery: this.#discovery,
        ...(identity === undefined ? {} : { identity }),
      });
    this.#clients.set(key, client);
    for (const oldest of this.#clients.keys()) {
      if (this.#clients.size <= this.#limit) break;
      this.#clients.delete(oldest);
    }
    return client;
  }
}
