// SPDX-License-Identifier: Apache-2.0
import type { ApiError, FieldError } from "@flux-ts/kube-core";
import { badRequest, failure, invalid, plainError } from "../status-errors.ts";
import type { Query } from "./query.ts";

/** How fresh a read must be. */
export type ReadAt =
  /** The newest state. */
  | { readonly kind: "latest" }
  /** Any state; for us always the newest. */
  | { readonly kind: "any" }
  | { readonly kind: "not-older"; readonly revision: number }
  | { readonly kind: "exact"; readonly revision: number };

const LIST_OPTIONS = { group: "meta.k8s.io", name: "ListOptions" };
const MATCHES: ReadonlySet<string> = new Set(["Exact", "NotOlderThan"]);

/** `"7"` → 7. @throws {ApiError} as `fail` makes it of Go's text */
export function parseRevision(text: string, fail: (message: string) => ApiError): number {
  if (text === "") return 0;
  if (!/^\d+$/.test(text)) throw fail(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  const revision = Number(text);
  if (revision > 2 ** 64) throw fail(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  return revision;
}

/**
 * What `resourceVersion` and `resourceVersionMatch` of a list ask for.
 * @throws {ApiError} 422 for combinations that make no sense, 400 for a version that is no number
 * @see apimachinery meta/internalversion/validation ValidateListOptions
 */
export function readAt(query: Query, limit: number | undefined): ReadAt {
  const text = query.first("resourceVersion") ?? "";
  const match = query.first("resourceVersionMatch") ?? "";
  const errors: FieldError[] = [];
  const forbid = (detail: string): number => errors.push({ type: "FieldValueForbidden", field: "resourceVersionMatch", detail });
  if (match !== "") {
    if (text === "") forbid("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (query.first("continue")) forbid("resourceVersionMatch is forbidden when continue is provided");
    if (!MATCHES.has(match)) {
      errors.push({
        type: "FieldValueNotSupported",
        field: "resourceVersionMatch",
        value: match,
        detail: 'supported values: "Exact", "NotOlderThan", ""',
      });
    }
    if (match === "Exact" && text === "0") forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (query.first("sendInitialEvents") !== undefined) {
    errors.push({ type: "FieldValueForbidden", field: "sendInitialEvents", detail: "sendInitialEvents is forbidden for list" });
  }
  if (errors.length > 0) throw invalid(LIST_OPTIONS, "", errors);
  if (text === "") return { kind: "latest" };
  const revision = parseRevision(text, (message) =>
    badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: ${message}`),
  );
  if (revision === 0) return { kind: "any" };
  if (match === "Exact" || (match === "" && limit !== undefined && limit > 0)) return { kind: "exact", revision };
  return { kind: "not-older", revision };
}

/** For reads of a revision that does not exist yet. */
export function tooLarge(wanted: number, current: number): ApiError {
  return failure(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

/** The resourceVersion of a get or watch: text that is no number is a 500 there. */
export function watchRevision(text: string): number {
  return parseRevision(text, (message) => plainError(`resourceVersion: Invalid value: ${JSON.stringify(text)}: ${message}`));
}
