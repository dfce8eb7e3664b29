// SPDX-License-Identifier: Apache-2.0
// What a client that means ill sends to the API server, over HTTPS.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type HttpsApi } from "./api-over-https.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const yaml = { "content-type": "application/yaml" };
const map = (name: string, data: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":${data}}`;

describe("a hostile client", () => {
  let api: HttpsApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  test.each([null, "x.y.z", "", "a".repeat(5000)])(
    "without a credential that holds (%j) learns nothing but the server's health",
    async (token) => {
      for (const path of ["/api", "/apis", "/openapi/v3", "/metrics", "/version", MAPS, `${MAPS}/x`, "/api/v1/secrets?watch=1"]) {
        const { status, text } = await api.call(path, { token });
        expect(status, path).toBe(401);
        expect(text).not.toContain("kube-root-ca");
      }
      expect((await api.call("/readyz", { token: null })).status).toBe(200);
    },
  );

  test("impersonates nobody without the right to it: neither administrators nor their groups nor by repeated headers (E25, G32)", async () => {
    const token = await api.serviceAccount("mallory");
    for (const headers of [
      { "impersonate-user": "admin" },
      { "impersonate-user": "mallory", "impersonate-group": "system:masters" },
      { "impersonate-user": "system:serviceaccount:kube-system:default" },
      { "Impersonate-User": "system:serviceaccount:default:mallory", "Impersonate-Group": "system:masters" },
      { "impersonate-user": "a", "impersonate-extra-scopes": "all" },
      { "impersonate-user": "a", "impersonate-uid": "0" },
    ]) {
      const { status, text } = await api.call("/api/v1/namespaces/kube-system/secrets", { token, headers });
      expect(status).toBe(403);
      expect(text).toMatch(/cannot impersonate resource/);
    }
    // Groups without a user are no impersonation at all.
    expect((await api.call(MAPS, { token, headers: { "impersonate-group": "system:masters" } })).status).toBeGreaterThanOrEqual(400);
  });

  test("who may impersonate one user gets that user's rights, not the groups asked for besides", async () => {
    const token = await api.serviceAccount("support");
    const rules = [{ apiGroups: [""], resources: ["users"], verbs: ["impersonate"], resourceNames: ["jane"] }];
    await api.call(`${RBAC}/clusterroles`, {
      method: "POST",
      body: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "as-jane" }, rules },
    });
    await api.call(`${RBAC}/clusterrolebindings`, {
      method: "POST",
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "as-jane" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "as-jane" },
        subjects: [{ kind: "ServiceAccount", name: "support", namespace: "default" }],
      },
    });
    const asJane = await api.call(MAPS, { token, headers: { "impersonate-user": "jane" } });
    expect(asJane.text).toContain('User \\"jane\\" cannot list resource');
    const asMaster = await api.call(MAPS, { token, headers: { "impersonate-user": "jane", "impersonate-group": "system:masters" } });
    expect(asMaster.text).toMatch(/cannot impersonate resource .*groups/);
  });

  test("a token that was changed, or of an account that is gone, is none", async () => {
    const token = await api.serviceAccount("gone");
    const [head = "", claims = "", signature = ""] = token.split(".");
    const other = (change: Readonly<Record<string, unknown>>, part: string): string =>
      Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(part, "base64url").toString()) as object), ...change })).toString(
        "base64url",
      );
    expect((await api.call(MAPS, { token })).status).toBe(403);
    for (const forged of [
      `${other({ alg: "none" }, head)}.${claims}.`,
      `${other({ alg: "HS256" }, head)}.${claims}.${signature}`,
      `${head}.${other({ sub: "system:serviceaccount:kube-system:admin" }, claims)}.${signature}`,
      `${head}.${other({ exp: 9_999_999_999 }, claims)}.${signature}`,
    ])
      expect((await api.call(MAPS, { token: forged })).status).toBe(401);
    await api.call("/api/v1/namespaces/default/serviceaccounts/gone", { method: "DELETE" });
    expect((await api.call(MAPS, { token })).status).toBe(401);
  });

  test("keys named like parts of JavaScript's objects are keys, in every kind of write (D18)", async () => {
    const data = `{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}`;
    expect((await api.call(MAPS, { method: "POST", body: map("proto", data) })).status).toBe(201);
    const writes: readonly (readonly [string, string])[] = [
      [
        "application/merge-patch+json",
        `{"data":{"__proto__":"1"},"metadata":{"labels":{"constructor":"x"},"annotations":{"toString":"y"}}}`,
      ],
      ["application/strategic-merge-patch+json", `{"data":{"__proto__":"2"}}`],
      [
        "application/json-patch+json",
        `[{"op":"replace","path":"/data/__proto__","value":"3"},{"op":"test","path":"/data/constructor","value":"b"}]`,
      ],
      ["application/apply-patch+yaml", map("proto", `{"__proto__":"4","constructor":"5"}`)],
    ];
    for (const [type, body] of writes) {
      const query = type.includes("apply") ? "?fieldManager=m&force=true" : "";
      const { status, text } = await api.call(`${MAPS}/proto${query}`, { method: "PATCH", body, headers: { "content-type": type } });
      expect([status, text]).toEqual([200, expect.any(String)]);
    }
    const { object } = await api.call(`${MAPS}/proto`);
    const kept = object["data"] as Readonly<Record<string, string>>;
    expect(Object.entries(kept).toSorted()).toEqual([
      ["__proto__", "4"],
      ["constructor", "5"],
      ["hasOwnProperty", "d"],
      ["toString", "c"],
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    for (const [selector, count] of [
      ["constructor=x", 1],
      ["toString", 0],
      ["!hasOwnProperty,constructor", 1],
    ] as const) {
      const { object: list } = await api.call(`${MAPS}?labelSelector=${encodeURIComponent(selector)}`);
      expect(list["items"], selector).toHaveLength(count);
    }
  });

  test("a JSON pointer to what a key has from its prototype finds nothing (D17)", async () => {
    await api.call(MAPS, { method: "POST", body: map("pointer", "{}") });
    for (const path of ["/data/__proto__/polluted", "/metadata/constructor/prototype/polluted", "/__proto__/polluted"]) {
      const body = JSON.stringify([{ op: "add", path, value: "x" }]);
      const headers = { "content-type": "application/json-patch+json" };
      const { status } = await api.call(`${MAPS}/pointer`, { method: "PATCH", body, headers });
      expect(status, path).toBe(422);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("bodies that would need much memory or stack are refused, and the server goes on (D19)", async () => {
    const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let index = 1; index < 12; index += 1)
      laughs.push(
        `a${index}: &a${index} [${Array(10)
          .fill(`*a${index - 1}`)
          .join(", ")}]`,
      );
    const bodies: readonly (readonly [string, string | Uint8Array, Readonly<Record<string, string>>])[] = [
      ["nested JSON", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"data":${"[".repeat(500_000)}`, {}],
      ["nested and closed", map("deep", `${`{"a":`.repeat(100_000)}1${"}".repeat(100_000)}`), {}],
      ["nested YAML", `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\ndata: ${"[".repeat(50_000)}`, yaml],
      ["a billion laughs", `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\n${laughs.join("\n")}\n`, yaml],
      ["compressed", gzipSync(Buffer.alloc(50_000_000, 0x20)), { "content-encoding": "gzip" }],
      ["too large", Buffer.alloc(3_200_000, 0x20), {}],
    ];
    for (const [what, body, headers] of bodies) {
      const begun = performance.now();
      const { status } = await api.call(MAPS, { method: "POST", body, headers });
      expect(status, what).toBeGreaterThanOrEqual(400);
      expect(performance.now() - begun, what).toBeLessThan(5000);
      expect((await api.call("/readyz")).status, what).toBe(200);
    }
  });

  test("a pattern of a definition is matched in linear time (D16), and its CEL rules within a budget (D17)", async () => {
    const definition = (plural: string, schema: object): object => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.example.com` },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { plural, kind: plural, singular: plural, listKind: `${plural}List` },
        versions: [
          { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties: { spec: schema } } } },
        ],
      },
    });
    const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    expect((await api.call(CRDS, { method: "POST", body: definition("res", { type: "string", pattern: "^(a+)+$" }) })).status).toBe(201);
    const begun = performance.now();
    const refused = await api.call("/apis/example.com/v1/namespaces/default/res", {
      method: "POST",
      body: { apiVersion: "example.com/v1", kind: "res", metadata: { name: "a" }, spec: `${"a".repeat(50_000)}!` },
    });
    expect(refused.status).toBe(422);
    expect(performance.now() - begun).toBeLessThan(2000);

    const rule = "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != 'x'))))";
    const costly = { type: "array", items: { type: "string" }, "x-kubernetes-validations": [{ rule }] };
    const { status, text } = await api.call(CRDS, { method: "POST", body: definition("costs", costly) });
    expect([status, text]).toEqual([422, expect.stringMatching(/cost/)]);
  });

  test("selectors, continue tokens and resource versions that make no sense are refused, quickly", async () => {
    for (const query of [
      `labelSelector=${"a,".repeat(3000)}`,
      "labelSelector=a%20in%20((((",
      "fieldSelector=metadata.name%3D%3D%3Da",
      "continue=AAAA",
      `continue=${"A".repeat(4000)}`,
      "resourceVersion=-1",
      "limit=x",
    ]) {
      const { status } = await api.call(`${MAPS}?${query}`);
      expect(status, query.slice(0, 40)).toBeGreaterThanOrEqual(400);
      expect(status, query.slice(0, 40)).toBeLessThan(500);
    }
  });

  test("names and paths that climb find nothing", async () => {
    for (const name of ["..", ".", "a/../b", "%2e%2e", "..%2fsecrets", "a%00b", "a%2fb"]) {
      const { status } = await api.call(`${MAPS}/${name}`);
      expect(status, name).toBeGreaterThanOrEqual(400);
    }
    for (const name of ["../x", "a/b", "%", "A", "a\u0000", "a".repeat(300)]) {
      const { status } = await api.call(MAPS, {
        method: "POST",
        body: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } }),
      });
      expect(status, name).toBe(422);
    }
  });

  test("the value of a Secret is in no answer about why it was refused (F29)", async () => {
    const secret = (extra: object): object => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...extra });
    const canary = "hunter2-canary";
    for (const extra of [
      { data: { p: `!${canary}` } },
      { stringData: { "in valid": canary } },
      { type: "kubernetes.io/tls", data: { p: Buffer.from(canary).toString("base64") } },
      { immutable: "yes", stringData: { p: canary } },
    ]) {
      const { status, text } = await api.call("/api/v1/namespaces/default/secrets?fieldValidation=Strict", {
        method: "POST",
        body: secret(extra),
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).not.toContain(canary);
      expect(text).not.toContain(Buffer.from(canary).toString("base64"));
    }
  });
});
