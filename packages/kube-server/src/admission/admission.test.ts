// SPDX-License-Identifier: Apache-2.0
import type { Transport, TransportResponse } from "@flux-ts/kube-core";
import { beforeEach, describe, expect, test } from "vitest";
import { createApiServer } from "../server.ts";

const clock = { now: () => Date.parse("2026-11-24T09:30:00Z"), after: () => () => undefined };
const PODS = "/api/v1/namespaces/web/pods";

type Body = Readonly<Record<string, unknown>>;

function pod(name: string, spec: Body = {}): Body {
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [{ name: "c", image: "nginx" }], ...spec } };
}

function messageOf(response: TransportResponse): unknown {
  return (response.object as { message?: unknown }).message;
}

describe("admission", () => {
  let transport: Transport;
  const post = (path: string, body: Body): Promise<TransportResponse> => transport({ method: "POST", path, body });
  /** A namespace, with the account that its controller makes. */
  const namespace = async (labels: Record<string, string> = {}): Promise<void> => {
    await post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "web", labels } });
    await post("/api/v1/namespaces/web/serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
  };

  beforeEach(() => {
    ({ transport } = createApiServer({ clock }));
  });

  test("nothing is created in a namespace that is not there, or that goes", async () => {
    expect(messageOf(await post(PODS, pod("a")))).toBe('namespaces "web" not found');
    await namespace();
    await post("/api/v1/namespaces/web/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    await transport({ method: "DELETE", path: "/api/v1/namespaces/web" });
    const refused = await post("/api/v1/namespaces/web/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } });
    expect(messageOf(refused)).toBe(
      'configmaps "b" is forbidden: unable to create new content in namespace web because it is being terminated',
    );
  });

  describe("limit ranges", () => {
    const range = (limits: readonly Body[]): Promise<TransportResponse> =>
      post("/api/v1/namespaces/web/limitranges", { apiVersion: "v1", kind: "LimitRange", metadata: { name: "limits" }, spec: { limits } });

    test("fill in what a container does not say", async () => {
      await namespace();
      await range([{ type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "100m" } }]);
      const { object } = await post(PODS, pod("a"));
      const [container] = (object as unknown as { spec: { containers: readonly { resources: object }[] } }).spec.containers;
      expect(container?.resources).toEqual({ limits: { cpu: "500m" }, requests: { cpu: "100m" } });
    });

    test("refuse what is too much, and too little", async () => {
      await namespace();
      await range([{ type: "Container", max: { memory: "1Gi" }, min: { cpu: "50m" } }]);
      const resources = { limits: { memory: "2Gi", cpu: "1" }, requests: { memory: "2Gi", cpu: "10m" } };
      const refused = await post(PODS, pod("a", { containers: [{ name: "c", image: "nginx", resources }] }));
      expect(refused.status).toBe(403);
      expect(messageOf(refused)).toContain("maximum memory usage per Container is 1Gi, but limit is 2Gi");
      expect(messageOf(refused)).toContain("minimum cpu usage per Container is 50m, but request is 10m");
    });
  });

  describe("pod security", () => {
    const container = { name: "c", image: "nginx" };
    const safe = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    };
    test.each([
      ["privileged", "a privileged pod", { containers: [{ ...container, securityContext: { privileged: true } }] }, 201],
      ["baseline", "a privileged pod", { containers: [{ ...container, securityContext: { privileged: true } }] }, 403],
      ["baseline", "a plain pod", { containers: [container] }, 201],
      ["baseline", "the host's network", { containers: [container], hostNetwork: true }, 403],
      ["baseline", "a path of the host", { containers: [container], volumes: [{ name: "h", hostPath: { path: "/" } }] }, 403],
      ["baseline", "a port of the host", { containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 80 }] }] }, 403],
      ["restricted", "a plain pod", { containers: [container] }, 403],
      ["restricted", "a careful pod", { containers: [{ ...container, securityContext: safe }] }, 201],
      [
        "restricted",
        "an init container that is not",
        { containers: [{ ...container, securityContext: safe }], initContainers: [{ name: "i", image: "nginx" }] },
        403,
      ],
    ])("%s: %s", async (level, _what, spec, status) => {
      await namespace({ "pod-security.kubernetes.io/enforce": level });
      expect((await post(PODS, pod("a", spec))).status).toBe(status);
    });

    test("only warns where it is told to warn, and about templates", async () => {
      await namespace({ "pod-security.kubernetes.io/warn": "restricted" });
      const made = await post(PODS, pod("a"));
      expect(made.status).toBe(201);
      expect(String(made.headers["warning"])).toContain('would violate PodSecurity \\"restricted:latest\\"');
      const labels = { app: "a" };
      const template = { metadata: { labels }, spec: { containers: [container] } };
      const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "a" },
        spec: { selector: { matchLabels: labels }, template },
      };
      const deployed = await post("/apis/apps/v1/namespaces/web/deployments", deployment);
      expect(String(deployed.headers["warning"])).toContain("would violate PodSecurity");
    });
  });

  describe("validating admission policies", () => {
    const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
    const policy = (expression: string, more: Body = {}): Body => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "p" },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE", "UPDATE"] }],
        },
        validations: [{ expression, message: "not so" }],
        ...more,
      },
    });
    const binding = (actions: readonly string[]): Body => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: "p" },
      spec: { policyName: "p", validationActions: actions },
    });
    const map = (data: Record<string, string>): Body => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data });
    const MAPS = "/api/v1/namespaces/default/configmaps";

    test("deny what their expression denies, on create and on update", async () => {
      await post(`${ADMISSION}/validatingadmissionpolicies`, policy("!has(object.data.x) || object.data.x != 'bad'"));
      await post(`${ADMISSION}/validatingadmissionpolicybindings`, binding(["Deny"]));
      const refused = await post(MAPS, map({ x: "bad" }));
      expect(refused.status).toBe(422);
      expect(messageOf(refused)).toContain("ValidatingAdmissionPolicy 'p' with binding 'p' denied request: not so");
      expect((await post(MAPS, map({ x: "good" }))).status).toBe(201);
      expect((await transport({ method: "PUT", path: `${MAPS}/a`, body: map({ x: "bad" }) })).status).toBe(422);
    });

    test("hold nobody up without a binding, nor when they only warn", async () => {
      await post(`${ADMISSION}/validatingadmissionpolicies`, policy("false"));
      expect((await post(MAPS, map({}))).status).toBe(201);
      await post(`${ADMISSION}/validatingadmissionpolicybindings`, binding(["Warn"]));
      const changed = await transport({ method: "PUT", path: `${MAPS}/a`, body: map({ x: "1" }) });
      expect(changed.status).toBe(200);
      expect(String(changed.headers["warning"])).toContain("not so");
    });

    test("a bound policy holds for applies that change nothing, too", async () => {
      const apply = (): Promise<TransportResponse> =>
        transport({
          method: "PATCH",
          path: `${MAPS}/a`,
          query: { fieldManager: "test" },
          headers: { "content-type": "application/apply-patch+yaml" },
          body: map({ x: "1" }),
        });
      await apply();
      expect((await apply()).status).toBe(200);
      await post(`${ADMISSION}/validatingadmissionpolicies`, policy("false"));
      await post(`${ADMISSION}/validatingadmissionpolicybindings`, binding(["Deny"]));
      expect((await apply()).status).toBe(422);
    });
  });
});
