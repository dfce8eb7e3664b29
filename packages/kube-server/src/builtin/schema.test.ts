// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { builtinSchema, schemaOfType } from "./schema.ts";
import { gvkOfType, openApiNameOf, typeNameOf } from "./type-packages.ts";
import { structType } from "./type-table.ts";

describe("schemas of built-in kinds", () => {
  test("have what merging needs: list types, keys and patch strategies", () => {
    const containers = schemaOfType("core.v1.PodSpec").properties?.["containers"];
    expect(containers).toMatchObject({
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      "x-kubernetes-patch-merge-key": "name",
      "x-kubernetes-patch-strategy": "merge",
    });
    expect(schemaOfType("core.v1.Container").properties?.["ports"]).toMatchObject({
      "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    });
    expect(schemaOfType("core.v1.Container").properties?.["command"]).toMatchObject({ "x-kubernetes-list-type": "atomic" });
  });

  test("know the scalars that are more than JSON has", () => {
    expect(schemaOfType("core.v1.ServicePort").properties?.["targetPort"]).toMatchObject({ "x-kubernetes-int-or-string": true });
    expect(schemaOfType("core.v1.Secret").properties?.["data"]).toMatchObject({ additionalProperties: { type: "string", format: "byte" } });
    expect(schemaOfType("core.v1.ResourceRequirements").properties?.["limits"]).toMatchObject({
      additionalProperties: { format: "quantity" },
    });
    expect(schemaOfType("coordination.v1.LeaseSpec").properties?.["renewTime"]).toMatchObject({ type: "string", format: "micro-time" });
  });

  test("say which zeros are left out", () => {
    const spec = schemaOfType("apps.v1.DeploymentSpec").properties;
    expect(spec?.["paused"]).toMatchObject({ "x-omit-zero": true });
    expect(spec?.["replicas"]).not.toHaveProperty("x-omit-zero");
  });

  test("are made once, also where types contain themselves", () => {
    expect(builtinSchema("apps/v1", "Deployment")).toBe(builtinSchema("apps/v1", "Deployment"));
    expect(schemaOfType("apiextensions.v1.JSONSchemaProps").properties?.["not"]).toBeDefined();
    expect(builtinSchema("example.com/v1", "Foo")).toBeUndefined();
  });

  test("have Kubernetes' names", () => {
    expect(typeNameOf("apps", "v1", "Deployment")).toBe("apps.v1.Deployment");
    expect(openApiNameOf("apps.v1.Deployment")).toBe("io.k8s.api.apps.v1.Deployment");
    expect(gvkOfType("rbac.v1.Role")).toMatchObject({ group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" });
    expect(() => structType("core.v1.Nope")).toThrow();
  });
});
