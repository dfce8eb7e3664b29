// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectsAt, textAt } from "../shape.ts";
import { serviceAccountTable } from "./tables.ts";

/** v1 ServiceAccount. */
export const serviceAccount: KindBehaviour = {
  printer: serviceAccountTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    prepareCreate: withSecretNames,
    prepareUpdate: withSecretNames,
  },
};

/** Secrets are of the account's own namespace: nothing but their names is kept. */
function withSecretNames(object: KubeObject): KubeObject {
  if (!hasAt(object, "secrets")) return object;
  return {
    ...object,
    secrets: objectsAt(object, "secrets").map((secret) => (hasAt(secret, "name") ? { name: textAt(secret, "name") } : {})),
  };
}
