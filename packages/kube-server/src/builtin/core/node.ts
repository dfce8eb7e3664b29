// SPDX-License-Identifier: Apache-2.0
import { labelValueProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { drop, hasAt, isTrueAt, listAt, objectAt, objectsAt, put, textAt, textsAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { labelName } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { resourceQuantity } from "../validation/resource-requirements.ts";
import { isCidr } from "./ip-address.ts";
import { nodeTable } from "./tables.ts";
import { TAINT_EFFECTS } from "./tolerations.ts";

const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");

/** v1 Node. Its taints are checked under `metadata`: so does Kubernetes. */
export const node: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: nodeTable,
  fieldSelectors: { "spec.unschedulable": (object) => String(isTrueAt(specOf(object), "unschedulable")) },
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    prepareCreate: (object) => withBothCidrs(withoutConfigSource(object)),
    prepareUpdate: (object, old) => withBothCidrs(hasAt(specOf(old), "configSource") ? object : withoutConfigSource(object)),
    warnings: (object) =>
      textAt(specOf(object), "externalID") === "" ? [] : ["spec.externalID: this field is deprecated, and is unused by Kubernetes"],
    validate: (object) =>
      problemsOf((problems) => {
        taints(specOf(object), problems);
        resources(object, problems);
        cidrs(specOf(object), problems);
      }),
    validateUpdate: (object, old) => problemsOf((problems) => changes(object, old, problems)),
    validateStatusUpdate: (object, old) => problemsOf((problems) => changes(object, old, problems)),
  },
};

/** A field that nothing reads any more. */
function withoutConfigSource(object: KubeObject): KubeObject {
  const spec = specOf(object);
  return hasAt(spec, "configSource") ? { ...object, spec: drop(spec, "configSource") } : object;
}

/** `podCIDR` is the first of `podCIDRs`. */
function withBothCidrs(object: KubeObject): KubeObject {
  const spec = specOf(object);
  const [one, many] = [textAt(spec, "podCIDR"), listAt(spec, "podCIDRs")];
  if (one !== "" && many.length === 0) return { ...object, spec: put(spec, "podCIDRs", [one]) };
  return many.length > 0 ? { ...object, spec: put(spec, "podCIDR", many[0]) } : object;
}

function taints(spec: JsonObject, problems: Problems): void {
  const seen = new Set<string>();
  objectsAt(spec, "taints").forEach((taint, index) => {
    const path = `metadata.taints[${index}]`;
    const [key, value, effect] = [textAt(taint, "key"), textAt(taint, "value"), textAt(taint, "effect")];
    labelName(key, `${path}.key`, problems);
    const details = labelValueProblems(value);
    if (details.length > 0) problems.invalid(`${path}.value`, value, details.join(";"));
    if (effect === "") problems.required(`${path}.effect`);
    else if (!TAINT_EFFECTS.includes(effect)) problems.notSupported(`${path}.effect`, effect, TAINT_EFFECTS);
    if (seen.has(`${effect}/${key}`))
      problems.duplicate(path, internalValue("core.Taint", taint), "taints must be unique by key and effect pair");
    seen.add(`${effect}/${key}`);
  });
}

function resources(object: KubeObject, problems: Problems): void {
  for (const kind of ["capacity", "allocatable"]) {
    for (const [name, value] of Object.entries(objectAt(objectAt(object, "status"), kind)))
      resourceQuantity(name, value, `status.${kind}.${name}`, problems);
  }
}

function cidrs(spec: JsonObject, problems: Problems): void {
  const all = textsAt(spec, "podCIDRs");
  all.forEach((cidr, index) => {
    if (!isCidr(cidr)) problems.invalid(`spec.podCIDRs[${index}]`, cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  });
  const isDual = all.length === 2 && new Set(all.map((cidr) => cidr.includes(":"))).size === 2;
  if (all.length > 1 && !isDual) problems.invalid("spec.podCIDRs", all, "may specify no more than one CIDR for each IP family");
}

function changes(object: KubeObject, old: KubeObject, problems: Problems): void {
  const [spec, before] = [specOf(object), specOf(old)];
  resources(object, problems);
  if (listAt(before, "podCIDRs").length > 0 && !isSame(spec["podCIDRs"], before["podCIDRs"])) {
    problems.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
  }
  if (textAt(before, "providerID") !== "" && textAt(before, "providerID") !== textAt(spec, "providerID")) {
    problems.forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid');
  }
  taints(spec, problems);
}
