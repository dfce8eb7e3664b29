// SPDX-License-Identifier: Apache-2.0
import type { Identity, KubeObject, Transport, TransportResponse } from "@flux-ts/kube-core";
import { beforeEach, describe, expect, test } from "vitest";
import { createApiServer } from "./server.ts";

const clock = { now: () => Date.parse("2026-11-24T09:30:00Z"), after: () => () => undefined };
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const ROLES = `${RBAC}/namespaces/default/roles`;
const LISTING = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }];
const jane: Identity = { user: "jane", groups: ["system:authenticated"] };

type Body = Readonly<Record<string, unknown>>;

describe("who may do what", () => {
  let transport: Transport;
  beforeEach(() => {
    ({ transport } = createApiServer({ clock }));
  });

  function post(path: string, body: Body, identity?: Identity): Promise<TransportResponse> {
    return transport({ method: "POST", path, body, ...(identity ? { identity } : {}) });
  }

  /** Gives jane a role of the namespace. */
  async function allow(name: string, rules: readonly Body[]): Promise<void> {
    await post(ROLES, role(name, rules));
    await post(`${RBAC}/namespaces/default/rolebindings`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: `jane-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "jane" }],
    });
  }

  function role(name: string, rules: readonly Body[]): Body {
    return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name }, rules };
  }

  test("nothing, until a binding says so; nothing again once it is gone", async () => {
    const read = (): Promise<TransportResponse> => transport({ method: "GET", path: CONFIG_MAPS, identity: jane });
    expect(await read()).toMatchObject({
      status: 403,
      object: {
        message: 'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"',
      },
    });
    await allow("view", LISTING);
    expect((await read()).status).toBe(200);
    await transport({ method: "DELETE", path: `${RBAC}/namespaces/default/rolebindings/jane-view` });
    expect((await read()).status).toBe(403);
  });

  test("a change of a role counts at once", async () => {
    await allow("maps", LISTING);
    expect((await transport({ method: "GET", path: CONFIG_MAPS, identity: jane })).status).toBe(200);
    const empty = role("maps", []);
    await transport({ method: "PUT", path: `${ROLES}/maps`, body: empty });
    expect((await transport({ method: "GET", path: CONFIG_MAPS, identity: jane })).status).toBe(403);
  });

  test("nobody hands on more than they have", async () => {
    await allow("author", [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["create"] }, ...LISTING]);
    const nodes = role("more", [{ apiGroups: [""], resources: ["nodes"], verbs: ["delete"] }]);
    const refused = await post(ROLES, nodes, jane);
    expect(refused.status).toBe(403);
    expect((refused.object as KubeObject)["message"]).toContain("is attempting to grant RBAC permissions not currently held");
    const maps = role("less", LISTING);
    expect((await post(ROLES, maps, jane)).status).toBe(201);
  });

  test("a review of one's rules names what a binding refers to in vain", async () => {
    await allow("view", LISTING);
    await transport({ method: "DELETE", path: `${ROLES}/view` });
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: "default" } };
    const { object } = await post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review, jane);
    expect((object as { status: object }).status).toMatchObject({ evaluationError: 'role.rbac.authorization.k8s.io "view" not found' });
  });

  test("a review of one's rules tells each rule as its role has it", async () => {
    const rules = ["list", "get"].map((verb) => ({ apiGroups: [""], resources: ["configmaps"], verbs: [verb] }));
    await allow("view", rules);
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: "default" } };
    const { object } = await post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review, jane);
    expect((object as { status: { resourceRules: readonly Body[] } }).status.resourceRules).toEqual(expect.arrayContaining(rules));
  });

  test("impersonation needs its own right, and then has only what the other one may", async () => {
    const headers = { "impersonate-user": "jane" };
    expect((await transport({ method: "GET", path: CONFIG_MAPS, headers, identity: { user: "joe" } })).status).toBe(403);
    expect((await transport({ method: "GET", path: CONFIG_MAPS, headers })).status).toBe(403);
    await allow("view", LISTING);
    expect((await transport({ method: "GET", path: CONFIG_MAPS, headers })).status).toBe(200);
  });

  test("a certificate request says who made it, not who it says", async () => {
    const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const body = {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name: "a" },
      spec: { request: "eA==", signerName: "example.com/x", usages: ["client auth"], username: "root", groups: ["system:masters"] },
    };
    const { object } = await transport({ method: "POST", path, body });
    expect((object as { spec: object }).spec).toMatchObject({ username: "admin", groups: ["system:masters", "system:authenticated"] });
  });
});
