// SPDX-License-Identifier: Apache-2.0
import type { Transport } from "@flux-ts/kube-core";
import type { Metrics } from "./metrics.ts";

/** The same transport, with every request counted (`rest_client_requests_total`); one without an answer as `<error>`. */
export function countRequests(transport: Transport, host: string, metrics: Pick<Metrics, "request">): Transport {
  return async (request) => {
    try {
      const response = await transport(request);
      metrics.request({ code: String(response.status), method: request.method, host });
      return response;
    } catch (error) {
      metrics.request({ code: "<error>", method: request.method, host });
      throw error;
    }
  };
}
