// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { drop, hasAt, objectAt, put, textAt } from "../shape.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { eventTable } from "./tables.ts";

const LIMITS: readonly (readonly [string, number, boolean])[] = [
  ["reportingInstance", 128, true],
  ["action", 128, true],
  ["reason", 128, true],
  ["message", 1024, false],
];

const involved = (object: KubeObject, key: string): string => textAt(objectAt(object, "involvedObject"), key);
const component = (object: KubeObject): string => textAt(objectAt(object, "source"), "component") || textAt(object, "reportingComponent");

const INVOLVED: readonly string[] = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/** v1 Event. */
export const event: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: eventTable,
  fieldSelectors: {
    ...Object.fromEntries(INVOLVED.map((key) => [`involvedObject.${key}`, (object: KubeObject) => involved(object, key)])),
    reason: (object) => textAt(object, "reason"),
    reportingComponent: (object) => textAt(object, "reportingComponent"),
    source: component,
    type: (object) => textAt(object, "type"),
  },
  strategy: {
    leavesMetadata: true,
    validate: (object) => problemsOf((problems) => eventObject(object, "reportingComponent", problems)),
    validateUpdate: (object) => problemsOf((problems) => eventObject(object, "reportingComponent", problems)),
  },
};

/** Fields that have another name in events.k8s.io, theirs first. */
const NAMES: readonly (readonly [string, string])[] = [
  ["note", "message"],
  ["regarding", "involvedObject"],
  ["reportingController", "reportingComponent"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
];

/** events.k8s.io/v1 Event: the same objects under other names, kept as core/v1. */
export const newEvent: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: { ...eventTable, get columns() { return eventTable.columns; }, cells: (object, now) => eventTable.cells(toCore(object), now) }, // prettier-ignore
  storageKey: "events",
  convert: { fromStorage: (object) => renamed(object, "events.k8s.io/v1", NAMES.map(([theirs, core]) => [core, theirs])), toStorage: toCore }, // prettier-ignore
  fieldSelectors: {
    ...Object.fromEntries(INVOLVED.map((key) => [`regarding.${key}`, (object: KubeObject) => textAt(objectAt(object, "regarding"), key)])),
    reason: (object) => textAt(object, "reason"),
    reportingController: (object) => textAt(object, "reportingController"),
    type: (object) => textAt(object, "type"),
  },
  strategy: {
    validate: (object) =>
      problemsOf((problems) => {
        const core = toCore(object);
        eventObject(core, "reportingController", problems);
        newEventObject(core, problems);
      }),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [core, before] = [toCore(object), toCore(old)];
        eventObject(core, "reportingController", problems);
        immutable(
          core,
          before,
          "",
          problems,
          "reason",
          "message",
          "firstTimestamp",
          "lastTimestamp",
          "count",
          "type",
          "eventTime",
          "action",
          "related",
        );
        const [about, source] = [objectAt(core, "involvedObject"), objectAt(core, "source")];
        if (!isSame(about, objectAt(before, "involvedObject"))) {
          problems.invalid("involvedObject", internalValue("core.ObjectReference", about), "field is immutable");
        }
        if (!isSame(source, objectAt(before, "source"))) {
          problems.invalid("source", { Component: textAt(source, "component"), Host: textAt(source, "host") }, "field is immutable");
        }
        if (textAt(core, "reportingComponent") !== textAt(before, "reportingComponent"))
          problems.invalid("reportingController", textAt(core, "reportingComponent"), "field is immutable");
        immutable(core, before, "", problems, "reportingInstance");
      }),
  },
};

function toCore(object: KubeObject): KubeObject {
  return object.apiVersion === "v1" ? object : renamed(object, "v1", NAMES);
}

function renamed(object: KubeObject, apiVersion: string, names: readonly (readonly [string, string])[]): KubeObject {
  let result: JsonObject = { ...object, apiVersion };
  for (const [from, to] of names) if (Object.hasOwn(result, from)) result = put(drop(result, from), to, result[from]);
  return result as KubeObject; // apiVersion, kind and metadata keep their names
}

function eventObject(object: KubeObject, reporting: string, problems: Problems): void {
  const [own, of] = [object.metadata.namespace ?? "", involved(object, "namespace")];
  const isOld = !hasAt(object, "eventTime");
  const wrong = isOld
    ? of === ""
      ? own !== "" && own !== "default"
      : own !== of
    : of === "" && own !== "default" && own !== "kube-system";
  if (wrong) problems.invalid("involvedObject.namespace", of, "does not match event.namespace");
  if (isOld) return;
  const controller = textAt(object, "reportingComponent");
  if (controller === "") problems.required(reporting);
  problems.invalidFor(reporting, controller, labelKeyProblems(controller));
  for (const [key, limit, isRequired] of LIMITS) {
    const text = textAt(object, key);
    if (text === "" && isRequired) problems.required(key);
    if (Buffer.byteLength(text) > limit) problems.invalid(key, "", `can have at most ${limit} characters`);
  }
}

function newEventObject(object: KubeObject, problems: Problems): void {
  if (!hasAt(object, "eventTime")) problems.required("eventTime");
  const type = textAt(object, "type");
  if (type !== "Normal" && type !== "Warning") problems.invalid("type", "", `has invalid value: ${type}`);
  for (const key of ["firstTimestamp", "lastTimestamp", "count"])
    if (hasAt(object, key) && object[key] !== 0) problems.invalid(key, "", "needs to be unset");
  if (Object.keys(objectAt(object, "source")).length > 0) problems.invalid("source", "", "needs to be unset");
}
