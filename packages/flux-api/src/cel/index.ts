// SPDX-License-Identifier: Apache-2.0
export type { CompiledOptions, ExpressionErrorCode } from "./expression.ts";
export { Expression, ExpressionError, Expressions } from "./expression.ts";
export { HealthCheck, HealthChecks } from "./health-checks.ts";
