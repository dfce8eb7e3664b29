// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import { podTemplate } from "../core/pod-spec.ts";
import { internalValue } from "../internal-value.ts";
import { hasAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";

const ACTIONS: readonly string[] = ["Count", "FailIndex", "FailJob", "Ignore"];
const STATUSES: readonly string[] = ["False", "True", "Unknown"];
const MAX_PARALLEL = 100_000;
const SOFT_LIMIT = 100_000;
const MANY_INDEXES = 10_000;

/** The spec of a Job or of a CronJob's template, but for the selector. @see kubernetes pkg/apis/batch/validation validateJobSpec */
export function jobSpec(spec: JsonObject, path: string, problems: Problems): void {
  nonNegative(
    spec,
    path,
    problems,
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  );
  if (hasAt(spec, "maxFailedIndexes") && !hasAt(spec, "backoffLimitPerIndex"))
    problems.required(at(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified");
  managedBy(spec, path, problems);
  completionMode(spec, path, problems);
  const failure = objectIn(spec, "podFailurePolicy");
  if (failure) failurePolicy(spec, failure, at(path, "podFailurePolicy", "rules"), problems);
  const success = objectIn(spec, "successPolicy");
  if (success && textAt(spec, "completionMode") !== "Indexed") {
    problems.invalid(at(path, "successPolicy"), internalValue("batch.SuccessPolicy", success), "requires indexed completion mode");
  } else if (success && listAt(success, "rules").length === 0)
    problems.required(at(path, "successPolicy", "rules"), "at least one rules must be specified when successPolicy is specified");
  const replacement = failure ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (hasAt(spec, "podReplacementPolicy") && !replacement.includes(textAt(spec, "podReplacementPolicy"))) {
    problems.notSupported(at(path, "podReplacementPolicy"), spec["podReplacementPolicy"], replacement);
  }
  podTemplate(objectAt(spec, "template"), at(path, "template"), problems);
  restartPolicy(spec, failure !== undefined, path, problems);
}

function managedBy(spec: JsonObject, path: string, problems: Problems): void {
  if (!hasAt(spec, "managedBy")) return;
  const name = textAt(spec, "managedBy");
  const own = at(path, "managedBy");
  if (name === "") problems.required(own);
  else if (!/^[^/]+\/.+$/.test(name)) problems.invalid(own, name, 'must be a domain-prefixed path (such as "acme.io/foo")');
  if (name.length > 63) problems.tooLong(own, 63);
}

function completionMode(spec: JsonObject, path: string, problems: Problems): void {
  const mode = textAt(spec, "completionMode");
  const [completions, parallelism, failed] = ["completions", "parallelism", "maxFailedIndexes"].map((key) => numberAt(spec, key));
  if (hasAt(spec, "completionMode") && mode !== "NonIndexed" && mode !== "Indexed")
    problems.notSupported(at(path, "completionMode"), mode, ["NonIndexed", "Indexed"]);
  if (mode === "Indexed") {
    if (completions === undefined) problems.required(at(path, "completions"), "when completion mode is Indexed");
    if (parallelism !== undefined && parallelism > MAX_PARALLEL) {
      problems.invalid(
        at(path, "parallelism"),
        parallelism,
        `must be less than or equal to ${MAX_PARALLEL} when completion mode is Indexed`,
      );
    }
    if (completions !== undefined && failed !== undefined && failed > completions)
      problems.invalid(at(path, "maxFailedIndexes"), failed, "must be less than or equal to completions");
    if (failed !== undefined && failed > MAX_PARALLEL)
      problems.invalid(at(path, "maxFailedIndexes"), failed, `must be less than or equal to ${MAX_PARALLEL}`);
    if (completions !== undefined && completions > SOFT_LIMIT && hasAt(spec, "backoffLimitPerIndex"))
      manyIndexes(path, parallelism, failed, problems);
  }
  if (mode === "" || mode === "NonIndexed") {
    for (const key of ["backoffLimitPerIndex", "maxFailedIndexes"])
      if (hasAt(spec, key)) problems.invalid(at(path, key), spec[key], "requires indexed completion mode");
  }
}

function manyIndexes(path: string, parallelism: number | undefined, failed: number | undefined, problems: Problems): void {
  const text = `must be less than or equal to ${MANY_INDEXES} when completions are above ${SOFT_LIMIT} and used with backoff limit per index`;
  if (failed === undefined) problems.required(at(path, "maxFailedIndexes"), `must be specified when completions is above ${SOFT_LIMIT}`);
  if (parallelism !== undefined && parallelism > MANY_INDEXES) problems.invalid(at(path, "parallelism"), parallelism, text);
  if (failed !== undefined && failed > MANY_INDEXES) problems.invalid(at(path, "maxFailedIndexes"), failed, text);
}

function restartPolicy(spec: JsonObject, hasFailurePolicy: boolean, path: string, problems: Problems): void {
  const policy = textAt(objectAt(objectAt(spec, "template"), "spec"), "restartPolicy");
  const own = at(path, "template", "spec", "restartPolicy");
  if (policy === "Always" || policy === "") problems.required(own, 'valid values: "OnFailure", "Never"');
  else if (policy !== "OnFailure" && policy !== "Never") problems.notSupported(own, policy, ["OnFailure", "Never"]);
  else if (hasFailurePolicy && policy !== "Never")
    problems.invalid(own, policy, 'only "Never" is supported when podFailurePolicy is specified');
}

function failurePolicy(spec: JsonObject, policy: JsonObject, path: string, problems: Problems): void {
  const rules = objectsAt(policy, "rules");
  if (rules.length > 20) problems.tooMany(path, rules.length, 20);
  const pod = objectAt(objectAt(spec, "template"), "spec");
  const names = new Set(["containers", "initContainers"].flatMap((kind) => objectsAt(pod, kind).map((one) => textAt(one, "name"))));
  rules.forEach((rule, index) => failureRule(spec, rule, names, `${path}[${index}]`, problems));
}

function failureRule(spec: JsonObject, rule: JsonObject, names: ReadonlySet<string>, path: string, problems: Problems): void {
  const action = textAt(rule, "action");
  if (action === "") problems.required(at(path, "action"), `valid values: ${quoted(ACTIONS)}`);
  else if (action === "FailIndex" && !hasAt(spec, "backoffLimitPerIndex"))
    problems.invalid(at(path, "action"), action, "requires the backoffLimitPerIndex to be set");
  else if (!ACTIONS.includes(action)) problems.notSupported(at(path, "action"), action, ACTIONS);
  const [codes, conditions] = [objectIn(rule, "onExitCodes"), objectsAt(rule, "onPodConditions")];
  if (codes) exitCodes(codes, names, at(path, "onExitCodes"), problems);
  if (conditions.length > 20) problems.tooMany(at(path, "onPodConditions"), conditions.length, 20);
  conditions.forEach((pattern, index) => {
    const own = `${at(path, "onPodConditions")}[${index}]`;
    problems.invalidFor(at(own, "type"), textAt(pattern, "type"), labelKeyProblems(textAt(pattern, "type")));
    const status = textAt(pattern, "status");
    if (status === "") problems.required(at(own, "status"), `valid values: ${quoted(STATUSES)}`);
    else if (!STATUSES.includes(status)) problems.notSupported(at(own, "status"), status, STATUSES);
  });
  const wrong = (detail: string): void => problems.add({ type: "FieldValueInvalid", field: path, omitValue: true, detail });
  if (codes && conditions.length > 0) wrong("specifying both OnExitCodes and OnPodConditions is not supported");
  if (!codes && conditions.length === 0) wrong("specifying one of OnExitCodes and OnPodConditions is required");
}

/** A list of texts as Go's %q prints it. */
function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}

function exitCodes(codes: JsonObject, names: ReadonlySet<string>, path: string, problems: Problems): void {
  const operator = textAt(codes, "operator");
  if (operator === "") problems.required(at(path, "operator"), `valid values: ${quoted(["In", "NotIn"])}`);
  else if (operator !== "In" && operator !== "NotIn") problems.notSupported(at(path, "operator"), operator, ["In", "NotIn"]);
  if (hasAt(codes, "containerName") && !names.has(textAt(codes, "containerName"))) {
    problems.invalid(
      at(path, "containerName"),
      textAt(codes, "containerName"),
      "must be one of the container or initContainer names in the pod template",
    );
  }
  const values = listAt(codes, "values");
  const own = at(path, "values");
  if (values.length === 0) problems.invalid(own, values, "at least one value is required");
  if (values.length > 255) problems.tooMany(own, values.length, 255);
  let isOrdered = true;
  const seen = new Set<unknown>();
  values.forEach((value, index) => {
    if (operator === "In" && value === 0) problems.invalid(`${own}[${index}]`, value, "must not be 0 for the In operator");
    if (seen.has(value)) problems.duplicate(`${own}[${index}]`, value);
    const before = values[index - 1];
    if (typeof value === "number" && typeof before === "number" && before > value) isOrdered = false;
    seen.add(value);
  });
  if (!isOrdered) problems.invalid(own, values, "must be ordered");
}
