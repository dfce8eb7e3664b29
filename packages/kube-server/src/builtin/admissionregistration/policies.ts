// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, labelKeyProblems, pathSegmentProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, listAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import {
  mutatingPolicyBindingTable,
  mutatingPolicyTable,
  validatingPolicyBindingTable,
  validatingPolicyTable,
} from "../table/other-tables.ts";
import { keepMetadata } from "../status-metadata.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { oneOf, requireOneOf } from "../validation/scalars.ts";
import { ExpressionChecker, policyVariables, type Variables } from "./expressions.ts";
import { matchConditions } from "./match-conditions.ts";
import { ruleWithOperations } from "./rules.ts";

const ACTIONS: readonly string[] = ["Audit", "Deny", "Warn"];
const REASONS: readonly string[] = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const BOTH =
  "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
const EITHER = "validations or auditAnnotations must contain at least one item";
const EXCLUSIVE = "name and selector are mutually exclusive";

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy. */
export const validatingPolicy: KindBehaviour = {
  printer: validatingPolicyTable,
  resetFields: { "": [["f:status"]], status: [["f:metadata"], ["f:spec"]] },
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    prepareStatusUpdate: keepMetadata,
    validate: (object) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        const variables = policy(spec, problems);
        if (listAt(spec, "validations").length === 0 && listAt(spec, "auditAnnotations").length === 0) {
          for (const name of ["validations", "auditAnnotations"]) problems.required(`spec.${name}`, EITHER);
        }
        objectsAt(spec, "validations").forEach((one, index) => {
          validation(one, `spec.validations[${index}]`, problems);
          validationExpressions(one, `spec.validations[${index}]`, variables, problems);
        });
        auditAnnotations(object, objectsAt(spec, "auditAnnotations"), variables, problems);
      }),
  },
};

/** admissionregistration.k8s.io/v1 MutatingAdmissionPolicy; its mutations are not compiled. */
export const mutatingPolicy: KindBehaviour = {
  printer: mutatingPolicyTable,
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    validate: (object) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        policy(spec, problems);
        if (listAt(spec, "mutations").length === 0) problems.required("spec.mutations", "mutations must contain at least one item");
        objectsAt(spec, "mutations").forEach((one, index) => mutation(one, `spec.mutations[${index}]`, problems));
        requireOneOf(spec, "reinvocationPolicy", "spec", problems, ["IfNeeded", "Never"]);
      }),
  },
};

function policy(spec: JsonObject, problems: Problems): Variables {
  requireOneOf(spec, "failurePolicy", "spec", problems, ["Fail", "Ignore"]);
  const kind = objectIn(spec, "paramKind");
  if (kind) for (const name of ["apiVersion", "kind"]) if (textAt(kind, name) === "") problems.required(`spec.paramKind.${name}`);
  const constraints = objectIn(spec, "matchConstraints");
  if (!constraints) problems.required("spec.matchConstraints");
  else {
    matchResources(constraints, "spec.matchConstraints", problems);
    if (listAt(constraints, "resourceRules").length === 0) problems.required("spec.matchConstraints.resourceRules");
  }
  matchConditions(objectsAt(spec, "matchConditions"), "spec.matchConditions", policyVariables(spec), problems);
  return new ExpressionChecker(problems).defineVariables(spec, "spec.variables");
}

function validationExpressions(one: JsonObject, path: string, variables: Variables, problems: Problems): void {
  const checker = new ExpressionChecker(problems);
  const [expression, message] = [textAt(one, "expression"), textAt(one, "messageExpression")];
  if (expression.trim() !== "") checker.check(expression, "bool", variables, `${path}.expression`);
  // Its author may not ask the authorizer in a message.
  if (message.trim() !== "") checker.check(message, "string", variables, `${path}.messageExpression`);
}

function matchResources(resources: JsonObject, path: string, problems: Problems): void {
  requireOneOf(resources, "matchPolicy", path, problems, ["Equivalent", "Exact"]);
  for (const name of ["namespaceSelector", "objectSelector"]) {
    if (!hasAt(resources, name)) problems.required(`${path}.${name}`);
    else labelSelector(objectAt(resources, name), `${path}.${name}`, problems);
  }
  for (const name of ["resourceRules", "excludeResourceRules"]) {
    objectsAt(resources, name).forEach((rule, index) => {
      const names = textsAt(rule, "resourceNames");
      names.forEach((one, at) => {
        const own = `${path}.${name}[${index}].resourceNames[${at}]`;
        problems.invalidFor(own, one, pathSegmentProblems(one));
        if (names.indexOf(one) < at) problems.duplicate(own, one);
      });
      ruleWithOperations(rule, `${path}.${name}[${index}]`, problems);
    });
  }
}

