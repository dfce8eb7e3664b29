// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, Schema, SchemaRule } from "@flux-ts/kube-core";
import { cell, code, table } from "./markdown.ts";

/** The reference page of a kind. */
export function kindPage(kind: KindDefinition): string {
  const { status } = kind;
  const sections = [
    `# ${kind.kind}\n\n${kind.description}\n\n${names(kind)}`,
    `## Columns\n\n${columns(kind)}`,
    `## Spec\n\n${fields(kind.spec)}`,
    rules(kind.spec),
    ...(status.type === undefined ? [] : [`## Status\n\n${fields(status)}`]),
    Object.keys(kind.reasons).length === 0 ? "" : `## Reasons\n\n${reasons(kind)}`,
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function names({ group, version, plural, shortNames, categories, namespaced, olderVersions }: KindDefinition): string {
  const older = olderVersions.map((each) => `\`${group}/${each.version}\`${each.deprecated === true ? " (deprecated)" : ""}`);
  return table(
    ["", ""],
    [
      ["API version", `\`${group}/${version}\``],
      ...(older.length === 0 ? [] : [["Also served", older.join(", ")]]),
      ["Plural", `\`${plural}\``],
      ...(shortNames.length === 0 ? [] : [["Short names", shortNames.map(code).join(", ")]]),
      ...(categories.length === 0 ? [] : [["Categories", categories.map(code).join(", ")]]),
      ["Scope", namespaced ? "Namespaced" : "Cluster"],
    ],
  );
}

function columns({ columns: list }: KindDefinition): string {
  return table(
    ["Name", "Path", ""],
    list.map(({ name, jsonPath, priority = 0 }) => [name, code(jsonPath), priority > 0 ? "with `-o wide`" : ""]),
  );
}

function reasons({ reasons: list }: KindDefinition): string {
  return table(
    ["Reason", "Meaning", "Condition"],
    Object.entries(list)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, { description, condition }]) => [code(name), cell(description), condition === undefined ? "" : code(condition)]),
  );
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

function fields(schema: Schema): string {
  return table(
    ["Field", "Type", "Default and bounds", "Meaning"],
    fieldsOf(schema, "").map(({ path, schema: field, isRequired }) => [
      code(path),
      cell(typeOf(field)),
      [isRequired ? "**required**" : "", ...bounds(field)].filter((part) => part !== "").join("; "),
      cell(field.description ?? ""),
    ]),
  );
}

function fieldsOf(schema: Schema, path: string): readonly Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = path === "" ? name : `${path}.${name}`;
    return [{ path: own, schema: field, isRequired: required.includes(name) }, ...fieldsOf(contentOf(field), pathOfContent(field, own))];
  });
}

/** The schema whose fields a field has: its own, that of its items, or that of its values. */
function contentOf(schema: Schema): Schema {
  if (schema.items !== undefined) return contentOf(schema.items);
  return typeof schema.additionalProperties === "object" ? contentOf(schema.additionalProperties) : schema;
}

function pathOfContent(schema: Schema, path: string): string {
  if (schema.items !== undefined) return pathOfContent(schema.items, `${path}[]`);
  return typeof schema.additionalProperties === "object" ? pathOfContent(schema.additionalProperties, `${path}.*`) : path;
}

function typeOf(schema: Schema): string {
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === "object") return `map of ${typeOf(schema.additionalProperties)}`;
  if (schema["x-kubernetes-int-or-string"] === true) return "integer or string";
  if (schema.format === "date-time") return "time";
  return schema.type ?? "any";
}

function bounds(schema: Schema): readonly string[] {
  const { default: initial, enum: values, pattern, minLength, maxLength, minItems, maxItems, minimum, maximum } = schema;
  const range = (low: number | undefined, high: number | undefined, unit: string): string =>
    low === undefined && high === undefined ? "" : `${low ?? 0} to ${high ?? "any number of"} ${unit}`;
  return [
    initial === undefined ? "" : `default ${code(typeof initial === "string" ? initial : JSON.stringify(initial))}`,
    values === undefined ? "" : values.map((value) => code(String(value))).join(", "),
    pattern === undefined ? "" : `must match ${code(pattern)}`,
    range(minLength, maxLength, "characters"),
    range(minItems, maxItems, "items"),
    minimum === undefined ? "" : `at least ${minimum}`,
    maximum === undefined ? "" : `at most ${maximum}`,
  ];
}

function rules(spec: Schema): string {
  const found = rulesOf(spec, "spec");
  if (found.length === 0) return "";
  return `### Rules\n\n${table(
    ["Where", "Rule", "What it says"],
    found.map(({ path, rule }) => [code(path), code(rule.rule), cell(rule.message ?? "")]),
  )}`;
}

function rulesOf(schema: Schema, path: string): readonly { readonly path: string; readonly rule: SchemaRule }[] {
  const own = (schema["x-kubernetes-validations"] ?? []).map((rule) => ({ path, rule }));
  const content = contentOf(schema);
  const inside = pathOfContent(schema, path);
  const ofItems = content === schema ? [] : (content["x-kubernetes-validations"] ?? []).map((rule) => ({ path: inside, rule }));
  return [...own, ...ofItems, ...Object.entries(content.properties ?? {}).flatMap(([name, field]) => rulesOf(field, `${inside}.${name}`))];
}
