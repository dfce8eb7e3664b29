// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { Clock, Identity, KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, parseJson } from "@flux-ts/kube-core";
import type { RevisionStore } from "../store/revision-store.ts";

/** What came of a token. */
export interface TokenResult {
  readonly identity?: Identity;
  readonly audiences?: readonly string[];
  readonly error?: string;
}

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a token is bound to: it dies with it. */
export interface BoundObject {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface TokenOptions {
  readonly store: RevisionStore;
  readonly clock: Clock;
  /** The key that signs, a P-256 key in PEM. Absent: tokens can neither be made nor read. */
  readonly key?: string;
  /** `https://kubernetes.default.svc.cluster.local` when absent. */
  readonly issuer?: string;
}

const DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";

/** Signs and reads the tokens of service accounts: JSON Web Tokens with ES256. @see RFC 7519, kubernetes pkg/serviceaccount */
export class ServiceAccountTokens {
  readonly #store: RevisionStore;
  readonly #clock: Clock;
  readonly #keys: { readonly secret: KeyObject; readonly open: KeyObject; readonly id: string } | undefined;
  readonly issuer: string;

  constructor({ store, clock, key, issuer = DEFAULT_ISSUER }: TokenOptions) {
    this.#store = store;
    this.#clock = clock;
    this.issuer = issuer;
    if (key === undefined) return;
    const open = createPublicKey(key);
    const id = createHash("sha256")
      .update(open.export({ type: "spki", format: "der" }))
      .digest("base64url");
    this.#keys = { secret: createPrivateKey(key), open, id };
  }

  get canSign(): boolean {
    return this.#keys !== undefined;
  }

  /** The key that verifies tokens, as a JSON Web Key Set; undefined without one. @see RFC 7517 */
  get publicKeys(): { readonly keys: readonly object[] } | undefined {
    if (!this.#keys) return undefined;
    return { keys: [{ use: "sig", kid: this.#keys.id, alg: "ES256", ...this.#keys.open.export({ format: "jwk" }) }] };
  }

  /** A token for an account. `random` makes its id. */
  issue(account: KubeObject, audiences: readonly string[], seconds: number, id: string, bound?: BoundObject): IssuedToken {
    if (!this.#keys) throw new Error("Cannot issue a token: this control plane has no key for service accounts");
    const { namespace = "", name = "", uid = "" } = account.metadata;
    const now = Math.floor(this.#clock.now() / 1000);
    const claims = {
      aud: audiences.length > 0 ? audiences : [this.issuer],
      exp: now + seconds,
      iat: now,
      iss: this.issuer,
      jti: id,
      "kubernetes.io": {
        namespace,
        ...(bound ? { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } } : {}),
        serviceaccount: { name, uid },
      },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const part = (value: object): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
    const body = `${part({ alg: "ES256", kid: this.#keys.id })}.${part(claims)}`;
    const signature = sign("sha256", Buffer.from(body), { key: this.#keys.secret, dsaEncoding: "ieee-p1363" }).toString("base64url");
    return { token: `${body}.${signature}`, expiresAt: 1000 * (now + seconds) };
  }

  /** Whose token this is, if it is one of ours, of time, and of an account that is still there. */
  authenticate(token: string, audiences?: readonly string[]): TokenResult {
    const claims = this.#read(token);
    if (!claims) return { error: "invalid bearer token" };
    const now = this.#clock.now() / 1000;
    if (typeof claims["exp"] !== "number" || claims["exp"] < now)
      return { error: "[invalid bearer token, service account token has expired]" };
    if (typeof claims["nbf"] === "number" && claims["nbf"] > now + 60)
      return { error: "[invalid bearer token, service account token is not valid yet]" };
    const given = Array.isArray(claims["aud"]) ? (claims["aud"] as readonly unknown[]).map(String) : [];
    const accepted = audiences && audiences.length > 0 ? audiences : [this.issuer];
    const shared = given.filter((audience) => accepted.includes(audience));
    if (shared.length === 0) {
      const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
      return { error: `[invalid bearer token, token audiences ${list(given)} is invalid for the target audiences ${list(accepted)}]` };
    }
    const bound = isJsonObject(claims["kubernetes.io"]) ? claims["kubernetes.io"] : {};
    const account = isJsonObject(bound["serviceaccount"]) ? bound["serviceaccount"] : {};
    const namespace = String(bound["namespace"]);
    const name = String(account["name"]);
    const stored = this.#store.get("serviceaccounts", `${namespace}/${name}`);
    if (!stored || stored.metadata.uid !== account["uid"])
      return { error: "[invalid bearer token, service account token has been invalidated]" };
    if (!this.#isBoundAlive(bound, namespace)) return { error: "[invalid bearer token, service account token has been invalidated]" };
    return {
      identity: {
        user: `system:serviceaccount:${namespace}:${name}`,
        uid: String(account["uid"]),
        groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
        extra: { "authentication.kubernetes.io/credential-id": [`JTI=${String(claims["jti"])}`] },
      },
      audiences: shared,
    };
  }

  #isBoundAlive(bound: Readonly<Record<string, unknown>>, namespace: string): boolean {
    for (const [kind, resource] of [
      ["pod", "pods"],
      ["secret", "secrets"],
    ] as const) {
      const reference = bound[kind];
      if (!isJsonObject(reference)) continue;
      const stored = this.#store.get(resource, `${namespace}/${String(reference["name"])}`);
      if (stored?.metadata.uid !== reference["uid"]) return false;
    }
    return true;
  }

  #read(token: string): Readonly<Record<string, unknown>> | undefined {
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    if (!this.#keys || more.length > 0 || signature === "") return undefined;
    try {
      const head = parseJson(Buffer.from(header, "base64url"));
      if (!isJsonObject(head) || head["alg"] !== "ES256" || head["kid"] !== this.#keys.id) return undefined;
      const isGenuine = verify(
        "sha256",
        Buffer.from(`${header}.${payload}`),
        { key: this.#keys.open, dsaEncoding: "ieee-p1363" },
        Buffer.from(signature, "base64url"),
      );
      if (!isGenuine) return undefined;
      const claims = parseJson(Buffer.from(payload, "base64url"));
      return isJsonObject(claims) && claims["iss"] === this.issuer ? claims : undefined;
    } catch {
      return undefined;
    }
  }
}
