// SPDX-License-Identifier: Apache-2.0
import { GoMap, toPlain, typeOf } from "@flux-ts/gotemplate";
import { parseJson } from "@flux-ts/kube-core";
import type { ChartNode } from "../dependencies/chart-node.ts";
import { HelmError, messageOf } from "../helm-error.ts";
import { isPlainlyValid } from "./is-plainly-valid.ts";
import { metaschema } from "./metaschemas.ts";
import { SchemaStore, type SchemaResource } from "./schema-document.ts";
import { printProblems } from "./schema-problem.ts";
import { SchemaValidator } from "./schema-validator.ts";

/** What the chart's own schema is called in messages. */
const ADDRESS = "file:///values.schema.json";

/** A values.schema.json, ready to be used. */
export interface ValuesSchema {
  /** What is wrong with values; empty when nothing is. Lines, each ended. */
  check(values: unknown): string;
}

/**
 * Reads a schema.
 *
 * @throws {Error} when the schema itself is not valid, or refers to something elsewhere
 * @see helm.sh/helm/v4 pkg/chart/common/util ValidateAgainstSingleSchema
 */
export function compileSchema(text: string): ValuesSchema {
  const document = parseJson(text);
  const store = new SchemaStore();
  const resource = store.add(ADDRESS, document);
  requireValid(document, resource);
  const validator = new SchemaValidator(store);
  return {
    check: (values) =>
      printProblems(validator.validate(resource, values))
        .map((line) => `${line}\n`)
        .join(""),
  };
}

const METASCHEMAS = {
  4: "http://json-schema.org/draft-04/schema",
  6: "http://json-schema.org/draft-06/schema",
  7: "http://json-schema.org/draft-07/schema",
  2019: "https://json-schema.org/draft/2019-09/schema",
  2020: "https://json-schema.org/draft/2020-12/schema",
} as const;

/** Checks a schema against the schema of schemas. */
function requireValid(document: unknown, { draft }: SchemaResource): void {
  if (isPlainlyValid(document, draft)) return;
  const address = METASCHEMAS[draft];
  const store = new SchemaStore();
  const meta = store.add(address, metaschema(address), draft);
  const problems = new SchemaValidator(store, true).validate(meta, document);
  if (problems.length > 0)
    throw new Error(
      `${JSON.stringify(`${ADDRESS}#`)} is not valid against metaschema: jsonschema validation failed with '${address}#'\n${printProblems(problems).join("\n")}`,
    );
}

/** Schemas by their text: the same chart is rendered again and again. */
export class SchemaCache {
  readonly #schemas = new Map<string, ValuesSchema>();

  get(text: string): ValuesSchema {
    const known = this.#schemas.get(text);
    if (known !== undefined) return known;
    const schema = compileSchema(text);
    this.#schemas.set(text, schema);
    return schema;
  }
}

/**
 * Checks values against the schemas of a chart and its subcharts.
 *
 * @throws {HelmError} SCHEMA, with a line for each problem below the name of the chart
 * @see helm.sh/helm/v4 pkg/chart/common/util ValidateAgainstSchema
 */
export function validateValues(chart: ChartNode, values: GoMap, cache: SchemaCache): void {
  const problems = problemsOf(chart, values, cache);
  if (problems !== "")
    throw new HelmError(
      "SCHEMA",
      `values don't meet the specifications of the schema(s) in the following chart(s):\n${problems}`.trimEnd(),
    );
}

function problemsOf(chart: ChartNode, values: GoMap, cache: SchemaCache): string {
  let text = "";
  const { schema } = chart.chart;
  if (schema !== undefined) {
    const problems = checkOne(schema, values, cache);
    if (problems !== "") text += `${chart.metadata.name}:\n${problems}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = values.entries.get(name);
    if (own === undefined || own === null) continue;
    if (own instanceof GoMap) text += problemsOf(subchart, own, cache);
    else text += `${name}:\ninvalid type for values: expected object (map), got ${typeOf(own)}\n`;
  }
  return text;
}

function checkOne(schema: string, values: GoMap, cache: SchemaCache): string {
  try {
    return cache.get(schema).check(toPlain(values));
  } catch (error) {
    return messageOf(error);
  }
}
