// SPDX-License-Identifier: Apache-2.0
import { inheritLabels } from "../defaults/core.ts";
import { labelSelectorOf, matchesLabels, type JsonObject, type KubeObject, type LabelSelectorObject } from "@flux-ts/kube-core";
import { templateWarnings } from "../core/pod-warnings.ts";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, isTrueAt, numberAt, objectAt, objectIn, objectsAt, put, textAt } from "../shape.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { IMMUTABLE } from "../validation/scalars.ts";
import { readSelector, templateIsSelected } from "../validation/selected-template.ts";
import { jobSpec } from "./job-spec.ts";
import { jobTable } from "./tables.ts";

const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");
const PREFIX = "batch.kubernetes.io/";

/** batch/v1 Job. Its selector and the labels of its pods follow from its UID, unless `manualSelector` is set. */
export const job: KindBehaviour = {
  printer: jobTable,
  fieldSelectors: { "status.successful": (object) => String(numberAt(objectAt(object, "status"), "succeeded") ?? 0) },
  unsupportedFieldLabel: (label) => `field label ${JSON.stringify(label)} not supported for Job`,
  defaultPropagation: "Orphan",
  // Stored as it was created, read with its pods' labels: so the first write after creation always changes something.
  convert: { fromStorage: withLabels, toStorage: (object) => object },
  strategy: {
    applyDefaults: withLabels,
    prepareCreate: (object) => (isTrueAt(specOf(object), "manualSelector") ? object : withGenerated(object)),
    validate: (object) => problemsOf((problems) => jobObject(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        jobObject(object, problems);
        selectedSpec(specOf(object), problems);
        changes(specOf(object), specOf(old), problems);
      }),
    validateStatusUpdate: (object, old) => problemsOf((problems) => statusChanges(object, old, problems)),
    warnings: (object, old) => [
      ...(old === undefined ? nameWarnings(object) : []),
      ...templateWarnings(object, old, objectAt(specOf(object), "template")),
    ],
  },
};

/** A Job without labels has those of its pods. */
function withLabels(object: KubeObject): KubeObject {
  return inheritLabels(object, objectAt(objectAt(objectAt(specOf(object), "template"), "metadata"), "labels")) as KubeObject; // only metadata.labels changes
}

function nameWarnings(object: KubeObject): readonly string[] {
  const name = object.metadata.name ?? "";
  const isLabel = name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
  return isLabel
    ? []
    : [
        `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${NOT_A_LABEL}]`,
      ];
}

const NOT_A_LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

function generatedLabels(object: KubeObject): Readonly<Record<string, string>> {
  const [uid, name] = [object.metadata.uid ?? "", object.metadata.name ?? ""];
  return { [`${PREFIX}controller-uid`]: uid, [`${PREFIX}job-name`]: name, "controller-uid": uid, "job-name": name };
}

function withGenerated(object: KubeObject): KubeObject {
  const spec = specOf(object);
  const template = objectAt(spec, "template");
  const metadata = objectAt(template, "metadata");
  // Values of a map<string, string> are strings once it is decoded.
  const labels = { ...(objectAt(metadata, "labels") as Readonly<Record<string, string>>), ...generatedLabels(object) };
  const selector = objectAt(spec, "selector");
  const matchLabels = { ...objectAt(selector, "matchLabels"), [`${PREFIX}controller-uid`]: object.metadata.uid ?? "" };
  const generated = put(
    put(spec, "selector", put(selector, "matchLabels", matchLabels)),
    "template",
    put(template, "metadata", put(metadata, "labels", labels)),
  );
  // A Job that took its labels from its pods has these, too.
  const own = object.metadata.labels;
  const isInherited = own !== undefined && isSame(own, objectAt(metadata, "labels"));
  return isInherited ? { ...object, metadata: { ...object.metadata, labels }, spec: generated } : { ...object, spec: generated };
}

function jobObject(object: KubeObject, problems: Problems): void {
  generatedSelector(object, problems);
  selectedSpec(specOf(object), problems);
  const spec = specOf(object);
  const completions = numberAt(spec, "completions") ?? 0;
  if (textAt(spec, "completionMode") === "Indexed" && completions > 0) {
    const hostname = `${object.metadata.name ?? ""}-${completions - 1}`;
    if (hostname.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(hostname)) {
      problems.invalid("metadata.name", object.metadata.name ?? "", `will not able to create pod with invalid DNS label: ${hostname}`);
    }
  }
}

function generatedSelector(object: KubeObject, problems: Problems): void {
  const spec = specOf(object);
  const selector = objectIn(spec, "selector");
  if (isTrueAt(spec, "manualSelector") || !selector) return;
  const labels = objectAt(objectAt(objectAt(spec, "template"), "metadata"), "labels");
  for (const [key, value] of Object.entries(generatedLabels(object))) {
    const path = "spec.template.metadata.labels";
    if (!hasAt(labels, key)) problems.required(`${path}[${key}]`, `must be '${value}'`);
    else if (labels[key] !== value) problems.invalid(`${path}[${key}]`, labels[key], `must be '${value}'`);
  }
  try {
    // A decoded object has the shape; what is wrong inside makes labelSelectorOf throw.
    const isOwn = matchesLabels(labelSelectorOf(selector as LabelSelectorObject), generatedLabels(object));
    if (!isOwn) problems.invalid("spec.selector", selector, "`selector` not auto-generated");
  } catch {
    // Found again, and told, when the selector itself is checked.
  }
}

