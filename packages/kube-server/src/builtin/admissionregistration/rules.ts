// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { textsAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";
import { oneOf } from "../validation/scalars.ts";

const OPERATIONS: readonly string[] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES: readonly string[] = ["*", "Cluster", "Namespaced"];

/** What requests a webhook or policy wants to see. @see kubernetes pkg/apis/admissionregistration/validation validateRuleWithOperations */
export function ruleWithOperations(rule: JsonObject, path: string, problems: Problems): void {
  const operations = textsAt(rule, "operations");
  wildcardAlone(rule, "operations", "operations", path, problems);
  operations.forEach((operation, index) => {
    if (!OPERATIONS.includes(operation)) problems.notSupported(`${path}.operations[${index}]`, operation, OPERATIONS);
  });
  wildcardAlone(rule, "apiGroups", "API groups", path, problems);
  wildcardAlone(rule, "apiVersions", "API versions", path, problems);
  textsAt(rule, "apiVersions").forEach((version, index) => void (version === "" && problems.required(`${path}.apiVersions[${index}]`)));
  resources(textsAt(rule, "resources"), `${path}.resources`, problems);
  oneOf(rule, "scope", path, problems, SCOPES);
}

function wildcardAlone(rule: JsonObject, name: string, others: string, path: string, problems: Problems): void {
  const values = textsAt(rule, name);
  if (values.length === 0) problems.required(`${path}.${name}`);
  if (values.length > 1 && values.includes("*")) {
    problems.invalid(`${path}.${name}`, values, `if '*' is present, must not specify other ${others}`);
  }
}

function resources(all: readonly string[], path: string, problems: Problems): void {
  if (all.length === 0) problems.required(path);
  const [anySubresource, anyResource] = [new Set<string>(), new Set<string>()];
  let hasPlain = false;
  all.forEach((text, index) => {
    if (text === "") return problems.required(`${path}[${index}]`);
    const slash = text.indexOf("/");
    if (slash < 0) return void (hasPlain = text !== "*");
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)];
    if (anySubresource.has(resource))
      problems.invalid(`${path}[${index}]`, text, `if '${resource}/*' is present, must not specify ${text}`);
    if (anyResource.has(sub)) problems.invalid(`${path}[${index}]`, text, `if '*/${sub}' is present, must not specify ${text}`);
    if (sub === "*") anySubresource.add(resource);
    if (resource === "*") anyResource.add(sub);
  });
  if (all.length > 1 && all.includes("*/*")) problems.invalid(path, all, "if '*/*' is present, must not specify other resources");
  if (all.includes("*") && hasPlain)
    problems.invalid(path, all, "if '*' is present, must not specify other resources without subresources");
}
