// SPDX-License-Identifier: Apache-2.0
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Observation, Observe } from "@flux-ts/kube-runtime";

/** What changes what the API server makes of an object that nobody touched: schemas, defaults, admission. */
const KINDS: readonly KindRef[] = [
  { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
  { apiVersion: "admissionregistration.k8s.io/v1", kind: "MutatingWebhookConfiguration" },
  { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" },
];

/** Counts the changes of definitions and webhooks on one cluster. */
export class DefinitionsWatch implements Disposable {
  readonly #views: readonly Observation[];
  #changes = 0;
  #settled = 0;

  constructor(client: Client, observe: Observe) {
    this.#views = KINDS.map((kind) => {
      const view = observe(kind, { client, metadataOnly: true });
      view.synced.then(
        () => {
          this.#settled += 1;
          view.subscribe((before, after) => {
            if (isChanged(before, after)) this.#changes += 1;
          });
        },
        // Then the version stays unknown, and everything is checked every time.
        () => undefined,
      );
      return view;
    });
  }

  /** Differs whenever a definition changed or may have; undefined while that cannot be told. */
  get version(): string | undefined {
    if (this.#settled < this.#views.length) return undefined;
    return [this.#changes, ...this.#views.map(({ epoch }) => epoch)].join(".");
  }

  [Symbol.dispose](): void {
    for (const view of this.#views) view[Symbol.dispose]();
  }
}

/** Status and bookkeeping do not count. */
function isChanged(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  return (
    before === undefined ||
    after === undefined ||
    before.metadata.uid !== after.metadata.uid ||
    before.metadata.generation !== after.metadata.generation
  );
}
