// SPDX-License-Identifier: Apache-2.0
import type { PrinterColumn } from "@flux-ts/kube-core";

export const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
export const ready: PrinterColumn = { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' };
export const status: PrinterColumn = { name: "Status", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].message' };

/** A column that prints a string field. */
export function column(name: string, jsonPath: string): PrinterColumn {
  return { name, type: "string", jsonPath };
}
