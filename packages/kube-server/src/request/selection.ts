// SPDX-License-Identifier: Apache-2.0
import type { FieldSelector, KubeObject, LabelSelector } from "@flux-ts/kube-core";
import { KubeCoreError, matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest } from "../status-errors.ts";
import type { RequestInfo } from "./request-info.ts";
import type { Query } from "./query.ts";

/** Which objects of a resource a list, watch or deletecollection is about. */
export interface Selection {
  /** What their keys begin with. */
  readonly prefix: string;
  /** Whether it holds more than the key's prefix: lists then cannot tell how many remain. */
  readonly isFiltered: boolean;
  matches(object: KubeObject): boolean;
}

/**
 * Reads the selectors of a request.
 * @throws {ApiError} 400 for selectors that cannot be read, or fields that the resource does not select by
 */
export function selectionOf(definition: ResourceDefinition, info: RequestInfo, query: Query): Selection {
  const labelText = query.first("labelSelector") ?? "";
  const fieldText = query.first("fieldSelector") ?? "";
  const labels: LabelSelector = orBadRequest(() => parseLabelSelector(labelText));
  const terms: FieldSelector = orBadRequest(() => parseFieldSelector(fieldText));
  for (const term of terms) requireSupported(definition, term.field);
  const valueOf = (object: KubeObject, field: string): string => {
    if (field === "metadata.name") return object.metadata.name ?? "";
    if (field === "metadata.namespace") return object.metadata.namespace ?? "";
    return Object.hasOwn(definition.fieldSelectors, field) ? (definition.fieldSelectors[field]?.(object) ?? "") : "";
  };
  // A request for one name (`/watch/…/name`, or GET with watch) selects by it.
  const only = info.name === "" ? undefined : info.name;
  return {
    prefix: definition.namespaced && info.namespace !== "" ? `${info.namespace}/` : "",
    isFiltered: labels.length > 0 || terms.length > 0 || only !== undefined,
    matches: (object) =>
      (only === undefined || object.metadata.name === only) &&
      matchesLabels(labels, object.metadata.labels) &&
      matchesFields(terms, (field) => valueOf(object, field)),
  };
}

function requireSupported(definition: ResourceDefinition, field: string): void {
  if (Object.hasOwn(definition.fieldSelectors, field)) return;
  if (definition.unsupportedFieldLabel) {
    if (field === "metadata.name" || (field === "metadata.namespace" && definition.namespaced)) return;
    throw badRequest(definition.unsupportedFieldLabel(field));
  }
  if (field === "metadata.name" || field === "metadata.namespace") return;
  throw badRequest(
    definition.isCustom
      ? `field label not supported: ${field}`
      : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function orBadRequest<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof KubeCoreError) throw badRequest(error.message);
    throw error;
  }
}
