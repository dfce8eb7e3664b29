// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, tryParseQuantity, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, listAt, objectAt, objectIn, textAt, textsAt } from "../shape.ts";
import { annotations, labels, labelSelector } from "../validation/labels.ts";
import { at, type Problems } from "../validation/problems.ts";
import { isPositive } from "../validation/resource-requirements.ts";
import { oneOf, requireText } from "../validation/scalars.ts";

/** How a volume may be mounted, in the order in which messages name it. */
export const ACCESS_MODES: readonly string[] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const POSITIVE = "must be greater than zero";

/** A claim template of a pod's ephemeral volume. */
export function claimTemplate(template: JsonObject, path: string, problems: Problems): void {
  const metadata = objectAt(template, "metadata");
  annotations(objectAt(metadata, "annotations"), at(path, "metadata", "annotations"), problems);
  labels(objectAt(metadata, "labels"), at(path, "metadata", "labels"), problems);
  for (const key of Object.keys(metadata)) {
    if (key !== "labels" && key !== "annotations") problems.forbidden(at(path, "metadata", key), "cannot be set");
  }
  claimSpec(objectAt(template, "spec"), at(path, "spec"), problems);
}

/** `spec` of a PersistentVolumeClaim. @see kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaimSpec */
export function claimSpec(spec: JsonObject, path: string, problems: Problems): void {
  accessModes(spec, path, problems, "at least 1 access mode is required");
  const selector = objectIn(spec, "selector");
  if (selector) labelSelector(selector, at(path, "selector"), problems);
  const storage = objectAt(objectAt(spec, "resources"), "requests")["storage"];
  if (storage === undefined) problems.required(at(path, "resources[storage]"));
  else {
    const quantity = tryParseQuantity(storage);
    if (quantity && !isPositive(quantity)) problems.invalid(at(path, "resources[storage]"), storage, POSITIVE);
  }
  const className = textAt(spec, "storageClassName");
  if (className !== "") problems.invalidFor(at(path, "storageClassName"), className, dns1123SubdomainProblems(className));
  oneOf(spec, "volumeMode", path, problems, ["Block", "Filesystem"]);
  const attributes = textAt(spec, "volumeAttributesClassName");
  if (attributes !== "") problems.invalidFor(at(path, "volumeAttributesClassName"), attributes, dns1123SubdomainProblems(attributes));
  dataSource(spec, "dataSource", path, problems);
  dataSource(spec, "dataSourceRef", path, problems);
  if (hasAt(spec, "dataSource") && hasAt(spec, "dataSourceRef")) sameSource(spec, path, problems);
}

/** Modes of access of a volume or claim. */
export function accessModes(spec: JsonObject, path: string, problems: Problems, missing: string): void {
  const modes = textsAt(spec, "accessModes");
  const own = at(path, "accessModes");
  if (listAt(spec, "accessModes").length === 0) problems.required(own, missing);
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) problems.notSupported(own, mode, ACCESS_MODES);
  if (modes.includes("ReadWriteOncePod") && new Set(modes).size > 1)
    problems.forbidden(own, "may not use ReadWriteOncePod with other access modes");
}

function dataSource(spec: JsonObject, name: string, path: string, problems: Problems): void {
  const source = objectIn(spec, name);
  if (!source) return;
  const own = at(path, name);
  requireText(source, own, problems, "name", "kind");
  const group = textAt(source, "apiGroup");
  if (group === "" && textAt(source, "kind") !== "PersistentVolumeClaim") {
    problems.invalid(own, textAt(source, "kind"), "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }
  if (group !== "") problems.invalidFor(at(own, "apiGroup"), group, dns1123SubdomainProblems(group));
}

function sameSource(spec: JsonObject, path: string, problems: Problems): void {
  const [left, right] = [objectAt(spec, "dataSource"), objectAt(spec, "dataSourceRef")];
  if (hasAt(right, "namespace")) return;
  const differs = ["apiGroup", "kind", "name"].some((key) => textAt(left, key) !== textAt(right, key));
  if (differs) problems.invalid(path, path.replace(/.*\./, ""), "must match dataSourceRef");
}
