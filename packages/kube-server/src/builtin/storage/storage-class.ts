// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { storageClassTable, volumeAttributesClassTable } from "../table/other-tables.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { labelName } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";

const MAX_BYTES = 256 * 1024;
const MAX_COUNT = 512;
const RECLAIM: readonly string[] = ["Delete", "Retain"];
const BINDING: readonly string[] = ["Immediate", "WaitForFirstConsumer"];

/** storage.k8s.io/v1 StorageClass. */
export const storageClass: KindBehaviour = {
  printer: storageClassTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => classFields(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        classFields(object, problems);
        immutable(object, old, "", problems, "parameters", "provisioner", "reclaimPolicy", "volumeBindingMode");
      }),
  },
};

function classFields(object: JsonObject, problems: Problems): void {
  driver(textAt(object, "provisioner"), "provisioner", problems);
  parameters(objectAt(object, "parameters"), problems);
  const policy = textAt(object, "reclaimPolicy");
  if (policy !== "" && !RECLAIM.includes(policy)) problems.notSupported("reclaimPolicy", policy, RECLAIM);
  const mode = textAt(object, "volumeBindingMode");
  if (!hasAt(object, "volumeBindingMode")) problems.required("volumeBindingMode");
  else if (!BINDING.includes(mode)) problems.notSupported("volumeBindingMode", mode, BINDING);
  objectsAt(object, "allowedTopologies").forEach((term, index) => topology(term, `allowedTopologies[${index}]`, problems));
}

/** @see kubernetes pkg/apis/core/validation ValidateTopologySelectorTerm */
function topology(term: JsonObject, path: string, problems: Problems): void {
  const keys = new Set<string>();
  objectsAt(term, "matchLabelExpressions").forEach((expression, index) => {
    const own = `${path}.matchLabelExpressions[${index}]`;
    const [key, values] = [textAt(expression, "key"), textsAt(expression, "values")];
    if (values.length === 0) problems.required(`${own}.values`);
    values.forEach((value, at) => void (values.indexOf(value) < at && problems.duplicate(`${own}.values[${at}]`, value)));
    labelName(key, `${own}.key`, problems);
    if (keys.has(key)) problems.duplicate(`${own}.key`, key);
    keys.add(key);
  });
}

/** storage.k8s.io/v1 VolumeAttributesClass. */
export const volumeAttributesClass: KindBehaviour = {
  printer: volumeAttributesClassTable,
  strategy: {
    validate: (object) => problemsOf((problems) => attributes(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        for (const name of ["driverName", "parameters"]) {
          if (!isSame(object[name], old[name])) problems.forbidden(name, `updates to ${name} are forbidden.`);
        }
        attributes(object, problems);
      }),
  },
};

function attributes(object: JsonObject, problems: Problems): void {
  driver(textAt(object, "driverName"), "driverName", problems);
  parameters(objectAt(object, "parameters"), problems);
  if (Object.keys(objectAt(object, "parameters")).length === 0) problems.required("parameters", "must contain at least one key/value pair");
}

function driver(name: string, path: string, problems: Problems): void {
  if (name === "") problems.required(path);
  else problems.invalidFor(path, name.toLowerCase(), labelKeyProblems(name.toLowerCase()));
}

function parameters(map: JsonObject, problems: Problems): void {
  const entries = Object.entries(map);
  if (entries.length > MAX_COUNT) return problems.tooLong("parameters", MAX_COUNT);
  if (Object.hasOwn(map, "")) problems.invalid("parameters", "", "field can not be empty.");
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)), 0);
  if (size > MAX_BYTES) problems.tooLong("parameters", MAX_BYTES);
}
