// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import { textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";

const MAX = 64;

/** Conditions in CEL; the expressions themselves are not compiled here. */
export function matchConditions(all: readonly JsonObject[], path: string, problems: Problems): void {
  if (all.length > MAX) problems.tooMany(path, all.length, MAX);
  const names = new Set<string>();
  all.forEach((condition, index) => {
    const [own, name] = [`${path}[${index}]`, textAt(condition, "name")];
    if (textAt(condition, "expression").trim() === "") problems.required(`${own}.expression`);
    if (name === "") return problems.required(`${own}.name`);
    problems.invalidFor(`${own}.name`, name, labelKeyProblems(name));
    if (names.has(name)) problems.duplicate(`${own}.name`, name);
    names.add(name);
  });
}
