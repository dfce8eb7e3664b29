// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../../json-object.ts";
import { dns1035LabelProblems } from "../../names.ts";
import { resolveFieldPath } from "../field-path.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, duplicateValue, elementPath, forbidden, invalidValue, notSupported, requiredValue, tooMany } from "../field-error.ts";
import { parseRequestUri } from "../go-url.ts";
import type { Schema } from "../schema.ts";
import { objectOf, textOf } from "./hoisted-spec.ts";

/** @see ValidateCustomResourceDefinitionNames */
export function validateNames(names: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (at: string, name: string, prefix = ""): void => {
    const problems = dns1035LabelProblems(prefix === "" ? name : name.toLowerCase());
    if (name !== "" && problems.length > 0) errors.push(invalidValue(at, name, prefix + problems.join(",")));
  };
  const anyCase = "may have mixed case, but should otherwise match: ";
  check(childPath(path, "plural"), textOf(names, "plural"));
  check(childPath(path, "singular"), textOf(names, "singular"));
  check(childPath(path, "kind"), textOf(names, "kind"), anyCase);
  check(childPath(path, "listKind"), textOf(names, "listKind"), anyCase);
  for (const field of ["shortNames", "categories"]) {
    const list = names[field];
    if (!Array.isArray(list)) continue;
    if (field === "categories") checkListKind(names, path, errors);
    for (const [index, name] of list.entries()) {
      const problems = dns1035LabelProblems(String(name));
      if (problems.length > 0) errors.push(invalidValue(elementPath(childPath(path, field), index), name, problems.join(",")));
    }
  }
  if (!Array.isArray(names["categories"])) checkListKind(names, path, errors);
  return errors;
}

function checkListKind(names: JsonObject, path: string, errors: FieldError[]): void {
  const kind = textOf(names, "kind");
  const listKind = textOf(names, "listKind");
  if (kind !== "" && kind === listKind)
    errors.push(invalidValue(childPath(path, "listKind"), listKind, "kind and listKind may not be the same"));
}

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/** @see ValidateCustomResourceColumnDefinition */
export function validateColumns(columns: readonly JsonObject[], path: string): FieldError[] {
  return columns.flatMap((column, index) => validateColumn(column, elementPath(path, index)));
}

