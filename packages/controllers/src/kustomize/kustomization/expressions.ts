// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type * as CelModule from "@flux-ts/flux-api/cel";
import type { Expressions, HealthChecks } from "@flux-ts/flux-api/cel";
import { Failure } from "@flux-ts/kube-runtime";

/** The beginning of what is told of a spec that nothing but a change of it can mend. */
const TERMINAL = "Reconciliation failed terminally due to configuration error";

interface Cel {
  readonly module: typeof CelModule;
  readonly expressions: Expressions;
}

/** Reads the CEL expressions of specs. The language is loaded with the first expression: most Kustomizations have none. */
export class ExpressionReader {
  #cel: Promise<Cel> | undefined;

  /**
   * The health checks of a spec; undefined when it has none.
   * @throws {Failure} InvalidCELExpression, for good
   */
  async healthChecks({ spec }: Kustomization): Promise<HealthChecks | undefined> {
    const { healthCheckExprs = [] } = spec;
    if (healthCheckExprs.length === 0) return undefined;
    const { module, expressions } = await this.#load();
    try {
      return new module.HealthChecks(healthCheckExprs, expressions);
    } catch (error) {
      throw invalid((error as Error).message, error);
    }
  }

  /**
   * Whether a dependency is ready by its `readyExpr`, in which `self` is the dependant and `dep` the dependency.
   *
   * @throws {Failure} InvalidCELExpression, for good
   * @throws {ExpressionError} FAILED: it cannot be told now, such as when a field is not there
   * @see kustomize-controller evalReadyExpr()
   */
  async isReady(source: string, self: Kustomization, dependency: Kustomization): Promise<boolean> {
    const { expressions } = await this.#load();
    let expression: ReturnType<Expressions["compile"]>;
    try {
      expression = expressions.compile(source, { variables: ["self", "dep"], outputType: "bool" });
    } catch (error) {
      const problem = `terminal error: failed to evaluate dependency ${dependency.metadata.name ?? ""}: ${(error as Error).message}`;
      throw invalid(problem, error);
    }
    return expression.evaluateBoolean({ self: withStatus(self), dep: withStatus(dependency) });
  }

  #load(): Promise<Cel> {
    this.#cel ??= import("@flux-ts/flux-api/cel").then((module) => ({ module, expressions: new module.Expressions() }));
    return this.#cel;
  }
}

/** To upstream, an object without a status has an empty one. */
function withStatus(ks: Kustomization): Kustomization {
  return ks.status === undefined ? { ...ks, status: {} } : ks;
}

function invalid(problem: string, cause: unknown): Failure<"InvalidCELExpression"> {
  return new Failure("InvalidCELExpression", `${TERMINAL}: ${problem}`, { retry: "never", cause });
}
