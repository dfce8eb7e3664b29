// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, toApiVersion, type KubeObject } from "@flux-ts/kube-core";
import type { ResourceDefinition, Strategy, StrategyContext } from "../resource.ts";
import { complete, zeroStruct } from "./complete.ts";
import { defaultPrinter } from "./default-printer.ts";
import { KINDS } from "./kinds.ts";
import { resourceRows, type ResourceRow } from "./resource-table.ts";
import { schemaOfType } from "./schema.ts";
import { typeNameOf } from "./type-packages.ts";

/**
 * The resources that kube-apiserver 1.36 has built in, in the order of its discovery documents: the virtual ones
 * (reviews, bindings) included, subresources inside their resource.
 *
 * Schemas are made when they are first looked at.
 */
export function builtinResources(): readonly ResourceDefinition[] {
  return resourceRows().map(definitionOf);
}

function definitionOf(row: ResourceRow): ResourceDefinition {
  const typeName = typeNameOf(row.group, row.version, row.kind) ?? row.kind;
  const behaviour = (Object.hasOwn(KINDS, typeName) ? KINDS[typeName] : undefined) ?? {};
  return {
    group: row.group,
    version: row.version,
    kind: row.kind,
    plural: row.plural,
    singular: row.singular,
    listKind: `${row.kind}List`,
    namespaced: row.namespaced,
    shortNames: row.shortNames,
    categories: row.categories,
    ...(behaviour.storageKey ? { storageKey: behaviour.storageKey } : {}),
    verbs: row.verbs,
    storageVersion: behaviour.storageVersion ?? row.version,
    ...(behaviour.convert ? { convert: behaviour.convert } : {}),
    get schema() {
      return schemaOfType(typeName);
    },
    get zero() {
      return { apiVersion: toApiVersion(row.group, row.version), kind: row.kind, metadata: {}, ...zeroStruct(typeName) };
    },
    strategy: strategyOf(typeName, row, behaviour.strategy ?? {}),
    subresources: {
      ...(row.status ? { status: true } : {}),
      ...(row.scale ? { scale: behaviour.scale ?? SCALE } : {}),
      others: row.others,
    },
    printer: behaviour.printer ?? defaultPrinter,
    fieldSelectors: behaviour.fieldSelectors ?? {},
    ...(behaviour.unsupportedFieldLabel ? { unsupportedFieldLabel: behaviour.unsupportedFieldLabel } : {}),
    isCustom: false,
    ...(behaviour.deprecation ? { deprecation: behaviour.deprecation } : {}),
    hasGeneration: row.hasGeneration,
    createOnUpdate: row.createOnUpdate,
    updateNeedsResourceVersion: row.updateNeedsResourceVersion,
    deleteReturnsObject: row.deleteReturnsObject,
    defaultPropagation: behaviour.defaultPropagation ?? "Background",
    resetFields: behaviour.resetFields ?? (row.status ? { "": [["f:status"]], status: [["f:spec"]] } : {}),
  };
}

const SCALE = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".spec.selector" };

/** The kind's strategy, with what holds for all kinds: complete objects, and a status that a creation does not set. */
function strategyOf(typeName: string, row: ResourceRow, own: Strategy): Strategy {
  const whole = (object: KubeObject, known?: KubeObject): KubeObject => complete(typeName, object, known);
  const prepareCreate = (object: KubeObject, context: StrategyContext, known?: KubeObject): KubeObject => {
    const fresh = row.status ? withoutStatus(object) : object;
    return whole(own.prepareCreate ? own.prepareCreate(fresh, context) : fresh, known);
  };
  const prepareUpdate = own.prepareUpdate?.bind(own);
  const prepareStatusUpdate = own.prepareStatusUpdate?.bind(own);
  return {
    ...own,
    applyDefaults: (object, known) => whole(own.applyDefaults ? own.applyDefaults(object) : object, known),
    prepareCreate,
    ...(prepareUpdate ? { prepareUpdate: (object, old, context) => whole(prepareUpdate(object, old, context), old) } : {}),
    ...(prepareStatusUpdate
      ? { prepareStatusUpdate: (object, old, context) => whole(prepareStatusUpdate(object, old, context), old) }
      : {}),
  };
}

function withoutStatus(object: KubeObject): KubeObject {
  if (!isJsonObject(object["status"]) || Object.keys(object["status"]).length === 0) return object;
  const { status: _, ...rest } = object;
  return rest;
}
