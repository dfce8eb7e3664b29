// SPDX-License-Identifier: Apache-2.0

/** Who listens where in this process, under the names that Services have in a cluster. */
export class PodNetwork {
  readonly #addresses = new Map<string, string>();

  /** `source-controller` of `flux-system` is at `127.0.0.1:1234` now; until the returned function is called. */
  listen(service: string, namespace: string, address: string): () => void {
    const key = `${service}.${namespace}`;
    this.#addresses.set(key, address);
    return () => {
      // The next pod may have it already.
      if (this.#addresses.get(key) === address) this.#addresses.delete(key);
    };
  }

  /** `source-controller.flux-system.svc.cluster.local.` and its shorter forms. */
  resolve(host: string): string | undefined {
    const match = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\..+)?)?$/.exec(host.replace(/\.$/, "").toLowerCase());
    return match === null ? undefined : this.#addresses.get(`${match[1] ?? ""}.${match[2] ?? ""}`);
  }
}
