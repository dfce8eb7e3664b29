// SPDX-License-Identifier: Apache-2.0
export type { CelErrorCode } from "./cel-error.ts";
export { CelError } from "./cel-error.ts";
export type { CompileOptions, RunOptions } from "./compile.ts";
export { CALL_COST_LIMIT, CelExpression, compile } from "./compile.ts";
export type { CelEnvironment } from "./environment.ts";
export { admissionEnvironment, celType, fluxEnvironment, kubernetesEnvironment } from "./environment.ts";
export { readJson, readStruct, writeJson } from "./json-values.ts";
export { ruleCompiler } from "./rule-compiler.ts";
export { compileRules, REQUEST_COST_LIMIT } from "./rules.ts";
export type { CelType } from "./types.ts";
export { DYN, mapOf, objectType, STRING } from "./types.ts";
export type { CelValue } from "./values.ts";
export { CelList, CelMap, CelOptional, typeNameOf } from "./values.ts";
