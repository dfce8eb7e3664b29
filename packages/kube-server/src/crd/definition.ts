// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, RuleChecker, Schema } from "@flux-ts/kube-core";
import { CustomResourceSchema, valueAtPath } from "@flux-ts/kube-core";
import type { ResourceDefinition, Subresources } from "../resource.ts";
import { printerOf } from "./columns.ts";
import type { Crd, CrdVersion } from "./crd-types.ts";

const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"] as const;
const ANY_OBJECT: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** The resources that an established definition serves, in the order of its versions. */
export function definitionsOf(crd: Crd, rulesOf: (schema: Schema) => RuleChecker | undefined): readonly ResourceDefinition[] {
  const storage = crd.spec.versions.find((version) => version.storage) ?? crd.spec.versions[0];
  return crd.spec.versions
    .filter((version) => version.served)
    .map((version) => definitionOf(crd, version, storage?.name ?? version.name, rulesOf));
}

function definitionOf(
  crd: Crd,
  version: CrdVersion,
  storageVersion: string,
  rulesOf: (schema: Schema) => RuleChecker | undefined,
): ResourceDefinition {
  const { group, scope } = crd.spec;
  // What was asked for and accepted: conflicting names are not served.
  const names = { ...crd.spec.names, ...crd.status?.acceptedNames };
  const schema = version.schema?.openAPIV3Schema ?? ANY_OBJECT;
  const apiVersion = `${group}/${version.name}`;
  const scale = version.subresources?.scale;
  const custom = new CustomResourceSchema({ schema, rules: rulesOf(schema), scale });
  const hasStatus = version.subresources?.status !== undefined;
  const subresources: Subresources = { ...(hasStatus ? { status: true } : {}), ...(scale ? { scale } : {}) };
  return {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    listKind: names.listKind ?? `${names.kind}List`,
    namespaced: scope === "Namespaced",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: VERBS,
    storageVersion,
    convert: {
      fromStorage: (object) => custom.fillDefaults(withVersion(object, apiVersion)),
      toStorage: (object) => withVersion(object, `${group}/${storageVersion}`),
    },
    schema,
    strategy: hasStatus ? { prepareCreate: withoutStatus } : {},
    subresources,
    printer: printerOf(version.additionalPrinterColumns),
    fieldSelectors: selectorsOf(version),
    isCustom: true,
    custom,
    hasGeneration: true,
    createOnUpdate: false,
    updateNeedsResourceVersion: true,
    deleteReturnsObject: false,
    defaultPropagation: "Background",
    resetFields: hasStatus ? { "": [["f:status"]], status: [["f:spec"], ["f:metadata"]] } : {},
    ...(version.deprecated ? { deprecation: version.deprecationWarning ?? `${apiVersion} ${names.kind} is deprecated` } : {}),
  };
}

function withVersion(object: KubeObject, apiVersion: string): KubeObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

function withoutStatus(object: KubeObject): KubeObject {
  if (!Object.hasOwn(object, "status")) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

function selectorsOf(version: CrdVersion): Readonly<Record<string, (object: KubeObject) => string>> {
  const selectors: Record<string, (object: KubeObject) => string> = Object.create(null) as Record<string, never>;
  for (const { jsonPath } of version.selectableFields ?? []) {
    const path = jsonPath.replace(/^\./, "");
    selectors[path] = (object) => {
      const value = valueAtPath(object, jsonPath);
      return value === undefined || value === null ? "" : String(value);
    };
  }
  return selectors;
}
