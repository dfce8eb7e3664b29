// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import { builtinSchema } from "../builtin/schema.ts";
import type { ResourceDefinition } from "../resource.ts";

/** A kind that only a subresource speaks (Scale, TokenRequest), as if it were a resource: what decoding, patches and managed fields ask of one. */
export function virtualDefinition(
  group: string,
  version: string,
  kind: string,
  zero: Omit<KubeObject, "apiVersion" | "kind">,
): ResourceDefinition {
  const apiVersion = toApiVersion(group, version);
  return {
    group,
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
    storageVersion: version,
    schema: builtinSchema(apiVersion, kind) ?? { type: "object" },
    zero: { ...zero, apiVersion, kind } as KubeObject, // zero holds the rest of it
    strategy: {},
    subresources: {},
    printer: { columns: [], cells: () => [] },
    fieldSelectors: {},
    isCustom: false,
    hasGeneration: false,
    createOnUpdate: false,
    updateNeedsResourceVersion: false,
    deleteReturnsObject: false,
    defaultPropagation: "Background",
    resetFields: {},
  };
}
