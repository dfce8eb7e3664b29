// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "../../schema/schema.ts";

const string: Schema = { type: "string" };
const time: Schema = { type: "string", format: "date-time" };
const strings: Schema = { type: "object", additionalProperties: string };

const ownerReference: Schema = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  properties: {
    apiVersion: string,
    blockOwnerDeletion: { type: "boolean" },
    controller: { type: "boolean" },
    kind: string,
    name: string,
    uid: string,
  },
};

const managedFieldsEntry: Schema = {
  type: "object",
  properties: {
    apiVersion: string,
    fieldsType: string,
    fieldsV1: { type: "object" },
    manager: string,
    operation: string,
    subresource: string,
    time,
  },
};

/** The metadata of every object, as merging sees it. @see apimachinery meta/v1 ObjectMeta */
export const objectMetaSchema: Schema = {
  type: "object",
  properties: {
    annotations: strings,
    creationTimestamp: time,
    deletionGracePeriodSeconds: { type: "integer" },
    deletionTimestamp: time,
    finalizers: { type: "array", items: string, "x-kubernetes-list-type": "set" },
    generateName: string,
    generation: { type: "integer" },
    labels: strings,
    managedFields: { type: "array", items: managedFieldsEntry },
    name: string,
    namespace: string,
    ownerReferences: {
      type: "array",
      items: ownerReference,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
    },
    resourceVersion: string,
    selfLink: string,
    uid: string,
  },
};
