// SPDX-License-Identifier: Apache-2.0
import { labelSelectorOf, matchesLabels, type JsonObject, type LabelSelector, type LabelSelectorObject } from "@flux-ts/kube-core";
import { hasAt, objectAt, objectIn, textAt } from "../shape.ts";
import { isEmptySelector, labelSelector } from "./labels.ts";
import { at, type Problems } from "./problems.ts";

/** What is wrong when pods would not be found again. */
export const NO_MATCH = "`selector` does not match template `labels`";

/** The selector of an object, read; undefined when it cannot be. No selector selects nothing. */
export function readSelector(owner: JsonObject): LabelSelector | undefined {
  try {
    // A decoded object has the shape; what is wrong inside makes labelSelectorOf throw.
    return labelSelectorOf(objectIn(owner, "selector") as LabelSelectorObject | undefined);
  } catch {
    return undefined;
  }
}

/** `selector` of a controller: there, valid, and not everything. @param kind for the message, e.g. `deployment` */
export function requiredSelector(spec: JsonObject, kind: string, path: string, problems: Problems): void {
  const own = at(path, "selector");
  const selector = objectIn(spec, "selector");
  if (!selector) return problems.required(own);
  labelSelector(selector, own, problems);
  if (isEmptySelector(selector)) problems.invalid(own, selectorInOrder(selector), `empty selector is invalid for ${kind}`);
}

/** A selector as messages print it: in the order of its Go fields. */
export function selectorInOrder(selector: JsonObject): JsonObject {
  const { matchLabels, matchExpressions, ...rest } = selector;
  return {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(matchExpressions === undefined ? {} : { matchExpressions }),
    ...rest,
  };
}

/** The template must have the labels that are selected. @param matchesEmpty whether a selector of everything is asked, too */
export function templateIsSelected(spec: JsonObject, selector: LabelSelector, path: string, problems: Problems): void {
  const metadata = objectAt(objectAt(spec, "template"), "metadata");
  if (!matchesLabels(selector, objectAt(metadata, "labels"))) {
    problems.invalid(at(path, "template", "metadata", "labels"), hasAt(metadata, "labels") ? metadata["labels"] : null, NO_MATCH);
  }
}

/** What pods of long-running controllers must be like. @param kind as the message names it, e.g. `ReplicaSet` */
export function longRunning(spec: JsonObject, kind: string, path: string, problems: Problems): void {
  const pod = objectAt(objectAt(spec, "template"), "spec");
  if (textAt(pod, "restartPolicy") !== "Always")
    problems.notSupported(at(path, "template", "spec", "restartPolicy"), textAt(pod, "restartPolicy"), ["Always"]);
  if (hasAt(pod, "activeDeadlineSeconds")) {
    problems.forbidden(at(path, "template", "spec", "activeDeadlineSeconds"), `activeDeadlineSeconds in ${kind} is not Supported`);
  }
}
