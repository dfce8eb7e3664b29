// SPDX-License-Identifier: Apache-2.0
export * from "./conformance.ts";
export * from "./run-suites.ts";
export * from "./has-program.ts";
