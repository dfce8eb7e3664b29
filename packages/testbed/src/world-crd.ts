// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, KubeObject } from "@flux-ts/kube-core";

/** The CustomResourceDefinition that serves a kind. */
export function customResourceDefinition(kind: KindDefinition): KubeObject {
  const { group, plural, singular, shortNames, categories } = kind;
  const version = (name: string, storage: boolean): Record<string, unknown> => ({
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: kind.spec,
          status: kind.status,
        },
      },
    },
    subresources: { status: {} },
  });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      names: { kind: kind.kind, listKind: `${kind.kind}List`, plural, singular, shortNames, categories },
      versions: [version(kind.version, true), ...kind.olderVersions.map((older) => version(older.version, false))],
    },
  };
}