function selectedSpec(spec: JsonObject, problems: Problems): void {
  jobSpec(spec, "spec", problems);
  const selector = objectIn(spec, "selector");
  if (selector) labelSelector(selector, "spec.selector", problems);
  else problems.required("spec.selector");
  const read = readSelector(spec);
  if (read !== undefined) templateIsSelected(spec, read, "spec", problems);
}

/** Of a suspended job, some of the template may change; its metadata and its spec are looked at one by one. */
function templateChange(template: JsonObject, before: JsonObject, isSuspended: boolean, problems: Problems): void {
  const allowed = isSuspended ? schedulingFrom(template, before) : before;
  if (isSame(template, allowed)) return;
  const isOnlySpec = isSuspended && isSame(put(template, "spec", null), put(allowed, "spec", null));
  if (isOnlySpec) problems.invalid("spec.template.spec", internalValue("core.PodSpec", objectAt(template, "spec")), IMMUTABLE);
  else problems.invalid("spec.template", internalValue("core.PodTemplateSpec", template), IMMUTABLE);
}

function changes(spec: JsonObject, old: JsonObject, problems: Problems): void {
  if (textAt(spec, "completionMode") !== "Indexed") immutable(spec, old, "spec", problems, "completions");
  else if (!isSame(spec["completions"], old["completions"]) && hasAt(spec, "completions") && spec["completions"] !== spec["parallelism"]) {
    problems.invalid("spec.completions", spec["completions"], "can only be modified in tandem with spec.parallelism");
  }
  immutable(spec, old, "spec", problems, "selector");
  templateChange(objectAt(spec, "template"), objectAt(old, "template"), isTrueAt(old, "suspend"), problems);
  immutable(spec, old, "spec", problems, "completionMode");
  for (const [key, type] of [
    ["podFailurePolicy", "batch.PodFailurePolicy"],
    ["successPolicy", "batch.SuccessPolicy"],
  ] as const) {
    if (!isSame(spec[key], old[key]))
      problems.invalid(`spec.${key}`, hasAt(spec, key) ? internalValue(type, objectAt(spec, key)) : null, IMMUTABLE);
  }
  immutable(spec, old, "spec", problems, "backoffLimitPerIndex", "managedBy");
}

const DIRECTIVES: readonly string[] = ["nodeSelector", "tolerations", "schedulingGates", "affinity"];

/** While a Job is suspended, where its pods may run and what they ask for may change. */
function schedulingFrom(template: JsonObject, before: JsonObject): JsonObject {
  const [spec, metadata] = [objectAt(template, "spec"), objectAt(template, "metadata")];
  let allowed = objectAt(before, "spec");
  for (const key of DIRECTIVES) allowed = hasAt(spec, key) ? put(allowed, key, spec[key]) : drop(allowed, key);
  for (const kind of ["containers", "initContainers"]) {
    const now = objectsAt(spec, kind);
    const old = objectsAt(allowed, kind);
    if (now.length === 0 || now.length !== old.length) continue;
    allowed = put(allowed, kind, old.map((one, index) => (textAt(one, "name") === textAt(now[index] ?? {}, "name") ? put(one, "resources", (now[index] ?? {})["resources"]) : one))); // prettier-ignore
  }
  let oldMetadata = objectAt(before, "metadata");
  for (const key of ["labels", "annotations"])
    oldMetadata = hasAt(metadata, key) ? put(oldMetadata, key, metadata[key]) : drop(oldMetadata, key);
  return put(put(before, "spec", allowed), "metadata", oldMetadata);
}

function statusChanges(object: KubeObject, old: KubeObject, problems: Problems): void {
  const [status, before] = [objectAt(object, "status"), objectAt(old, "status")];
  for (const key of ["active", "succeeded", "failed", "terminating", "ready"]) {
    const value = numberAt(status, key);
    if (value !== undefined && value < 0) problems.invalid(`status.${key}`, value, "must be greater than or equal to 0");
  }
  const isTrue = (owner: JsonObject, type: string): boolean =>
    objectsAt(owner, "conditions").some((one) => textAt(one, "type") === type && textAt(one, "status") === "True");
  for (const type of ["Failed", "Complete", "FailureTarget"]) {
    if (isTrue(before, type) && !isTrue(status, type)) {
      problems.add({
        type: "FieldValueInvalid",
        field: "status.conditions",
        omitValue: true,
        detail: `cannot disable the terminal ${type}=True condition`,
      });
    }
  }
}
