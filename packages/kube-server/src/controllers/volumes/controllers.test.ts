// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { CORE, startCluster } from "../../../test-support/cluster.ts";
import { PROVISIONER } from "./claim-controller.ts";

const claim = (storageClassName?: string, storage = "1Gi") => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage } },
    ...(storageClassName === undefined ? {} : { storageClassName }),
  },
});
const volume = (name: string, storage: string, more: Record<string, unknown> = {}) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: { capacity: { storage }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" }, storageClassName: "manual", ...more },
});
const storageClass = (more: Record<string, unknown> = {}) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local" },
  provisioner: PROVISIONER,
  ...more,
});
const user = { apiVersion: "v1", kind: "Pod", metadata: { name: "user" }, spec: { containers: [{ name: "c", image: "x" }], volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }] } }; // prettier-ignore

describe("volumes", () => {
  test("a claim takes the smallest volume that fits; it is Released when the claim goes", async () => {
    const cluster = await startCluster();
    for (const [name, size] of [
      ["large", "10Gi"],
      ["fits", "2Gi"],
      ["small", "500Mi"],
    ] as const) {
      await cluster.request("POST", "/api/v1/persistentvolumes", volume(name, size));
    }
    await cluster.request("POST", `${CORE}/persistentvolumeclaims`, claim("manual"));
    const bound = await cluster.get(`${CORE}/persistentvolumeclaims/data`);
    expect([bound.spec?.["volumeName"], bound.status]).toEqual([
      "fits",
      { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" } },
    ]);
    await cluster.request("DELETE", `${CORE}/persistentvolumeclaims/data`);
    const phases = (await cluster.list("/api/v1/persistentvolumes")).map((one) => `${one.metadata.name} ${String(one.status?.["phase"])}`);
    expect(phases).toEqual(["fits Released", "large Available", "small Available"]);
    expect(cluster.errors).toEqual([]);
  });

  test("a claim that a pod uses stays until the pod is gone; its made-up volume goes with it", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", "/apis/storage.k8s.io/v1/storageclasses", storageClass({ volumeBindingMode: "WaitForFirstConsumer" }));
    await cluster.request("POST", `${CORE}/persistentvolumeclaims`, claim("local"));
    expect((await cluster.get(`${CORE}/persistentvolumeclaims/data`)).status).toEqual({ phase: "Pending" });
    await cluster.request("POST", `${CORE}/pods`, user);
    expect((await cluster.get(`${CORE}/persistentvolumeclaims/data`)).status).toMatchObject({ phase: "Bound" });
    await cluster.request("DELETE", `${CORE}/persistentvolumeclaims/data`);
    expect((await cluster.get(`${CORE}/persistentvolumeclaims/data`)).metadata.deletionTimestamp).toBeDefined();
    await cluster.request("DELETE", `${CORE}/pods/user`);
    expect(await cluster.list(`${CORE}/persistentvolumeclaims`)).toEqual([]);
    expect(await cluster.list("/api/v1/persistentvolumes")).toEqual([]);
    expect(cluster.errors).toEqual([]);
  });

  test("with a default class a claim that names none is bound to a volume of it", async () => {
    const cluster = await startCluster({ storageClass: "standard" });
    await cluster.request("POST", `${CORE}/persistentvolumeclaims`, claim());
    const bound = await cluster.get(`${CORE}/persistentvolumeclaims/data`);
    expect([bound.spec?.["storageClassName"], bound.status?.["phase"]]).toEqual(["standard", "Bound"]);
    await cluster.restart();
    expect(await cluster.list("/apis/storage.k8s.io/v1/storageclasses")).toHaveLength(1);
  });

  test.each([
    [undefined, "FailedBinding", "no persistent volumes available for this claim and no storage class is set"],
    ["absent", "ProvisioningFailed", 'storageclass.storage.k8s.io "absent" not found'],
  ])("a claim of class %s says why it waits, once", async (name, reason, message) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/persistentvolumeclaims`, claim(name));
    await cluster.request("POST", "/api/v1/persistentvolumes", volume("other", "1Gi"));
    const events = (await cluster.list(`${CORE}/events`)) as unknown as readonly { reason: string; message: string }[];
    expect(events.map((event) => [event.reason, event.message])).toEqual([[reason, message]]);
  });

  test("a bound claim whose volume is deleted is Lost", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", "/api/v1/persistentvolumes", volume("only", "1Gi"));
    await cluster.request("POST", `${CORE}/persistentvolumeclaims`, claim("manual"));
    await cluster.request("PATCH", "/api/v1/persistentvolumes/only", { metadata: { finalizers: null } });
    await cluster.request("DELETE", "/api/v1/persistentvolumes/only");
    expect((await cluster.get(`${CORE}/persistentvolumeclaims/data`)).status).toEqual({ phase: "Lost" });
  });
});
