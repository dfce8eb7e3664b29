// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, labelValueProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { labelName, labelSelector } from "../validation/labels.ts";
import { at, type Problems } from "../validation/problems.ts";
import { oneOf } from "../validation/scalars.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const NOT_AN_OPERATOR = "not a valid selector operator";
const SPREAD_ACTIONS: readonly string[] = ["DoNotSchedule", "ScheduleAnyway"];
const POSITIVE = "must be greater than zero";

/** `affinity` of a pod. */
export function affinity(spec: JsonObject, path: string, problems: Problems): void {
  const own = objectIn(spec, "affinity");
  if (!own) return;
  const base = at(path, "affinity");
  const node = objectAt(own, "nodeAffinity");
  const required = objectIn(node, REQUIRED);
  if (required) nodeSelector(required, at(base, "nodeAffinity", REQUIRED), problems);
  objectsAt(node, PREFERRED).forEach((term, index) => {
    const termPath = `${at(base, "nodeAffinity", PREFERRED)}[${index}]`;
    weight(term, termPath, problems);
    nodeSelectorTerm(objectAt(term, "preference"), at(termPath, "preference"), problems, true);
  });
  for (const kind of ["podAffinity", "podAntiAffinity"]) podAffinity(objectAt(own, kind), at(base, kind), problems);
}

/** A selector of nodes. */
export function nodeSelector(selector: JsonObject, path: string, problems: Problems): void {
  const terms = objectsAt(selector, "nodeSelectorTerms");
  const own = at(path, "nodeSelectorTerms");
  if (terms.length === 0) return problems.required(own, "must have at least one node selector term");
  terms.forEach((term, index) => nodeSelectorTerm(term, `${own}[${index}]`, problems, false));
}

function nodeSelectorTerm(term: JsonObject, path: string, problems: Problems, allowsAnyValue: boolean): void {
  objectsAt(term, "matchExpressions").forEach((one, index) =>
    nodeRequirement(one, `${at(path, "matchExpressions")}[${index}]`, problems, allowsAnyValue),
  );
  objectsAt(term, "matchFields").forEach((one, index) => nodeField(one, `${at(path, "matchFields")}[${index}]`, problems));
}

function nodeRequirement(one: JsonObject, path: string, problems: Problems, allowsAnyValue: boolean): void {
  const operator = textAt(one, "operator");
  const values = textsAt(one, "values");
  const own = at(path, "values");
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) problems.required(own, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) problems.forbidden(own, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1) problems.required(own, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else problems.invalid(at(path, "operator"), operator, NOT_AN_OPERATOR);
  labelName(textAt(one, "key"), at(path, "key"), problems);
  if (!allowsAnyValue) values.forEach((value, index) => problems.invalidFor(`${own}[${index}]`, value, labelValueProblems(value)));
}

