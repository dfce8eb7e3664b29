// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import { drop, listAt, numberAt, objectsAt, put, textAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import type { Problems } from "../validation/problems.ts";
import { MAX_INT32 } from "../validation/scalars.ts";
import { diffValues } from "../validation/unified-diff.ts";

const CHANGEABLE =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What a change may do to the spec of a pod: little. @see kubernetes pkg/apis/core/validation ValidatePodUpdate */
export function podChanges(spec: JsonObject, old: JsonObject, problems: Problems): void {
  for (const kind of ["containers", "initContainers"]) {
    if (listAt(spec, kind).length !== listAt(old, kind).length)
      return problems.forbidden(`spec.${kind}`, "pod updates may not add or remove containers");
    objectsAt(spec, kind).forEach((container, index) => {
      const image = textAt(container, "image");
      if (image === "") problems.required(`spec.${kind}[${index}].image`);
      if (image.trim() !== image) problems.invalid(`spec.${kind}[${index}].image`, image, "must not have leading or trailing whitespace");
    });
  }
  if (deadline(spec, old, problems)) return;
  addedTolerations(spec, old, problems);
  removedGates(spec, old, problems);
  const munged = allowed(spec, old);
  if (isSame(withoutEmpty(munged), withoutEmpty(old))) return;
  const diff = diffValues(internalValue("core.PodSpec", old), internalValue("core.PodSpec", munged));
  problems.forbidden("spec", `pod updates may not change fields other than ${CHANGEABLE}\n${diff}`);
}

/** @returns whether the rest need not be looked at */
function deadline(spec: JsonObject, old: JsonObject, problems: Problems): boolean {
  const [now, before] = [numberAt(spec, "activeDeadlineSeconds"), numberAt(old, "activeDeadlineSeconds")];
  const path = "spec.activeDeadlineSeconds";
  if (now === undefined) {
    if (before !== undefined) problems.invalid(path, null, "must not update from a positive integer to nil value");
    return false;
  }
  if (now < 0 || now > MAX_INT32) problems.invalid(path, now, `must be between 0 and ${MAX_INT32}, inclusive`);
  else if (before !== undefined && before < now) problems.invalid(path, now, "must be less than or equal to previous value");
  else return false;
  return true;
}

function addedTolerations(spec: JsonObject, old: JsonObject, problems: Problems): void {
  const now = objectsAt(spec, "tolerations").map((one) => drop(one, "tolerationSeconds"));
  const isKept = objectsAt(old, "tolerations").every((before) => now.some((one) => isSame(one, drop(before, "tolerationSeconds"))));
  if (!isKept) problems.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
}

function removedGates(spec: JsonObject, old: JsonObject, problems: Problems): void {
  const before = new Set(objectsAt(old, "schedulingGates").map((gate) => textAt(gate, "name")));
  objectsAt(spec, "schedulingGates").forEach((gate, index) => {
    const name = textAt(gate, "name");
    if (!before.has(name))
      problems.forbidden(`spec.schedulingGates[${index}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`);
  });
}

/** The new spec, with what may be changed as it was. */
function allowed(spec: JsonObject, old: JsonObject): JsonObject {
  let munged = spec;
  for (const kind of ["containers", "initContainers"]) {
    const before = objectsAt(old, kind);
    if (before.length === 0) continue;
    munged = put(
      munged,
      kind,
      objectsAt(spec, kind).map((container, index) => put(container, "image", textAt(before[index] ?? {}, "image"))),
    );
  }
  for (const key of ["activeDeadlineSeconds", "schedulingGates", "tolerations"])
    munged = Object.hasOwn(old, key) ? put(munged, key, old[key]) : drop(munged, key);
  const [grace, oldGrace] = [numberAt(spec, "terminationGracePeriodSeconds"), numberAt(old, "terminationGracePeriodSeconds")];
  if (oldGrace !== undefined && oldGrace < 0 && grace === 1) munged = put(munged, "terminationGracePeriodSeconds", oldGrace);
  const wasGated = listAt(old, "schedulingGates").length > 0;
  if (wasGated && Object.hasOwn(old, "nodeSelector")) munged = put(munged, "nodeSelector", old["nodeSelector"]);
  else if (wasGated) munged = drop(munged, "nodeSelector");
  return munged;
}

function withoutEmpty(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
}
