// SPDX-License-Identifier: Apache-2.0
import type { JsonWebKey } from "node:crypto";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { KubeObject } from "@flux-ts/kube-core";
import { beforeEach, describe, expect, test } from "vitest";
import { createApiServer } from "../server.ts";
import { RevisionStore } from "../store/revision-store.ts";
import { ServiceAccountTokens } from "./service-account-tokens.ts";

const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" }).toString();

describe("tokens of service accounts", () => {
  let now: number;
  let store: RevisionStore;
  let tokens: ServiceAccountTokens;
  let account: KubeObject;
  beforeEach(() => {
    now = Date.parse("2026-11-24T09:30:00Z");
    store = new RevisionStore();
    tokens = new ServiceAccountTokens({ store, clock: { now: () => now, after: () => () => undefined }, key });
    const metadata = { name: "robot", namespace: "web", uid: "1" };
    account = store.put("serviceaccounts", "web/robot", { apiVersion: "v1", kind: "ServiceAccount", metadata });
  });

  test("say who they are of", () => {
    const { token, expiresAt } = tokens.issue(account, [], 600, "id");
    expect(expiresAt).toBe(now + 600_000);
    expect(tokens.authenticate(token).identity).toMatchObject({
      user: "system:serviceaccount:web:robot",
      groups: ["system:serviceaccounts", "system:serviceaccounts:web", "system:authenticated"],
    });
  });

  test("end with their time", () => {
    const { token } = tokens.issue(account, [], 600, "id");
    now += 601_000;
    expect(tokens.authenticate(token)).toEqual({ error: "[invalid bearer token, service account token has expired]" });
  });

  test.each([
    ["their account is gone", () => store.delete("serviceaccounts", "web/robot")],
    [
      "their account was made anew",
      () => store.put("serviceaccounts", "web/robot", { ...account, metadata: { ...account.metadata, uid: "2" } }),
    ],
    ["what they are bound to is gone", () => store.delete("pods", "web/p")],
  ])("end when %s", (_what, end) => {
    store.put("pods", "web/p", { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "web", uid: "7" } });
    const { token } = tokens.issue(account, [], 600, "id", { kind: "Pod", name: "p", uid: "7" });
    expect(tokens.authenticate(token).identity).toBeDefined();
    end();
    expect(tokens.authenticate(token).identity).toBeUndefined();
  });

  test("are good for their audience only", () => {
    const { token } = tokens.issue(account, ["vault"], 600, "id");
    expect(tokens.authenticate(token).identity).toBeUndefined();
    expect(tokens.authenticate(token, ["vault", "other"]).audiences).toEqual(["vault"]);
  });

  test("that were changed, or signed by another, or not at all, are refused", () => {
    const { token } = tokens.issue(account, [], 600, "id");
    const [header = "", payload = "", signature = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object; // our own token
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: "system:serviceaccount:web:admin" })).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    const forged = [
      `${header}.${changed}.${signature}`,
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      "",
      "a.b",
      "...",
    ];
    for (const wrong of forged) expect(tokens.authenticate(wrong)).toEqual({ error: "invalid bearer token" });
  });

  test("can be verified with the keys that the server publishes", async () => {
    const server = createApiServer({ clock: { now: () => now, after: () => () => undefined }, serviceAccountKey: key });
    const configuration = await server.transport({ method: "GET", path: "/.well-known/openid-configuration" });
    expect(configuration.object).toMatchObject({ jwks_uri: `${server.plane.tokens.issuer}/openid/v1/jwks` });
    const { object } = await server.transport({ method: "GET", path: "/openid/v1/jwks" });
    const [published] = (object as { keys: JsonWebKey[] }).keys;
    const { token } = tokens.issue(account, [], 600, "id");
    const [header, payload, signature = ""] = token.split(".");
    const open = createPublicKey({ key: published ?? {}, format: "jwk" });
    const bytes = Buffer.from(signature, "base64url");
    expect(verify("sha256", Buffer.from(`${header}.${payload}`), { key: open, dsaEncoding: "ieee-p1363" }, bytes)).toBe(true);
  });
});
