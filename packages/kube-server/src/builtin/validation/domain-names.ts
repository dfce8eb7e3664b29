// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, regexProblem } from "@flux-ts/kube-core";
import type { Problems } from "./problems.ts";

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const HTTP_PATH_RE = new RegExp(`^${HTTP_PATH}$`);
const WILDCARD = "\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const WILDCARD_RE = new RegExp(`^${WILDCARD}$`);
const WILDCARD_TEXT =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
const MAX_SUBDOMAIN = 253;

/** @see apimachinery util/validation IsWildcardDNS1123Subdomain */
export function wildcardDomainProblems(text: string): readonly string[] {
  return [
    ...(text.length > MAX_SUBDOMAIN ? [`must be no more than ${MAX_SUBDOMAIN} characters`] : []),
    ...(WILDCARD_RE.test(text) ? [] : [regexProblem(WILDCARD_TEXT, WILDCARD, "*.example.com")]),
  ];
}

/** A name of at least three parts. @see apimachinery util/validation IsFullyQualifiedName */
export function fullyQualifiedName(name: string, path: string, problems: Problems): void {
  const found = dns1123SubdomainProblems(name);
  if (name === "") problems.required(path);
  else if (found.length > 0) problems.invalid(path, name, found.join(","));
  else if (name.split(".").length < 3) problems.invalid(path, name, "should be a domain with at least three segments separated by dots");
}

/** A name of at least two parts. @see apimachinery util/validation IsFullyQualifiedDomainName */
export function fullyQualifiedDomainName(given: string, path: string, problems: Problems): void {
  const name = given.replace(/\.$/, "");
  const labels = name.split(".");
  const found = dns1123SubdomainProblems(name);
  if (given === "") return problems.required(path);
  if (found.length > 0) return problems.invalid(path, name, found.join(","));
  if (labels.length < 2) return problems.invalid(path, name, "should be a domain with at least two segments separated by dots");
  const wrong = labels.find((label) => dns1123LabelProblems(label).length > 0);
  if (wrong !== undefined) problems.invalid(path, wrong, dns1123LabelProblems(wrong).join(","));
}

/** `acme.io/foo`. @see apimachinery util/validation IsDomainPrefixedPath */
export function domainPrefixedPath(text: string, path: string, problems: Problems): void {
  if (text === "") return problems.required(path);
  const slash = text.indexOf("/");
  const [host, rest] = [text.slice(0, Math.max(0, slash)), text.slice(slash + 1)];
  if (slash < 0 || host === "" || rest === "") {
    return problems.invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
  }
  problems.invalidFor(path, host, dns1123SubdomainProblems(host));
  if (!HTTP_PATH_RE.test(rest)) problems.invalid(path, rest, regexProblem("Invalid path", HTTP_PATH));
}
