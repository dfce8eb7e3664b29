// SPDX-License-Identifier: Apache-2.0
import type { ComputedStatus, KubeObject } from "@flux-ts/kube-core";
import { getKey, gvkOf, isJsonObject } from "@flux-ts/kube-core";
import type { HealthCheckExpression } from "../health-check-expression.ts";
import type { Expression, Expressions } from "./expression.ts";
import { ExpressionError } from "./expression.ts";

type Checked = "inProgress" | "failed" | "current";

const TITLES: Readonly<Record<Checked, string>> = { inProgress: "InProgress", failed: "Failed", current: "Current" };

/**
 * The health of objects of one kind, by expressions over their fields: when an older generation is observed, and when
 * no expression is true, they are in progress.
 *
 * @see fluxcd/pkg runtime/cel StatusEvaluator; RFC-0009
 */
export class HealthCheck {
  /** In the order of evaluation. */
  readonly #expressions: readonly { readonly status: "InProgress" | "Failed" | "Current"; readonly expression: Expression }[];

  /** @throws {ExpressionError} INVALID */
  constructor(checks: Partial<Pick<HealthCheckExpression, Checked>>, expressions: Expressions) {
    if ((checks.current ?? "") === "") throw new ExpressionError("INVALID", "expression Current not specified");
    // The one that always is there is read first: its problem is told first.
    const read = new Map((["current", "failed", "inProgress"] as const).map((name) => [name, readExpression(checks, name, expressions)]));
    this.#expressions = (["inProgress", "failed", "current"] as const).flatMap((name) => {
      const expression = read.get(name);
      return expression === undefined ? [] : [{ status: TITLES[name] as "InProgress" | "Failed" | "Current", expression }];
    });
  }

  /** @throws {ExpressionError} FAILED */
  evaluate(object: KubeObject): ComputedStatus {
    if (isOlderObserved(object)) return { status: "InProgress", message: "" };
    const found = this.#expressions.find(({ expression }) => expression.evaluateBoolean(object));
    return { status: found?.status ?? "InProgress", message: "" };
  }
}

/**
 * The health checks of a spec. A check without a kind is for every kind of its group that has no check of its own.
 *
 * @see fluxcd/pkg runtime/cel StatusReader
 */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>();

  /** @throws {ExpressionError} INVALID: an expression, or two checks of one kind */
  constructor(checks: readonly HealthCheckExpression[], expressions: Expressions) {
    checks.forEach(({ apiVersion, kind = "", ...rest }, index) => {
      const key = keyOf({ group: groupOf(apiVersion), kind });
      if (this.#checks.has(key)) {
        throw new ExpressionError("INVALID", `duplicate custom health check for GroupKind ${key} at healthchecks[${index}]`);
      }
      try {
        this.#checks.set(key, new HealthCheck(rest, expressions));
      } catch (error) {
        const problem = (error as Error).message;
        throw new ExpressionError("INVALID", `failed to create custom status evaluator for healthchecks[${index}]: ${problem}`, {
          cause: error,
        });
      }
    });
  }

  /** The check of a kind; undefined when it has none. */
  find({ group, kind }: { readonly group: string; readonly kind: string }): HealthCheck | undefined {
    return this.#checks.get(keyOf({ group, kind })) ?? this.#checks.get(keyOf({ group, kind: "" }));
  }

  /** The status of an object of a kind that has a check; undefined when its kind has none. @throws {ExpressionError} FAILED */
  evaluate(object: KubeObject): ComputedStatus | undefined {
    return this.find(gvkOf(object))?.evaluate(object);
  }
}

function readExpression(
  checks: Partial<Pick<HealthCheckExpression, Checked>>,
  name: Checked,
  expressions: Expressions,
): Expression | undefined {
  const source = checks[name] ?? "";
  if (source === "") return undefined;
  try {
    return expressions.parse(source);
  } catch (error) {
    throw new ExpressionError("INVALID", `failed to parse the expression ${TITLES[name]}: ${(error as Error).message}`, { cause: error });
  }
}

/** Generations that are no whole numbers say nothing: some kinds observe texts. */
function isOlderObserved({ metadata, status }: KubeObject): boolean {
  const observed = isJsonObject(status) ? getKey(status, "observedGeneration") : undefined;
  const { generation } = metadata ?? {};
  return Number.isInteger(observed) && Number.isInteger(generation) && observed !== generation;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** `Kind.group`, as Kubernetes prints a GroupKind. */
function keyOf({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return group === "" ? kind : `${kind}.${group}`;
}
