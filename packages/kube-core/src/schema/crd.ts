// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, PrinterColumn } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { Schema } from "./schema.ts";

/** The schema of a kind's objects as a whole. */
export function objectSchema(kind: KindDefinition): Schema {
  return {
    description: kind.description,
    type: "object",
    properties: {
      apiVersion: { description: "API version of the object: its group and version.", type: "string" },
      kind: { description: "Kind of the object.", type: "string" },
      metadata: { type: "object" },
      spec: kind.spec,
      ...(kind.status.type === undefined ? {} : { status: kind.status }),
    },
    ...(kind.rules === undefined ? {} : { "x-kubernetes-validations": kind.rules }),
  };
}

/** The CustomResourceDefinition (apiextensions.k8s.io/v1) of a kind, all served versions with the same schema. */
export function toCustomResourceDefinition(
  kind: KindDefinition,
  metadata: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> } = {},
): KubeObject {
  const hasStatus = kind.status.type !== undefined;
  const shared = {
    schema: { openAPIV3Schema: objectSchema(kind) },
    subresources: hasStatus ? { status: {} } : {},
    ...(kind.columns.length > 0 ? { additionalPrinterColumns: kind.columns.map(toColumn) } : {}),
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${kind.group}`, ...metadata },
    spec: {
      group: kind.group,
      names: {
        ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
        singular: kind.singular,
      },
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      versions: [
        { name: kind.version, served: true, storage: true, ...shared },
        ...kind.olderVersions.map(({ version, deprecated, deprecationWarning }) => ({
          name: version,
          served: true,
          storage: false,
          ...(deprecated === undefined ? {} : { deprecated }),
          ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
          ...shared,
        })),
      ],
    },
  };
}

function toColumn({ name, type, jsonPath, description, format, priority }: PrinterColumn): Readonly<Record<string, unknown>> {
  return {
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    jsonPath,
    name,
    ...(priority === undefined ? {} : { priority }),
    type,
  };
}
