// SPDX-License-Identifier: Apache-2.0
import type { TableColumn, TablePrinter } from "../resource.ts";
import { age } from "./table/age.ts";

export const NAME_COLUMN: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
};

/** For kinds without a printer of their own. @see apiserver registry/rest NewDefaultTableConvertor */
export const defaultPrinter: TablePrinter = {
  columns: [NAME_COLUMN, { name: "Created At", type: "date", description: "When the object was created.", priority: 0 }],
  cells: (object, now) => [object.metadata.name ?? "", age(object.metadata.creationTimestamp, now)],
};
