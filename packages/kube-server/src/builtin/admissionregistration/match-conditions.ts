// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import { textAt } from "../shape.ts";
import { ExpressionChecker, type Variables } from "./expressions.ts";
import type { Problems } from "../validation/problems.ts";

const MAX = 64;

/** Conditions in CEL, over these variables. */
export function matchConditions(all: readonly JsonObject[], path: string, variables: Variables, problems: Problems): void {
  if (all.length > MAX) problems.tooMany(path, all.length, MAX);
  const names = new Set<string>();
  const checker = new ExpressionChecker(problems);
  all.forEach((condition, index) => {
    const [own, name] = [`${path}[${index}]`, textAt(condition, "name")];
    const expression = textAt(condition, "expression");
    if (expression.trim() === "") problems.required(`${own}.expression`);
    else checker.check(expression, "bool", variables, `${own}.expression`);
    if (name === "") return problems.required(`${own}.name`);
    problems.invalidFor(`${own}.name`, name, labelKeyProblems(name));
    if (names.has(name)) problems.duplicate(`${own}.name`, name);
    names.add(name);
  });
}
