// SPDX-License-Identifier: Apache-2.0
export { HttpError } from "./http-error.ts";
export type { HttpErrorCode } from "./http-error.ts";
export { createHttpClient, describeRequest, discard, readBody, withoutCredentials } from "./http-client.ts";
export type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse, ProxyOptions, TlsOptions } from "./http-client.ts";
export { requestWithRetries } from "./retry.ts";
export type { RetryOptions } from "./retry.ts";
export { maskToken } from "./mask-token.ts";
export { isLoopbackAddress, loopbackOnly } from "./loopback-only.ts";
