// SPDX-License-Identifier: Apache-2.0
import type { FieldError } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";
import { badRequest, invalid } from "../status-errors.ts";
import type { Query } from "./query.ts";
import { dryRunErrors } from "./write-options.ts";

export type Propagation = "Background" | "Foreground" | "Orphan";

/** @see apimachinery meta/v1 DeleteOptions */
export interface DeleteOptions {
  readonly propagation: Propagation | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly isDryRun: boolean;
}

const PROPAGATIONS: ReadonlySet<string> = new Set(["Background", "Foreground", "Orphan"]);

/**
 * Reads the options of a deletion from its body, or without one from the query.
 * @throws {ApiError} 400, 422
 */
export function deleteOptions(query: Query, body: unknown): DeleteOptions {
  const given = isJsonObject(body) && Object.keys(body).length > 0 ? body : undefined;
  const kind = given?.["kind"];
  if (kind !== undefined && kind !== "DeleteOptions") throw badRequest(`decoded object cannot be converted to DeleteOptions`);
  const errors: FieldError[] = [];
  const preconditions = isJsonObject(given?.["preconditions"]) ? given["preconditions"] : {};
  const dryRun = Array.isArray(given?.["dryRun"]) ? (given["dryRun"] as unknown[]).map(String) : query.all("dryRun");
  const propagation = textOf(given?.["propagationPolicy"]) ?? query.first("propagationPolicy");
  const orphan = given
    ? given["orphanDependents"]
    : query.first("orphanDependents") === undefined
      ? undefined
      : query.flag("orphanDependents");
  if (propagation !== undefined && orphan !== undefined) {
    errors.push({
      type: "FieldValueInvalid",
      field: "propagationPolicy",
      value: propagation,
      detail: "orphanDependents and deletionPropagation cannot be both set",
    });
  }
  if (propagation !== undefined && !PROPAGATIONS.has(propagation)) {
    errors.push({
      type: "FieldValueNotSupported",
      field: "propagationPolicy",
      value: propagation,
      detail: 'supported values: "Foreground", "Background", "Orphan", "nil"',
    });
  }
  errors.push(...dryRunErrors(dryRun));
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: "DeleteOptions" }, "", errors);
  const grace = given?.["gracePeriodSeconds"];
  return {
    // checked above
    propagation: (propagation as Propagation | undefined) ?? (orphan === undefined ? undefined : orphan ? "Orphan" : "Background"),
    gracePeriodSeconds: typeof grace === "number" ? grace : query.integer("gracePeriodSeconds"),
    uid: textOf(preconditions["uid"]),
    resourceVersion: textOf(preconditions["resourceVersion"]),
    isDryRun: dryRun.length > 0,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
