// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";

const FORM = "; desired format: https://host[/path]";
const PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;

/** The address of a webhook. @see apiserver util/webhook ValidateWebhookURL */
export function webhookUrl(url: string, path: string, problems: Problems): void {
  const [, scheme = "", authority = "", , query = "", fragment = ""] = PARTS.exec(url) ?? [];
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  if (scheme !== "https") problems.invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`);
  if (host === "") problems.invalid(path, host, `host must be specified${FORM}`);
  if (at >= 0) problems.invalid(path, authority.slice(0, at), "user information is not permitted in the URL");
  if (fragment !== "") problems.invalid(path, fragment, "fragments are not permitted in the URL");
  if (query !== "") problems.invalid(path, query, "query parameters are not permitted in the URL");
}

/**
 * The Service behind a webhook. A missing name is told of the namespace and the other way round where `isSwapped`: kube-apiserver hands
 * over the two in the wrong order for admission webhooks.
 * @see apiserver util/webhook ValidateWebhookService
 */
export function webhookService(service: JsonObject, path: string, problems: Problems, isSwapped = false): void {
  const [name, namespace] = isSwapped ? ["namespace", "name"] : ["name", "namespace"];
  if (textAt(service, name) === "") problems.required(`${path}.name`);
  if (textAt(service, namespace) === "") problems.required(`${path}.namespace`);
  const port = numberAt(service, "port") ?? 443;
  if (port < 1 || port > 65_535) problems.invalid(`${path}.port`, port, "port is not valid: must be between 1 and 65535, inclusive");
  const value = textAt(service, "path");
  if (!hasAt(service, "path") || value === "" || value === "/") return;
  const own = `${path}.path`;
  if (value === "//") return problems.invalid(own, value, "segment[0] may not be empty");
  if (!value.startsWith("/")) problems.invalid(own, value, "must start with a '/'");
  const steps = value.slice(1).replace(/\/$/, "").split("/");
  steps.forEach((step, index) => {
    if (step === "") problems.invalid(own, value, `segment[${index}] may not be empty`);
    else for (const problem of dns1123SubdomainProblems(step)) problems.invalid(own, value, `segment[${index}]: ${problem}`);
  });
}
