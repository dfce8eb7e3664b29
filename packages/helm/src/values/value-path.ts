// SPDX-License-Identifier: Apache-2.0
import { GoMap, type Value, goQuote } from "@flux-ts/gotemplate";

/** The map at a path such as `a.b`; undefined when there is none. @see helm.sh/helm/v4 pkg/chart/common Values.Table */
export function tableAt(values: GoMap, path: string): GoMap | undefined {
  let table = values;
  for (const key of path.split(".")) {
    const next = table.entries.get(key);
    if (!(next instanceof GoMap)) return undefined;
    table = next;
  }
  return table;
}

/** The first key of a path that leads to no map, as Helm's messages name it. */
export function missingTable(values: GoMap, path: string): string {
  let table = values;
  for (const key of path.split(".")) {
    const next = table.entries.get(key);
    if (!(next instanceof GoMap)) return `${goQuote(key)} is not a table`;
    table = next;
  }
  return "";
}

/** What is at a path, unless that is a map; undefined when there is nothing. @see Values.PathValue */
export function valueAt(values: GoMap, path: string): Value {
  const dot = path.lastIndexOf(".");
  const key = path.slice(dot + 1);
  const table = dot < 0 ? values : tableAt(values, path.slice(0, dot));
  const value = table?.entries.get(key);
  return value instanceof GoMap ? undefined : value;
}
