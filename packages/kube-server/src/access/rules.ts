// SPDX-License-Identifier: Apache-2.0
import type { Attributes } from "./attributes.ts";
import { resourceText } from "./attributes.ts";

/** @see rbac/v1 PolicyRule */
export interface PolicyRule {
  readonly verbs?: readonly string[] | null | undefined;
  readonly apiGroups?: readonly string[] | null | undefined;
  readonly resources?: readonly string[] | null | undefined;
  readonly resourceNames?: readonly string[] | null | undefined;
  readonly nonResourceURLs?: readonly string[] | null;
}

/** Whether a rule allows it. @see kubernetes plugin/pkg/auth/authorizer/rbac RuleAllows */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!holds(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === "path") return (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, attributes.path));
  if (!holds(rule.apiGroups, attributes.group)) return false;
  if (!resourceMatches(rule.resources ?? [], attributes.resource, attributes.subresource)) return false;
  const names = rule.resourceNames ?? [];
  return names.length === 0 || names.includes(attributes.name);
}

function holds(list: readonly string[] | null | undefined, value: string): boolean {
  return (list ?? []).some((entry) => entry === "*" || entry === value);
}

function pathMatches(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
}

function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  const wanted = resourceText({ resource, subresource });
  return resources.some((entry) => entry === "*" || entry === wanted || (subresource !== "" && entry === `*/${subresource}`));
}

/**
 * The parts of `wanted` that no owned rule covers, each about one group, resource and name; empty when all are covered.
 * @see kubernetes component-helpers auth/rbac/validation Covers
 */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(breakDown).filter((part) => !owned.some((rule) => covers(rule, part)));
}

function breakDown(rule: PolicyRule): readonly PolicyRule[] {
  const parts: PolicyRule[] = [];
  const names = rule.resourceNames ?? [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs ?? []) {
        const part = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (names.length === 0) parts.push(part);
        else for (const name of names) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs ?? []) parts.push({ nonResourceURLs: [url], verbs: [verb] });
  return parts;
}

function covers(owner: PolicyRule, part: PolicyRule): boolean {
  const [verb = ""] = part.verbs ?? [];
  if (!holds(owner.verbs, verb)) return false;
  const [url] = part.nonResourceURLs ?? [];
  if (url !== undefined) return (owner.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, url));
  const [group = ""] = part.apiGroups ?? [];
  const [resource = ""] = part.resources ?? [];
  const [name, subresource] = splitResource(resource);
  if (!holds(owner.apiGroups, group) || !resourceMatches(owner.resources ?? [], name, subresource)) return false;
  const ownedNames = owner.resourceNames ?? [];
  const [wantedName] = part.resourceNames ?? [];
  return ownedNames.length === 0 || (wantedName !== undefined && ownedNames.includes(wantedName));
}

function splitResource(text: string): readonly [string, string] {
  const slash = text.indexOf("/");
  return slash < 0 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** Rules of the same resources in one line: their verbs together. @see rbac/validation CompactRules */
export function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, { readonly rule: PolicyRule; readonly verbs: string[] }>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const isSimple =
      (rule.apiGroups ?? []).length === 1 &&
      (rule.resources ?? []).length === 1 &&
      (rule.resourceNames ?? []).length <= 1 &&
      !rule.nonResourceURLs;
    if (!isSimple) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const found = simple.get(key);
    if (found) found.verbs.push(...(rule.verbs ?? []).filter((verb) => !found.verbs.includes(verb)));
    else simple.set(key, { rule, verbs: [...(rule.verbs ?? [])] });
  }
  return [...others, ...[...simple.values()].map(({ rule, verbs }) => ({ ...rule, verbs }))];
}

/** `{APIGroups:[""], Resources:["secrets"], Verbs:["list"]}` */
export function ruleText(rule: PolicyRule): string {
  const list = (name: string, values: readonly string[] | null | undefined): string[] =>
    (values ?? []).length === 0 ? [] : [`${name}:[${(values ?? []).map((value) => JSON.stringify(value)).join(" ")}]`];
  return `{${[
    ...list("APIGroups", rule.apiGroups),
    ...list("Resources", rule.resources),
    ...list("ResourceNames", rule.resourceNames),
    ...list("NonResourceURLs", rule.nonResourceURLs),
    ...list("Verbs", rule.verbs),
  ].join(", ")}}`;
}
