// SPDX-License-Identifier: Apache-2.0
import { GoMap, toPlain } from "@flux-ts/gotemplate";
import { isJsonObject } from "@flux-ts/kube-core";
import { decodeYaml, failDecode } from "../chart/decode.ts";
import { toMap } from "../dependencies/chart-node.ts";
import { messageOf } from "../helm-error.ts";
import { compileSchema } from "../schema/validate-values.ts";
import { mergeTables } from "../values/coalesce.ts";
import type { Linting } from "./lint-chart.ts";
import { hasEntry, readText } from "./lint-files.ts";

const FILE = "values.yaml";

/** Rules of values.yaml, alone and with what the user gives. @see helm.sh/helm/v4 pkg/chart/v2/lint/rules ValuesWithOverrides */
export function lintValues(linting: Linting): void {
  if (linting.tell("INFO", FILE, hasEntry(linting, FILE) ? undefined : "file does not exist"))
    linting.tell("ERROR", FILE, problemOf(linting));
}

function problemOf(linting: Linting): string | undefined {
  let own: unknown;
  try {
    own = decodeYaml(readText(linting, FILE) ?? "") ?? {};
    if (!isJsonObject(own)) failDecode(own, "value of type common.Values");
  } catch (error) {
    return `unable to parse YAML: ${messageOf(error)}`;
  }
  const schema = readText(linting, "values.schema.json") ?? "";
  if (schema === "" || linting.options.skipSchemaValidation === true) return undefined;
  const task = { warn: () => {}, merge: false };
  const given = mergeTables(task, new GoMap(), toMap(linting.options.values ?? {}), "");
  const values = mergeTables(task, given, toMap(own), "");
  try {
    const problems = compileSchema(schema).check(toPlain(values));
    return problems === "" ? undefined : problems;
  } catch (error) {
    return messageOf(error);
  }
}
