// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "./answer.ts";

/** As Go's HTTP server answers for a path that nothing is registered at. */
export function pageNotFound(): Answer {
  return { status: 404, contentType: "text/plain; charset=utf-8", text: "404 page not found\n" };
}
