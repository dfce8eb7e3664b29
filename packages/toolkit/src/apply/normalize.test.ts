// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { normalize } from "./normalize.ts";

const metadata = { name: "x", namespace: "apps" };

describe("normalize() (G-KUS-7)", () => {
  test("a Deployment gets what Go writes, loses what Go does not know, and its ports a protocol", () => {
    const deployment: KubeObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, creationTimestamp: null },
      spec: {
        nonsense: true,
        replicas: 0,
        minReadySeconds: 0,
        selector: { matchLabels: { app: "x" } },
        template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "a", image: "b", ports: [{ containerPort: 80 }] }] } },
      },
      status: { replicas: 3 },
    };
    expect(normalize(deployment)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "x" } },
        strategy: {},
        template: {
          metadata: { labels: { app: "x" } },
          spec: { containers: [{ name: "a", image: "b", ports: [{ containerPort: 80, protocol: "TCP" }], resources: {} }] },
        },
      },
    });
  });

  test("what does not fit the kind is sent as it is, so that the API server can say so", () => {
    const configMap: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: true }, nonsense: 1 };
    expect(normalize(configMap)).toEqual(configMap);
  });

  test("a Secret's stringData becomes data and wins over it", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: { a: "eA==", b: "eQ==" },
      stringData: { a: "z", __proto__: "p" },
    };
    expect(normalize(secret)).toEqual({ apiVersion: "v1", kind: "Secret", metadata, data: { a: "eg==", b: "eQ==" } });
  });

  test("roles are left alone, and custom resources lose nothing but their status", () => {
    const role: KubeObject = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata, rules: null, status: {} };
    expect(normalize(role)).toBe(role);
    const custom: KubeObject = { apiVersion: "example.com/v1", kind: "Widget", metadata, spec: { anything: null }, status: { a: 1 } };
    expect(normalize(custom)).toEqual({ apiVersion: "example.com/v1", kind: "Widget", metadata, spec: { anything: null } });
  });

  test("a CRD keeps its status and loses a CA that is none", () => {
    const definition = (caBundle: string): KubeObject => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: { caBundle, url: "https://x" } } } },
      status: { storedVersions: ["v1"] },
    });
    expect(normalize(definition("Cg=="))).toEqual({
      ...definition(""),
      spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: { url: "https://x" } } } },
    });
  });

  test("a key named like a property of objects is a key", () => {
    const data = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
    const { data: normalized } = normalize({ apiVersion: "v1", kind: "ConfigMap", metadata, data }) as unknown as { data: object };
    expect(Object.entries(normalized)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });
});