function validateColumn(column: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [name, type, format, jsonPath] = ["name", "type", "format", "jsonPath"].map((field) => textOf(column, field));
  if (name === "") errors.push(requiredValue(childPath(path, "name")));
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (type === undefined || type === "") errors.push(requiredValue(childPath(path, "type"), types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalidValue(childPath(path, "type"), type, types));
  if (format !== undefined && format !== "" && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalidValue(childPath(path, "format"), format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  }
  const at = childPath(path, "JSONPath");
  if (jsonPath === undefined || jsonPath === "") errors.push(requiredValue(at));
  else errors.push(...simplePathProblems(jsonPath, at));
  return errors;
}

function simplePathProblems(text: string, path: string): FieldError[] {
  return text.startsWith(".") ? [] : [invalidValue(path, text, "must be a simple json path starting with .")];
}

/** @see ValidateCustomResourceDefinitionSubresources */
export function validateSubresources(subresources: JsonObject | undefined, path: string): FieldError[] {
  const scale = subresources === undefined ? undefined : objectOf(subresources, "scale");
  if (scale === undefined) return [];
  const errors: FieldError[] = [];
  const check = (field: string, prefixes: readonly string[], isRequired: boolean): void => {
    const at = childPath(path, `scale.${field}`);
    const text = textOf(scale, field);
    if (text === "") {
      if (isRequired) errors.push(requiredValue(at));
      return;
    }
    const problems = simplePathProblems(text, at);
    errors.push(...problems);
    if (problems.length > 0 || prefixes.some((prefix) => text.startsWith(`${prefix}.`))) return;
    errors.push(invalidValue(at, text, `should be a json path under ${prefixes.length > 1 ? "either " : ""}${prefixes.join(" or ")}`));
  };
  check("specReplicasPath", [".spec"], true);
  check("statusReplicasPath", [".status"], true);
  check("labelSelectorPath", [".spec", ".status"], false);
  return errors;
}

const MAX_SELECTABLE_FIELDS = 8;

/** @see ValidateCustomResourceSelectableFields */
export function validateSelectableFields(fields: readonly JsonObject[], schema: Schema, path: string, allowsMany: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const at = childPath(elementPath(path, index), "jsonPath");
    const text = textOf(field, "jsonPath");
    if (text === "") {
      errors.push(requiredValue(at));
      continue;
    }
    const found = resolveFieldPath(text, schema, { brackets: false });
    if (typeof found === "string") {
      errors.push(invalidValue(at, text, `is an invalid path: ${found}`));
      continue;
    }
    if (/^metadata(?:[.[]|$)/.test(found.path)) errors.push(invalidValue(at, text, "must not point to fields in metadata"));
    if (!["string", "boolean", "integer"].includes(found.schema.type ?? "")) {
      const detail = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      errors.push(invalidValue(at, text, detail));
    }
    if (seen.has(found.path)) errors.push(duplicateValue(at, text));
    seen.add(found.path);
  }
  if (seen.size > MAX_SELECTABLE_FIELDS && !allowsMany) errors.push(tooMany(path, seen.size, MAX_SELECTABLE_FIELDS));
  return errors;
}

/** @see validateCustomResourceConversion */
export function validateConversion(conversion: JsonObject | undefined, path: string): FieldError[] {
  if (conversion === undefined) return [];
  const strategy = textOf(conversion, "strategy");
  const errors: FieldError[] = [];
  if (strategy === "") errors.push(requiredValue(childPath(path, "strategy")));
  else if (strategy !== "None" && strategy !== "Webhook")
    errors.push(notSupported(childPath(path, "strategy"), strategy, ["None", "Webhook"]));
  const webhook = objectOf(conversion, "webhook");
  const client = webhook === undefined ? undefined : objectOf(webhook, "clientConfig");
  const versions = webhook?.["conversionReviewVersions"];
  const versionList = Array.isArray(versions) ? versions.map(String) : [];
  const clientPath = childPath(path, "webhookClientConfig");
  const versionsPath = childPath(path, "conversionReviewVersions");
  if (strategy !== "Webhook") {
    const detail = "should not be set when strategy is not set to Webhook";
    if (client !== undefined) errors.push(forbidden(clientPath, detail));
    if (versionList.length > 0) errors.push(forbidden(versionsPath, detail));
    return errors;
  }
  if (client === undefined) errors.push(requiredValue(clientPath, "required when strategy is set to Webhook"));
  else errors.push(...validateClient(client, clientPath));
  return [...errors, ...validateReviewVersions(versionList, versionsPath)];
}

/** @see k8s.io/apiserver pkg/util/webhook ValidateWebhookURL, ValidateWebhookService */
function validateClient(client: JsonObject, path: string): FieldError[] {
  const url = client["url"];
  const service = objectOf(client, "service");
  if ((typeof url === "string") === (service !== undefined)) return [requiredValue(path, "exactly one of url or service is required")];
  if (typeof url === "string") return validateWebhookUrl(url, childPath(path, "url"));
  return validateWebhookService(service ?? {}, childPath(path, "service"));
}

function validateWebhookUrl(text: string, path: string): FieldError[] {
  const form = "; desired format: https://host[/path]";
  const [plain = "", fragment = ""] = text.split("#", 2);
  const url = parseRequestUri(plain);
  if (url === undefined) return [requiredValue(path, `url must be a valid URL: parse "${text}": invalid URI for request${form}`)];
  const errors: FieldError[] = [];
  if (url.scheme !== "https") errors.push(invalidValue(path, url.scheme, `'https' is the only allowed URL scheme${form}`));
  if (url.host === "") errors.push(invalidValue(path, url.host, `host must be specified${form}`));
  const user = /^[a-z+.-]+:\/\/([^/]*)@/i.exec(plain)?.[1];
  if (user !== undefined) errors.push(invalidValue(path, user, `user information is not permitted in the URL${form}`));
  if (fragment !== "") errors.push(invalidValue(path, fragment, `fragments are not permitted in the URL${form}`));
  if (url.rawQuery !== "") errors.push(invalidValue(path, url.rawQuery, `query parameters are not permitted in the URL${form}`));
  return errors;
}

function validateWebhookService(service: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (textOf(service, "name") === "") errors.push(requiredValue(childPath(path, "name"), "service name is required"));
  if (textOf(service, "namespace") === "") errors.push(requiredValue(childPath(path, "namespace"), "service namespace is required"));
  const port = service["port"] ?? 443;
  if (typeof port === "number" && (port < 1 || port > 65535)) {
    errors.push(invalidValue(childPath(path, "port"), port, "port is not valid: must be between 1 and 65535, inclusive"));
  }
  const urlPath = service["path"];
  if (typeof urlPath !== "string" || urlPath === "/" || urlPath === "") return errors;
  const at = childPath(path, "path");
  if (urlPath === "//") return [...errors, invalidValue(at, urlPath, "segment[0] may not be empty")];
  if (!urlPath.startsWith("/")) errors.push(invalidValue(at, urlPath, "must start with a '/'"));
  if (parseRequestUri(urlPath) === undefined && urlPath.startsWith("/")) errors.push(invalidValue(at, urlPath, "must be a valid URL path"));
  return errors;
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [requiredValue(path)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const at = elementPath(path, index);
    if (seen.has(version)) {
      errors.push(invalidValue(at, version, "duplicate version"));
      continue;
    }
    seen.add(version);
    for (const detail of dns1035LabelProblems(version)) errors.push(invalidValue(at, version, detail));
  }
  if (!seen.has("v1") && !seen.has("v1beta1")) errors.push(invalidValue(path, versions, "must include at least one of v1, v1beta1"));
  return errors;
}

/** @see validateDeprecationWarning */
export function validateDeprecation(version: JsonObject, path: string): FieldError[] {
  const warning = version["deprecationWarning"];
  if (typeof warning !== "string") return [];
  const at = childPath(path, "deprecationWarning");
  if (version["deprecated"] !== true) return [invalidValue(at, warning, "can only be set for deprecated versions")];
  const errors: FieldError[] = [];
  if (new TextEncoder().encode(warning).length > 256) errors.push(invalidValue(at, warning, "must be <= 256 characters long"));
  if (warning === "") errors.push(invalidValue(at, warning, "must not be an empty string"));
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (odd !== null) {
    const index = new TextEncoder().encode(warning.slice(0, odd.index)).length;
    errors.push(invalidValue(at, warning, `must only contain printable UTF-8 characters; non-printable character found at index ${index}`));
  }
  return errors;
}
