// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { ApplyError } from "./apply-error.ts";
import { isSecret } from "./kinds.ts";
import { subjectOfObject } from "./object-id.ts";

/**
 * The refusal of a dry run, in upstream's words: which object, the reason in parentheses, and the API server's text.
 * @see fluxcd/pkg ssa/errors DryRunErr; spec G-SSA-11, G-KUS-8
 */
export function dryRunError(object: KubeObject, cause: unknown): ApplyError {
  const subject = subjectOfObject(object);
  const message = maskRefusal(object, messageOf(cause));
  if (cause instanceof ApiError && cause.code === 404 && !isKindUnknown(cause)) {
    const isUnspecified = !object.metadata.namespace;
    const what = isUnspecified ? "namespace not specified" : "not found";
    return new ApplyError(isUnspecified ? "NOT_SPECIFIED" : "DRY_RUN_FAILED", `${subject} ${what}: ${message}`, { cause });
  }
  const reason = reasonOf(cause);
  return new ApplyError("DRY_RUN_FAILED", `${subject} dry-run failed${reason === "" ? "" : ` (${reason})`}: ${message}`, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof ApiError) || isKindUnknown(cause)) return "";
  if (cause.status.details?.causes?.some(({ reason }) => reason === "FieldManagerConflict") === true) return "FieldManagerConflict";
  return cause.reason;
}

/** Discovery has no such kind: no answer about an object, so its code does not count as the reason. */
export function isKindUnknown(error: unknown): boolean {
  return error instanceof ApiError && error.status.details?.causes?.some(({ reason }) => reason === "NoKindMatch") === true;
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/**
 * The API server's text without the values of a Secret, which it quotes when they are of the wrong type or invalid.
 */
export function maskRefusal(object: KubeObject, message: string): string {
  if (!isSecret(object)) return message;
  let masked = message
    .replace(/(got &value\.valueUnstructured\{Value:).*?\}(?=$|\s|,|;|\])/gs, "$1***}")
    .replace(/((?:string)?[dD]ata(?:\[[^\]]*\]|\.\S+)?: Invalid value: )("(?:\\.|[^"\\])*"|\S+)/g, '$1"***"');
  for (const value of valuesOf(object)) masked = masked.replaceAll(value, "***");
  return masked;
}

/** Values long enough to be told from ordinary words, encoded and decoded; longest first. */
function valuesOf(object: KubeObject): readonly string[] {
  const values = [object["data"], object["stringData"]].flatMap((data) =>
    typeof data === "object" && data !== null ? Object.values(data as Record<string, unknown>).map(String) : [],
  );
  const decoded = values
    .filter((value) => /^[A-Za-z0-9+/]+={0,2}$/.test(value))
    .map((value) => Buffer.from(value, "base64").toString("utf8"));
  return [...new Set([...values, ...decoded])].filter((value) => value.length >= 6).toSorted((a, b) => b.length - a.length);
}
