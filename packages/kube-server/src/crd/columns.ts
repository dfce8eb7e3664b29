// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, PrinterColumn } from "@flux-ts/kube-core";
import { columnPath, printJsonPathValue } from "@flux-ts/kube-core";
import { age } from "../builtin/table/age.ts";
import type { TableColumn, TablePrinter } from "../resource.ts";

/** @see apimachinery meta/v1 ObjectMeta */
const NAME: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
};

const AGE: TableColumn = {
  name: "Age",
  type: "date",
  format: "",
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  priority: 0,
};

/** The table of a custom resource: its name, then its own columns, or its age when it has none. */
export function printerOf(columns: readonly PrinterColumn[] | undefined): TablePrinter {
  if (!columns || columns.length === 0) {
    return { columns: [NAME, AGE], cells: (object, now) => [object.metadata.name ?? "", age(object.metadata.creationTimestamp, now)] };
  }
  const cells = columns.map(cellOf);
  return {
    columns: [
      NAME,
      ...columns.map((column) => ({
        name: column.name,
        type: column.type,
        format: column.format ?? "",
        description: column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
        priority: column.priority ?? 0,
      })),
    ],
    cells: (object, now) => [object.metadata.name ?? "", ...cells.map((cell) => cell(object, now))],
  };
}

function cellOf(column: PrinterColumn): (object: KubeObject, now: number) => unknown {
  const find = columnPath(column.jsonPath);
  return (object, now) => {
    const value = find(object);
    return value === undefined ? null : cellValue(column.type, value, now);
  };
}

/** @see apiextensions-apiserver registry/customresource/tableconvertor */
function cellValue(type: PrinterColumn["type"], value: unknown, now: number): unknown {
  if (type === "string") return printJsonPathValue(value);
  if (value === null) return null;
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? (Number.isNaN(Date.parse(value)) ? "<invalid>" : age(value, now)) : null;
  }
}
