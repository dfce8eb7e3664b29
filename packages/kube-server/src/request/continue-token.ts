// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "@flux-ts/kube-core";
import type { ApiError } from "@flux-ts/kube-core";
import { badRequest } from "../status-errors.ts";

/** Where a paged list goes on: the revision it shows, and the key it has come to. */
export interface ContinueToken {
  /** 0 or less: the newest state. */
  readonly revision: number;
  readonly afterKey: string;
}

const VERSION = "meta.k8s.io/v1";

/** An opaque token, in the form of the API server's: unpadded base64url of `{v, rv, start}`. */
export function encodeContinue({ revision, afterKey }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start: `${afterKey}\u0000` }), "utf8").toString("base64url");
}

/** @throws {ApiError} 400 for a token that no list gave out */
export function decodeContinue(token: string): ContinueToken {
  const bad = /[^A-Za-z0-9_-]/.exec(token);
  if (bad) throw notValid(`illegal base64 data at input byte ${bad.index}`);
  let value: unknown;
  try {
    value = parseJson(Buffer.from(token, "base64url").toString("latin1"));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw notValid(text.replaceAll(/[\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`));
  }
  const { v, rv, start } = (typeof value === "object" && value !== null ? value : {}) as { v?: unknown; rv?: unknown; start?: unknown };
  if (v !== VERSION)
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v ?? "")}`,
    );
  if (typeof rv !== "number" || rv === 0)
    throw badRequest("invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  if (typeof start !== "string" || start === "" || start.startsWith("../")) {
    throw badRequest("invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  }
  return { revision: rv, afterKey: start.endsWith("\u0000") ? start.slice(0, -1) : start };
}

function notValid(why: string): ApiError {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
