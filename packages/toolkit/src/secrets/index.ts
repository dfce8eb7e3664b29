// SPDX-License-Identifier: Apache-2.0
export { SecretError } from "./secret-error.ts";
export type { SecretErrorCode } from "./secret-error.ts";
export { decodeSecretData, readSecret, secretText } from "./read-secret.ts";
export type { SecretContent } from "./read-secret.ts";
export { proxyFromSecret } from "./proxy.ts";
