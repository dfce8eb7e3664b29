// SPDX-License-Identifier: Apache-2.0
import { dns1035LabelProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { mutatingWebhookTable, validatingWebhookTable } from "../table/other-tables.ts";
import { fullyQualifiedName } from "../validation/domain-names.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { oneOf } from "../validation/scalars.ts";
import { webhookService, webhookUrl } from "./client-config.ts";
import { WEBHOOK_VARIABLES } from "./expressions.ts";
import { matchConditions } from "./match-conditions.ts";
import { ruleWithOperations } from "./rules.ts";

const VERSIONS: readonly string[] = ["v1", "v1beta1"];
const NO_EFFECTS: readonly string[] = ["None", "NoneOnDryRun"];
const ANY_EFFECTS: readonly string[] = ["None", "NoneOnDryRun", "Some", "Unknown"];

/** admissionregistration.k8s.io/v1 MutatingWebhookConfiguration. */
export const mutatingWebhooks: KindBehaviour = { printer: mutatingWebhookTable, strategy: { ...webhookStrategy() } };

/** admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration. */
export const validatingWebhooks: KindBehaviour = { printer: validatingWebhookTable, strategy: { ...webhookStrategy() } };

/** What an older configuration had already may stay. */
interface Leniency {
  readonly sideEffects: boolean;
  readonly versions: boolean;
  readonly names: boolean;
}

function webhookStrategy(): NonNullable<KindBehaviour["strategy"]> {
  return {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    validate: (object) => problemsOf((problems) => webhooks(object, { sideEffects: false, versions: false, names: false }, problems)),
    validateUpdate: (object, old) => problemsOf((problems) => webhooks(object, leniencyOf(old), problems)),
  };
}

function leniencyOf(old: KubeObject): Leniency {
  const hooks = objectsAt(old, "webhooks");
  const names = hooks.map((hook) => textAt(hook, "name"));
  return {
    sideEffects: hooks.some((hook) => !NO_EFFECTS.includes(textAt(hook, "sideEffects"))),
    versions: hooks.map((hook) => textsAt(hook, "admissionReviewVersions")).some((all) => all.length > 0 && !all.some(isKnownVersion)),
    names: new Set(names).size < names.length,
  };
}

function isKnownVersion(version: string): boolean {
  return VERSIONS.includes(version);
}

function webhooks(object: KubeObject, leniency: Leniency, problems: Problems): void {
  const names = new Set<string>();
  objectsAt(object, "webhooks").forEach((hook, index) => {
    const [path, name] = [`webhooks[${index}]`, textAt(hook, "name")];
    webhook(hook, path, leniency, problems);
    reviewVersions(textsAt(hook, "admissionReviewVersions"), `${path}.admissionReviewVersions`, leniency, problems);
    if (!leniency.names && name !== "" && names.has(name)) problems.duplicate(`${path}.name`, name);
    names.add(name);
  });
}

/** @see kubernetes pkg/apis/admissionregistration/validation validateMutatingWebhook */
function webhook(hook: JsonObject, path: string, leniency: Leniency, problems: Problems): void {
  fullyQualifiedName(textAt(hook, "name"), `${path}.name`, problems);
  objectsAt(hook, "rules").forEach((rule, index) => ruleWithOperations(rule, `${path}.rules[${index}]`, problems));
  oneOf(hook, "failurePolicy", path, problems, ["Fail", "Ignore"]);
  oneOf(hook, "matchPolicy", path, problems, ["Equivalent", "Exact"]);
  const effects = leniency.sideEffects ? ANY_EFFECTS : NO_EFFECTS;
  if (!hasAt(hook, "sideEffects")) problems.required(`${path}.sideEffects`, `must specify one of ${effects.join(", ")}`);
  else oneOf(hook, "sideEffects", path, problems, effects);
  const timeout = numberAt(hook, "timeoutSeconds");
  if (timeout !== undefined && (timeout > 30 || timeout < 1)) {
    problems.invalid(`${path}.timeoutSeconds`, timeout, "the timeout value must be between 1 and 30 seconds");
  }
  for (const name of ["namespaceSelector", "objectSelector"]) labelSelector(objectAt(hook, name), `${path}.${name}`, problems);
  oneOf(hook, "reinvocationPolicy", path, problems, ["IfNeeded", "Never"]);
  const config = objectAt(hook, "clientConfig");
  const [service, hasUrl] = [objectIn(config, "service"), hasAt(config, "url")];
  if (hasUrl === (service !== undefined)) problems.required(`${path}.clientConfig`, "exactly one of url or service is required");
  else if (service) webhookService(service, `${path}.clientConfig.service`, problems, true);
  else webhookUrl(textAt(config, "url"), `${path}.clientConfig.url`, problems);
  matchConditions(objectsAt(hook, "matchConditions"), `${path}.matchConditions`, WEBHOOK_VARIABLES, problems);
}

function reviewVersions(versions: readonly string[], path: string, leniency: Leniency, problems: Problems): void {
  if (versions.length === 0) return problems.required(path, `must specify one of ${VERSIONS.join(", ")}`);
  versions.forEach((version, index) => {
    if (versions.indexOf(version) < index) problems.invalid(`${path}[${index}]`, version, "duplicate version");
    else problems.invalidFor(`${path}[${index}]`, version, dns1035LabelProblems(version));
  });
  if (!leniency.versions && !versions.some(isKnownVersion)) {
    problems.invalid(path, versions, `must include at least one of ${VERSIONS.join(", ")}`);
  }
}
