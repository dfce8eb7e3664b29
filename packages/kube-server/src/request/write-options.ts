// SPDX-License-Identifier: Apache-2.0
import type { FieldError } from "@flux-ts/kube-core";
import { invalid } from "../status-errors.ts";
import type { Query } from "./query.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** What the query of a write says. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  /** Undefined: the User-Agent names the manager. */
  readonly fieldManager: string | undefined;
  readonly fieldValidation: FieldValidation;
  /** Only patches of type apply may say it. */
  readonly force: boolean;
}

const FIELD_VALIDATIONS: ReadonlySet<string> = new Set(["Ignore", "Warn", "Strict"]);
const MAX_MANAGER_LENGTH = 128;

/**
 * @param kind which options these are, as error texts name them
 * @throws {ApiError} 422
 * @see apimachinery meta/v1/validation
 */
export function writeOptions(query: Query, kind: "CreateOptions" | "UpdateOptions" | "PatchOptions", isApply = false): WriteOptions {
  const errors: FieldError[] = [];
  const fieldManager = query.first("fieldManager");
  const force = query.first("force");
  if (kind === "PatchOptions") {
    if (isApply) {
      if (!fieldManager) errors.push({ type: "FieldValueRequired", field: "fieldManager", detail: "is required for apply patch" });
    } else if (force !== undefined) {
      errors.push({ type: "FieldValueForbidden", field: "force", detail: "may not be specified for non-apply patch" });
    }
  }
  if (fieldManager !== undefined) errors.push(...fieldManagerErrors(fieldManager));
  errors.push(...dryRunErrors(query.all("dryRun")));
  const fieldValidation = query.first("fieldValidation") ?? "";
  if (fieldValidation !== "" && !FIELD_VALIDATIONS.has(fieldValidation)) {
    errors.push({
      type: "FieldValueNotSupported",
      field: "fieldValidation",
      value: fieldValidation,
      detail: 'supported values: "", "Ignore", "Strict", "Warn"',
    });
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: kind }, "", errors);
  return {
    isDryRun: query.all("dryRun").length > 0,
    fieldManager: fieldManager || undefined,
    fieldValidation: (fieldValidation || "Warn") as FieldValidation, // checked above
    force: query.flag("force"),
  };
}

export function dryRunErrors(values: readonly string[]): readonly FieldError[] {
  const wrong = values.filter((value) => value !== "All");
  if (wrong.length === 0) return [];
  return [{ type: "FieldValueNotSupported", field: "dryRun", value: values, detail: 'supported values: "All"' }];
}

function fieldManagerErrors(manager: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(manager) > MAX_MANAGER_LENGTH) {
    errors.push({ type: "FieldValueTooLong", field: "fieldManager", detail: `may not be more than ${MAX_MANAGER_LENGTH} bytes` });
  }
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(manager);
  if (unprintable) {
    const code = (unprintable[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const detail = `invalid character U+${code} (at position ${unprintable.index})`;
    errors.push({ type: "FieldValueInvalid", field: "fieldManager", value: manager, detail });
  }
  return errors;
}
