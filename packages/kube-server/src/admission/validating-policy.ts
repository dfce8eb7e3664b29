// SPDX-License-Identifier: Apache-2.0
import type { Identity, KubeObject, LabelSelectorObject } from "@flux-ts/kube-core";
import { labelSelectorOf, matchesLabels, PatternCache } from "@flux-ts/kube-core";
import type { CelExpression } from "@flux-ts/kube-core/cel";
import { CelError, compile, kubernetesEnvironment } from "@flux-ts/kube-core/cel";
import type { Plane } from "../plane.ts";
import { failure, qualified } from "../status-errors.ts";
import type { ResourceDefinition } from "../resource.ts";

interface ResourceRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

interface MatchResources {
  readonly namespaceSelector?: LabelSelectorObject;
  readonly objectSelector?: LabelSelectorObject;
  readonly resourceRules?: readonly ResourceRule[];
  readonly excludeResourceRules?: readonly ResourceRule[];
}

interface Policy extends KubeObject {
  readonly spec?: {
    readonly failurePolicy?: string;
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly {
      readonly expression: string;
      readonly message?: string;
      readonly messageExpression?: string;
      readonly reason?: string;
    }[];
    readonly paramKind?: unknown;
  };
}

interface Binding extends KubeObject {
  readonly spec?: {
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchResources?: MatchResources;
  };
}

/** What is about to happen to an object. */
export interface PolicyRequest {
  readonly definition: ResourceDefinition;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  /** Undefined for a deletion. */
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly subresource: string;
  readonly identity: Identity;
  readonly isDryRun: boolean;
}

const GROUP = "admissionregistration.k8s.io";
const CODES: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, Invalid: 422, RequestEntityTooLarge: 413 };

/** Asks the ValidatingAdmissionPolicies of the cluster. Compiled expressions are kept. @see apiserver admission/plugin/policy/validating */
export class ValidatingPolicies {
  readonly #environment = kubernetesEnvironment(new PatternCache());
  #expressions = new Map<string, CelExpression | CelError>();

