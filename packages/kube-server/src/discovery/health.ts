// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";
import type { Query } from "../request/query.ts";
import { pageNotFound } from "../answer/page-not-found.ts";

/** One thing that can be ill. Undefined: it is well; else why not. */
export type HealthCheck = () => string | undefined;

const TEXT = "text/plain; charset=utf-8";

/**
 * `/healthz`, `/livez`, `/readyz`, each check by itself below them, the list with `verbose`, without some by `exclude`.
 * @see apiserver server/healthz
 */
export function serveHealth(endpoint: string, rest: readonly string[], query: Query, checks: ReadonlyMap<string, HealthCheck>): Answer {
  const [name, ...more] = rest;
  if (name !== undefined) {
    const check = checks.get(name);
    if (!check || more.length > 0) return pageNotFound();
    const problem = check();
    return problem === undefined ? text(200, "ok") : text(500, `internal server error: ${problem}\n`);
  }
  const excluded = new Set(query.all("exclude"));
  const lines: string[] = [];
  let isWell = true;
  for (const [checkName, check] of checks) {
    if (excluded.has(checkName)) {
      lines.push(`[+]${checkName} excluded: ok`);
      continue;
    }
    const problem = check();
    if (problem !== undefined) isWell = false;
    lines.push(problem === undefined ? `[+]${checkName} ok` : `[-]${checkName} failed: reason withheld`);
  }
  if (!isWell) return text(500, `${lines.join("\n")}\n${endpoint} check failed\n`);
  return query.first("verbose") === undefined ? text(200, "ok") : text(200, `${lines.join("\n")}\n${endpoint} check passed\n`);
}

function text(status: number, body: string): Answer {
  return { status, contentType: TEXT, headers: { "x-content-type-options": "nosniff" }, text: body };
}
