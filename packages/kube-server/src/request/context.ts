// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@flux-ts/kube-core";
import type { Query } from "./query.ts";
import type { RequestInfo } from "./request-info.ts";

/** One request on its way through the server. */
export interface RequestContext {
  readonly method: string;
  readonly info: RequestInfo;
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly identity: Identity;
  /** Undecoded bytes, or a decoded JSON value of an in-process client. */
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
  /** Texts of `Warning` headers, in order. */
  readonly warnings: string[];
}

/** Adds a warning unless it was said before. */
export function warn(request: RequestContext, text: string): void {
  if (!request.warnings.includes(text)) request.warnings.push(text);
}

/** The manager name of a write: what was asked for, else the User-Agent up to the first slash. */
export function managerOf(request: RequestContext, fieldManager: string | undefined): string {
  if (fieldManager) return fieldManager;
  const agent = request.headers["user-agent"] ?? "";
  const name = agent.split("/", 1)[0] ?? "";
  // Longer names would not fit a manager; what cannot be printed is left out.
  const printable = name.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "").slice(0, 128);
  return printable === "" ? "unknown" : printable;
}