function nodeField(one: JsonObject, path: string, problems: Problems): void {
  const operator = textAt(one, "operator");
  const values = textsAt(one, "values");
  if (operator !== "In" && operator !== "NotIn") problems.invalid(at(path, "operator"), operator, NOT_AN_OPERATOR);
  else if (values.length !== 1)
    problems.required(at(path, "values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  if (textAt(one, "key") !== "metadata.name") problems.invalid(at(path, "key"), textAt(one, "key"), "not a valid field selector key");
  else values.forEach((value, index) => problems.invalidFor(`${at(path, "values")}[${index}]`, value, dns1123SubdomainProblems(value)));
}

function weight(term: JsonObject, path: string, problems: Problems): void {
  const value = numberAt(term, "weight") ?? 0;
  if (value <= 0 || value > 100) problems.invalid(at(path, "weight"), value, "must be in the range 1-100");
}

function podAffinity(own: JsonObject, path: string, problems: Problems): void {
  objectsAt(own, REQUIRED).forEach((term, index) => podTerm(term, `${at(path, REQUIRED)}[${index}]`, problems));
  objectsAt(own, PREFERRED).forEach((term, index) => {
    const termPath = `${at(path, PREFERRED)}[${index}]`;
    weight(term, termPath, problems);
    podTerm(objectAt(term, "podAffinityTerm"), at(termPath, "podAffinityTerm"), problems);
  });
}

function podTerm(term: JsonObject, path: string, problems: Problems): void {
  for (const key of ["labelSelector", "namespaceSelector"]) {
    const selector = objectIn(term, key);
    if (selector) labelSelector(selector, at(path, key), problems);
  }
  for (const namespace of textsAt(term, "namespaces"))
    problems.invalidFor(at(path, "namespace"), namespace, dns1123LabelProblems(namespace));
  labelKeys(term, path, problems);
  const topology = textAt(term, "topologyKey");
  if (topology === "") problems.required(at(path, "topologyKey"), "can not be empty");
  labelName(topology, at(path, "topologyKey"), problems);
}

function labelKeys(term: JsonObject, path: string, problems: Problems): void {
  const selector = objectIn(term, "labelSelector");
  const keys = { match: textsAt(term, "matchLabelKeys"), mismatch: textsAt(term, "mismatchLabelKeys") };
  for (const [name, list] of [
    ["matchLabelKeys", keys.match],
    ["mismatchLabelKeys", keys.mismatch],
  ] as const) {
    if (list.length === 0) continue;
    if (!selector) problems.forbidden(at(path, name), "must not be specified when labelSelector is not set");
    else list.forEach((key, index) => labelName(key, `${at(path, name)}[${index}]`, problems));
  }
  const seen = new Set(Object.keys(objectAt(selector ?? {}, "matchLabels")));
  for (const expression of objectsAt(selector ?? {}, "matchExpressions")) {
    const key = textAt(expression, "key");
    const index = keys.match.indexOf(key);
    if (index >= 0 && seen.has(key)) problems.invalid(`${path}[${index}]`, key, "exists in both matchLabelKeys and labelSelector");
    seen.add(key);
  }
  keys.match.forEach((key, index) => {
    if (keys.mismatch.includes(key))
      problems.invalid(`${at(path, "matchLabelKeys")}[${index}]`, key, "exists in both matchLabelKeys and mismatchLabelKeys");
  });
}

/** `topologySpreadConstraints` of a pod. */
export function topologySpread(spec: JsonObject, path: string, problems: Problems): void {
  const constraints = objectsAt(spec, "topologySpreadConstraints");
  constraints.forEach((constraint, index) => {
    const own = `${at(path, "topologySpreadConstraints")}[${index}]`;
    const skew = numberAt(constraint, "maxSkew") ?? 0;
    if (skew <= 0) problems.invalid(at(own, "maxSkew"), skew, POSITIVE);
    const [topology, action] = [textAt(constraint, "topologyKey"), textAt(constraint, "whenUnsatisfiable")];
    if (topology === "") problems.required(at(own, "topologyKey"), "can not be empty");
    if (!SPREAD_ACTIONS.includes(action)) problems.notSupported(at(own, "whenUnsatisfiable"), action, SPREAD_ACTIONS);
    const repeats = constraints
      .slice(index + 1)
      .some((other) => textAt(other, "topologyKey") === topology && textAt(other, "whenUnsatisfiable") === action);
    if (repeats) problems.duplicate(at(own, "{topologyKey, whenUnsatisfiable}"), `{${topology}, ${action}}`);
    minDomains(constraint, action, own, problems);
    oneOf(constraint, "nodeAffinityPolicy", own, problems, ["Honor", "Ignore"]);
    oneOf(constraint, "nodeTaintsPolicy", own, problems, ["Honor", "Ignore"]);
    labelKeys(constraint, own, problems);
    const selector = objectIn(constraint, "labelSelector");
    if (selector) labelSelector(selector, at(own, "labelSelector"), problems);
  });
}

function minDomains(constraint: JsonObject, action: string, path: string, problems: Problems): void {
  if (!hasAt(constraint, "minDomains")) return;
  const value = numberAt(constraint, "minDomains") ?? 0;
  if (value <= 0) problems.invalid(at(path, "minDomains"), value, POSITIVE);
  if (action !== "DoNotSchedule") {
    problems.invalid(at(path, "minDomains"), value, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`);
  }
}