  /**
   * @returns texts for `Warning` headers
   * @throws {ApiError} with the code of the policy's reason, when a binding says Deny
   */
  check(plane: Plane, request: PolicyRequest): readonly string[] {
    const bindings = plane.store.page(`validatingadmissionpolicybindings.${GROUP}`, "").objects as readonly Binding[]; // by their resource
    if (bindings.length === 0 || request.definition.group === GROUP) return [];
    const warnings: string[] = [];
    for (const binding of bindings) {
      const policy = plane.store.get(`validatingadmissionpolicies.${GROUP}`, binding.spec?.policyName ?? "") as Policy | undefined; // by its resource
      if (!policy?.spec || policy.spec.paramKind !== undefined) continue;
      if (!this.#matches(plane, policy.spec.matchConstraints, request, true)) continue;
      if (!this.#matches(plane, binding.spec?.matchResources, request, false)) continue;
      for (const finding of this.#findings(plane, policy, request)) {
        const text = `ValidatingAdmissionPolicy '${policy.metadata.name ?? ""}' with binding '${binding.metadata.name ?? ""}'`;
        const actions = binding.spec?.validationActions ?? [];
        if (actions.includes("Deny")) throw denied(request, `${text} denied request: ${finding.message}`, finding.reason);
        if (actions.includes("Warn")) warnings.push(`Validation failed for ${text}: ${finding.message}`);
      }
    }
    return warnings;
  }

  #matches(plane: Plane, match: MatchResources | undefined, request: PolicyRequest, needsRules: boolean): boolean {
    if (!match) return !needsRules;
    const { definition, operation, subresource } = request;
    const object = request.object ?? request.old;
    const rule = (candidate: ResourceRule): boolean =>
      ruleMatches(candidate, definition, operation, subresource, object?.metadata.name ?? "");
    if (match.excludeResourceRules?.some(rule)) return false;
    const rules = match.resourceRules ?? [];
    if (rules.length > 0 ? !rules.some(rule) : needsRules) return false;
    if (match.objectSelector && !matchesLabels(labelSelectorOf(match.objectSelector), object?.metadata.labels)) return false;
    if (!match.namespaceSelector || !definition.namespaced) return true;
    const namespace = plane.store.get("namespaces", object?.metadata.namespace ?? "");
    return matchesLabels(labelSelectorOf(match.namespaceSelector), namespace?.metadata.labels);
  }

  #findings(plane: Plane, policy: Policy, request: PolicyRequest): readonly { readonly message: string; readonly reason: string }[] {
    const spec = policy.spec ?? {};
    const fails = spec.failurePolicy !== "Ignore";
    const variables = variablesOf(plane, request);
    try {
      for (const { expression } of spec.matchConditions ?? []) if (this.#run(expression, variables) !== true) return [];
      const own: Record<string, unknown> = {};
      for (const { name, expression } of spec.variables ?? []) own[name] = this.#run(expression, { ...variables, variables: own });
      const all = { ...variables, variables: own };
      return (spec.validations ?? []).flatMap(({ expression, message, messageExpression, reason = "Invalid" }) => {
        if (this.#run(expression, all) === true) return [];
        const told = messageExpression === undefined ? undefined : this.#run(messageExpression, all);
        return [{ message: typeof told === "string" ? told : (message ?? `failed expression: ${expression}`), reason }];
      });
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      return fails ? [{ message: error.message, reason: "Invalid" }] : [];
    }
  }

  #run(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
    let compiled = this.#expressions.get(expression);
    if (!compiled) {
      compiled = this.#compile(expression);
      if (this.#expressions.size > 1000) this.#expressions.clear();
      this.#expressions.set(expression, compiled);
    }
    if (compiled instanceof CelError) throw compiled;
    return compiled.run(variables);
  }

  #compile(expression: string): CelExpression | CelError {
    try {
      return compile(expression, { environment: this.#environment });
    } catch (error) {
      if (error instanceof CelError) return error;
      throw error;
    }
  }
}

function ruleMatches(rule: ResourceRule, definition: ResourceDefinition, operation: string, subresource: string, name: string): boolean {
  const holds = (list: readonly string[] | undefined, value: string): boolean =>
    (list ?? []).some((entry) => entry === "*" || entry === value);
  if (!holds(rule.operations, operation) || !holds(rule.apiGroups, definition.group) || !holds(rule.apiVersions, definition.version))
    return false;
  if (rule.scope && rule.scope !== "*" && rule.scope !== (definition.namespaced ? "Namespaced" : "Cluster")) return false;
  if ((rule.resourceNames ?? []).length > 0 && !rule.resourceNames?.includes(name)) return false;
  const resource = subresource === "" ? definition.plural : `${definition.plural}/${subresource}`;
  return (rule.resources ?? []).some(
    (entry) =>
      entry === resource ||
      entry === "*/*" ||
      (entry === "*" && subresource === "") ||
      entry === `*/${subresource}` ||
      (subresource !== "" && entry === `${definition.plural}/*`),
  );
}

function variablesOf(plane: Plane, request: PolicyRequest): Readonly<Record<string, unknown>> {
  const { object, old, definition, operation, subresource, identity, isDryRun } = request;
  const { name = "", namespace = "" } = (object ?? old)?.metadata ?? {};
  const kind = { group: definition.group, version: definition.version, kind: definition.kind };
  const resource = { group: definition.group, version: definition.version, resource: definition.plural };
  return {
    object: object ?? null,
    oldObject: old ?? null,
    params: null,
    namespaceObject: definition.namespaced ? (plane.store.get("namespaces", namespace) ?? null) : null,
    request: {
      kind,
      resource,
      subResource: subresource,
      requestKind: kind,
      requestResource: resource,
      requestSubResource: subresource,
      name,
      namespace,
      operation,
      userInfo: { username: identity.user, uid: identity.uid ?? "", groups: identity.groups ?? [], extra: identity.extra ?? {} },
      dryRun: isDryRun,
    },
  };
}

function denied({ definition, object, old }: PolicyRequest, text: string, reason: string): Error {
  const { name = "" } = (object ?? old)?.metadata ?? {};
  const { group, plural } = definition;
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, causes: [{ message: text }] };
  return failure(
    CODES[reason] ?? 422,
    reason,
    `${qualified({ group, name: plural })} ${JSON.stringify(name)} is forbidden: ${text}`,
    details,
  );
}
