// SPDX-License-Identifier: Apache-2.0
import { GoMap, Slice, type Value, kindOf } from "@flux-ts/gotemplate";
import { HelmError } from "../helm-error.ts";
import type { Renderable } from "../render/template-data.ts";
import type { ValuesLayer } from "../values/user-values.ts";
import { layerNames, layerOf } from "./value-layers.ts";

/**
 * Adds to the error of a template what helps to mend it: for each value in the expression that failed what it is, or that
 * nobody sets it, and the layers that were searched. Values themselves are not shown: they may be secret.
 */
export function withNotes(error: HelmError, renderables: readonly Renderable[], layers: readonly ValuesLayer[]): HelmError {
  const { code, message, place, cause } = error;
  const [, template = ""] = /^(.*?):\d+/.exec(place ?? "") ?? [];
  const renderable = renderables.find(({ path }) => path === template);
  const values = renderable?.data.entries.get("Values");
  if (renderable === undefined || !(values instanceof GoMap)) return error;
  const expression = innermostExpression(error);
  const paths = new Set(Array.from(expression.matchAll(/\.Values((?:\.[A-Za-z_]\w*)+)/g), (match) => (match[1] ?? "").slice(1)));
  const where = { user: layers, charts: renderable.charts };
  const notes = [...paths].map((path) => describe(path.split("."), values, where));
  return notes.length === 0 ? error : new HelmError(code, message, { ...(place === undefined ? {} : { place }), notes, cause });
}

/** The expression of the innermost template that failed. */
function innermostExpression(error: unknown): string {
  let expression = "";
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const [, found] = /^template: [^]*?: executing "[^"]*" at <([^]*?)>: /.exec(current.message) ?? [];
    if (found !== undefined) expression = found;
  }
  return expression;
}

function describe(path: readonly string[], values: GoMap, where: Parameters<typeof layerOf>[1]): string {
  let value: Value = values;
  for (const [index, key] of path.entries()) {
    const shown = `.Values.${path.slice(0, index + 1).join(".")}`;
    if (!(value instanceof GoMap)) return `.Values.${path.slice(0, index).join(".")} is ${kindName(value)}, and has no ${key}`;
    const next: Value = value.entries.get(key);
    if (next === undefined || next === null) return `${shown} is not set; searched: ${layerNames(where).join(", ")}`;
    value = next;
  }
  return `.Values.${path.join(".")} is ${kindName(value)}, set by ${layerOf(path, where) ?? "a template"}`;
}

function kindName(value: Value): string {
  if (value instanceof GoMap) return `a map of ${value.entries.size} keys`;
  if (value instanceof Slice) return `a list of ${value.items.length} items`;
  if (value === "") return "an empty string";
  return `a ${kindOf(value)}`;
}
