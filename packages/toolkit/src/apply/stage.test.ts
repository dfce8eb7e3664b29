// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { parseGroupKinds } from "./kinds.ts";
import { subjectOfObject } from "./object-id.ts";
import { stage } from "./stage.ts";

const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

const objects = [
  object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "w"),
  object("example.com/v1", "Widget", "w", "b"),
  object("apps/v1", "Deployment", "web", "b"),
  object("apps/v1", "Deployment", "web", "a"),
  object("v1", "Secret", "s", "a"),
  object("v1", "ConfigMap", "c", "a"),
  object("storage.k8s.io/v1", "StorageClass", "fast"),
  object("scheduling.k8s.io/v1", "PriorityClass", "high"),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "r"),
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com"),
  object("v1", "Namespace", "a"),
];

test("definitions and classes go first and are awaited, custom kinds next, then the rest in upstream's order (G-SSA-2, G-SSA-3)", () => {
  const stages = stage(objects, parseGroupKinds("example.com/Widget"));
  expect(stages.map(({ objects: staged, isAwaited }) => [isAwaited, staged.map(subjectOfObject)])).toEqual([
    [true, ["CustomResourceDefinition/widgets.example.com", "Namespace/a", "ClusterRole/r"]],
    [true, ["PriorityClass/high", "StorageClass/fast"]],
    [false, ["Widget/b/w"]],
    [false, ["ConfigMap/a/c", "Secret/a/s", "Deployment/a/web", "Deployment/b/web", "ValidatingWebhookConfiguration/w"]],
  ]);
});

test("a custom kind without a group is of the core group, and stages without objects do not exist", () => {
  expect([...parseGroupKinds("Secret, apps/Deployment")]).toEqual(["/Secret", "apps/Deployment"]);
  expect(stage([object("v1", "Secret", "s", "a")], parseGroupKinds("Secret"))).toHaveLength(1);
  expect(stage([])).toEqual([]);
});
