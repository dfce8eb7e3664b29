// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { containerEnvironment, expand } from "./container-environment.ts";
import { programOf } from "./program-of.ts";

const pod = (...containers: readonly Record<string, unknown>[]): Record<string, unknown> => ({ spec: { containers } });

test.each([
  ["upstream's image says which", { image: "ghcr.io/fluxcd/source-controller:v1.9.4", args: ["--a"] }, ["source-controller", "--a"]],
  ["from any registry, by digest", { image: "reg:5000/x/helm-controller:v1@sha256:abc" }, ["helm-controller"]],
  [
    "the one image, with a command",
    { image: "reg/flux-ts:v0", command: ["source-controller"], args: ["--a"] },
    ["source-controller", "--a"],
  ],
  [
    "the one image, several",
    { image: "reg/flux-ts:v0", command: ["/usr/bin/flux-controllers", "source-controller"], args: ["--a"] },
    ["source-controller", "--a"],
  ],
  ["an image of that name", { image: "flux-controllers", args: ["--a"] }, ["--a"]],
])("%s", (_, container, argv) => {
  expect(programOf(pod({ image: "istio/proxy" }, container))?.argv).toEqual(argv);
});

test.each([
  [{ image: "nginx" }],
  [{ image: "ghcr.io/acme/my-source-controller:v1" }],
  [{ image: "source-controller", command: ["sh", "-c", "true"] }],
  [{ image: "constructor" }],
  [{}],
])("%j is not ours", (container) => {
  expect(programOf(pod(container))).toBeUndefined();
});

test("variables come from values and fields of the pod, and are put into arguments", () => {
  const env = [
    { name: "RUNTIME_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    { name: "HOST", value: "x.$(RUNTIME_NAMESPACE).svc" },
    { name: "LIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
    { name: "__proto__", value: "plain" },
  ];
  const found = containerEnvironment({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "flux-system" } }, { env });
  expect([...found]).toEqual([
    ["RUNTIME_NAMESPACE", "flux-system"],
    ["HOST", "x.flux-system.svc"],
    ["__proto__", "plain"],
  ]);
  expect(expand("--a=$(HOST)/$(NOPE)/$$(HOST)/$(__proto__)", found)).toBe("--a=x.flux-system.svc/$(NOPE)/$(HOST)/plain");
});