function validation(one: JsonObject, path: string, problems: Problems): void {
  if (textAt(one, "expression").trim() === "") problems.required(`${path}.expression`, "expression is not specified");
  for (const name of ["messageExpression", "message"]) {
    const text = textAt(one, name);
    if (text !== "" && text.trim() === "") problems.invalid(`${path}.${name}`, text, "must be non-empty if specified");
    else if (name === "message" && /[\n\r]/.test(text.trim())) problems.invalid(`${path}.message`, text, "must not contain line breaks");
  }
  oneOf(one, "reason", path, problems, REASONS);
}

function auditAnnotations(object: KubeObject, all: readonly JsonObject[], variables: Variables, problems: Problems): void {
  const keys = new Set<string>();
  all.forEach((annotation, index) => {
    const [path, key] = [`spec.auditAnnotations[${index}]`, textAt(annotation, "key")];
    const name = `${object.metadata.name ?? ""}/${key}`;
    problems.invalidFor(`${path}.key`, name, labelKeyProblems(name));
    const expression = textAt(annotation, "valueExpression");
    if (expression.trim() === "") problems.required(`${path}.valueExpression`, "valueExpression is not specified");
    else new ExpressionChecker(problems).check(expression, "string or null", variables, `${path}.valueExpression`);
    if (keys.has(key)) problems.duplicate(`${path}.key`, key);
    keys.add(key);
  });
}

function mutation(one: JsonObject, path: string, problems: Problems): void {
  requireOneOf(one, "patchType", path, problems, ["ApplyConfiguration", "JSONPatch"]);
  const type = textAt(one, "patchType");
  const [own, other] = type === "JSONPatch" ? ["jsonPatch", "applyConfiguration"] : ["applyConfiguration", "jsonPatch"];
  if (type !== "JSONPatch" && type !== "ApplyConfiguration") return;
  if (!hasAt(one, own)) problems.required(`${path}.${own}`, `must be specified when patchType is ${type}`);
  if (hasAt(one, other)) problems.invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`);
}

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding. */
export const validatingPolicyBinding: KindBehaviour = {
  printer: validatingPolicyBindingTable,
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    validate: (object) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        policyBinding(spec, problems);
        validationActions(textsAt(spec, "validationActions"), problems);
      }),
  },
};

/** admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding. */
export const mutatingPolicyBinding: KindBehaviour = {
  printer: mutatingPolicyBindingTable,
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    validate: (object) => problemsOf((problems) => policyBinding(objectAt(object, "spec"), problems)),
  },
};

function policyBinding(spec: JsonObject, problems: Problems): void {
  const name = textAt(spec, "policyName");
  if (name === "") problems.required("spec.policyName");
  else problems.invalidFor("spec.policyName", name, dns1123SubdomainProblems(name));
  const reference = objectIn(spec, "paramRef");
  if (reference) paramReference(reference, "spec.paramRef", problems);
  const resources = objectIn(spec, "matchResources");
  if (resources) matchResources(resources, "spec.matchResources", problems);
}

function paramReference(reference: JsonObject, path: string, problems: Problems): void {
  const [name, selector] = [textAt(reference, "name"), objectIn(reference, "selector")];
  if (name !== "") problems.invalidFor(`${path}.name`, name, pathSegmentProblems(name));
  if (name !== "" && selector) problems.forbidden(`${path}.name`, EXCLUSIVE);
  if (selector) labelSelector(selector, `${path}.selector`, problems);
  if (name !== "" && selector) problems.forbidden(`${path}.selector`, EXCLUSIVE);
  if (name === "" && !selector) problems.required(path, "one of name or selector must be specified");
  requireOneOf(reference, "parameterNotFoundAction", path, problems, ["Deny", "Allow"]);
}

function validationActions(actions: readonly string[], problems: Problems): void {
  const path = "spec.validationActions";
  actions.forEach((action, index) => {
    if (!ACTIONS.includes(action)) problems.notSupported(`${path}[${index}]`, action, ACTIONS);
    if (actions.indexOf(action) < index) problems.duplicate(`${path}[${index}]`, action);
  });
  if (actions.includes("Deny") && actions.includes("Warn")) problems.invalid(path, actions, BOTH);
  if (actions.length === 0) problems.required(path, "at least one validation action is required");
}
