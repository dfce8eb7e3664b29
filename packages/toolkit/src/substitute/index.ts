// SPDX-License-Identifier: Apache-2.0
export * from "./expand.ts";
export { parseExpressions, type Expression, type Part } from "./parse.ts";
export * from "./substitute-error.ts";
export * from "./substitute-object.ts";
export * from "./variables.ts";
