// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, type JsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt, objectIn, textAt } from "../shape.ts";
import { ingressClassTable } from "../table/other-tables.ts";
import { domainPrefixedPath } from "../validation/domain-names.ts";
import { immutable } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { typedReference } from "./typed-reference.ts";

const MAX_CONTROLLER = 250;
const SCOPES: readonly string[] = ["Cluster", "Namespace"];

/** networking.k8s.io/v1 IngressClass. */
export const ingressClass: KindBehaviour = {
  printer: ingressClassTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => classSpec(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        immutable(objectAt(object, "spec"), objectAt(old, "spec"), "spec", problems, "controller");
        classSpec(objectAt(object, "spec"), problems);
      }),
  },
};

function classSpec(spec: JsonObject, problems: Problems): void {
  const controller = textAt(spec, "controller");
  if (Buffer.byteLength(controller) > MAX_CONTROLLER) problems.tooLong("spec.controller", MAX_CONTROLLER);
  domainPrefixedPath(controller, "spec.controller", problems);
  const parameters = objectIn(spec, "parameters");
  if (parameters) parametersReference(parameters, "spec.parameters", problems);
}

function parametersReference(reference: JsonObject, path: string, problems: Problems): void {
  typedReference(reference, path, problems);
  if (!hasAt(reference, "scope")) return problems.required(`${path}.scope`);
  const scope = textAt(reference, "scope");
  const hasNamespace = hasAt(reference, "namespace");
  if (!SCOPES.includes(scope)) return problems.notSupported(`${path}.scope`, scope, SCOPES);
  if (scope === "Cluster" && hasNamespace) problems.forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'");
  if (scope !== "Namespace") return;
  if (!hasNamespace) problems.required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'");
  else problems.invalidFor(`${path}.namespace`, reference["namespace"], dns1123LabelProblems(textAt(reference, "namespace")));
}
