// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { StrategyContext } from "../../resource.ts";
import { indexServices } from "../../service-index.ts";
import { RevisionStore } from "../../store/revision-store.ts";
import { service } from "./service.ts";

function contextOf(others: readonly KubeObject[] = [], random = 0): StrategyContext {
  const store = new RevisionStore();
  for (const other of others) store.put("services", `n/${other.metadata.name}`, other);
  return { now: 0, random: () => random, read: () => undefined, list: () => others, services: indexServices(store, "10.0.0.0/24") };
}

function serviceOf(spec: JsonObject, uid = "1"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `s${uid}`, namespace: "n", uid },
    spec: { sessionAffinity: "None", type: "ClusterIP", ...spec },
  };
}

function create(spec: JsonObject, others: readonly KubeObject[] = [], uid = "1"): JsonObject {
  return service.strategy?.prepareCreate?.(serviceOf(spec, uid), contextOf(others))["spec"] as JsonObject; // a spec in, a spec out
}

const ports = [{ port: 80, protocol: "TCP", targetPort: 80 }];

describe("a new Service", () => {
  test("gets an address and families", () => {
    expect(create({ ports })).toMatchObject({
      clusterIP: "10.0.0.17",
      clusterIPs: ["10.0.0.17"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
  });

  test("gets an address that nobody has", () => {
    const first = serviceOf(create({ ports }), "1");
    expect(create({ ports }, [first], "2")["clusterIP"]).not.toBe("10.0.0.17");
  });

  test("may ask for one, once", () => {
    expect(create({ ports, clusterIP: "10.0.0.99" })["clusterIPs"]).toEqual(["10.0.0.99"]);
    const taken = serviceOf({ ports, clusterIP: "10.0.0.99", clusterIPs: ["10.0.0.99"] }, "1");
    expect(() => create({ ports, clusterIP: "10.0.0.99" }, [taken], "2")).toThrow("provided IP is already allocated");
  });

  test("without an address stays so", () => {
    expect(create({ ports, clusterIP: "None" })).toMatchObject({ clusterIP: "None", clusterIPs: ["None"] });
    expect(create({ type: "ExternalName", externalName: "a.example" })).not.toHaveProperty("clusterIP");
  });

  test("gets node ports where its type needs them, each its own", () => {
    const spec = create({ type: "NodePort", ports: [...ports, { port: 81, protocol: "TCP", targetPort: 81 }] });
    const given = (spec["ports"] as readonly JsonObject[]).map((port) => port["nodePort"]);
    expect(new Set(given).size).toBe(2);
    for (const port of given) expect(port).toSatisfy((value: number) => value >= 30_000 && value <= 32_767);
    const taken = serviceOf(spec, "1");
    const again = { type: "NodePort", ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: given[0] }] };
    expect(() => create(again, [taken], "2")).toThrow("provided port is already allocated");
    expect(() => create({ type: "NodePort", ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 80 }] })).toThrow("valid range");
  });
});

describe("a changed Service", () => {
  const old = serviceOf({ ...create({ ports, type: "NodePort" }) });

  function update(spec: JsonObject): JsonObject {
    return service.strategy?.prepareUpdate?.(serviceOf(spec), old, contextOf([old]))["spec"] as JsonObject; // a spec in, a spec out
  }

  test("keeps its address and its node ports when it does not name them", () => {
    const spec = old["spec"] as JsonObject;
    const next = update({ type: "NodePort", ports });
    expect([next["clusterIP"], next["ports"]]).toEqual([spec["clusterIP"], spec["ports"]]);
  });

  test("may not take another address, whoever has it", () => {
    const next = serviceOf(update({ type: "NodePort", ports, clusterIP: "10.0.0.99", clusterIPs: ["10.0.0.99"] }));
    const problems = service.strategy?.validateUpdate?.(next, old) ?? [];
    expect(problems[0]).toMatchObject({ field: "spec.clusterIPs[0]", detail: "may not change once set" });
  });

  test("gives node ports back when its new type has none", () => {
    const before = old["spec"] as JsonObject;
    const next = update({ ...before, type: "ClusterIP" });
    expect((next["ports"] as readonly JsonObject[])[0]).not.toHaveProperty("nodePort");
  });
});
