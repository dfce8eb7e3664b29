// SPDX-License-Identifier: Apache-2.0
import type { TableColumn, TablePrinter } from "../../resource.ts";
import { COLUMN_DESCRIPTIONS, COLUMNS } from "../generated/columns.ts";

const TYPES: ReadonlySet<string> = new Set(["string", "integer", "number", "boolean", "date"]);

/** The columns of a built-in kind, by group and kind, e.g. `core.Pod`. @throws {Error} for a kind without a table of its own */
export function columnsOf(kind: string): readonly TableColumn[] {
  const rows = Object.hasOwn(COLUMNS, kind) ? COLUMNS[kind] : undefined;
  if (!rows) throw new Error(`There are no columns for ${kind}; run tools/generate-builtin`);
  return rows.map((row) => {
    const [name = "", type = "string", format = "", priority = "0", description = "0"] = row.split("|");
    return {
      name,
      type: (TYPES.has(type) ? type : "string") as TableColumn["type"], // just looked up
      format,
      description: COLUMN_DESCRIPTIONS[Number(description)] ?? "",
      priority: Number(priority),
    };
  });
}

/** A printer whose columns are those of the kind; they are read when they are first asked for. */
export function tableOf(kind: string, cells: TablePrinter["cells"], conditions?: NonNullable<TablePrinter["conditions"]>): TablePrinter {
  return {
    get columns() {
      return columnsOf(kind);
    },
    cells,
    ...(conditions ? { conditions } : {}),
  };
}
