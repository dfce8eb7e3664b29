// SPDX-License-Identifier: Apache-2.0
export type * from "./context.ts";
export type * from "./compute.ts";
export type * from "./controller.ts";
export type * from "./logger.ts";
export { Failure } from "./failure.ts";
export type * from "./observe.ts";
