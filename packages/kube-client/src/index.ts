// SPDX-License-Identifier: Apache-2.0
export type * from "./client.ts";
export { createClient, type ClientConfig } from "./create-client.ts";
export { isKindMissing, toApiError } from "./answer.ts";
export { resourcePath, groupVersionPath } from "./paths.ts";
export { httpTransport, type HttpTransport, type HttpTransportConfig, type Credentials } from "./http-transport.ts";
export { fetchTransport, type FetchTransportConfig } from "./fetch-transport.ts";
export { systemClock } from "./system-clock.ts";
