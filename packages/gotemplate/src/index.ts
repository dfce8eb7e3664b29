// SPDX-License-Identifier: Apache-2.0
export { DEFAULT_LIMITS, createEngine, type Engine, type EngineOptions } from "./engine.ts";
export type { Limits, MissingKey, OnWrite } from "./execute/execution.ts";
export { FunctionError, TemplateError, type TemplateErrorCode } from "./template-error.ts";
export {
  type Call,
  GoMap,
  Int,
  LIST_TYPE,
  MAP_TYPE,
  type Methods,
  Slice,
  Struct,
  type TemplateFunction,
  type TemplateScope,
  type Value,
  fn,
  int,
  int64,
  isTrue,
  kindOf,
  strings,
  typeOf,
} from "./values.ts";
export { fromPlain, toPlain } from "./plain.ts";
export { fromBytes, toBytes } from "./bytes.ts";
export { goQuote } from "./format/quote.ts";
export { formatValue, sprint, sprintf } from "./format/sprintf.ts";
export { type SprigPorts, sprigFunctions } from "./sprig/sprig-functions.ts";
export type { Certificate, CertificateRequest, CryptoPort } from "./sprig/crypto.ts";
export type { RandomBytes } from "./sprig/random.ts";
export { type HelmPorts, WARN_END, WARN_START, helmFunctions } from "./helm/helm-functions.ts";
export { isSemver, satisfiesSemver } from "./sprig/semver.ts";
