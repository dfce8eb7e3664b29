// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const good = configMap("good", { a: "1" });
const bad = configMap("Not_Valid", {});
const namespace = (name: string): string => JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

test("S-208: an object that the API server refuses blocks its whole stage, and stages before it stay", async () => {
  await using fleet = await createFleet();
  const priority = JSON.stringify({ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "high" }, value: 1 });
  await fleet.commit({ "good.yaml": good, "bad.yaml": bad, "priority.yaml": priority });
  await fleet.kustomize();

  const ready = await fleet.world.ready("Kustomization", "app");
  expect(ready).toMatch(
    /^False ReconciliationFailed: ConfigMap\/default\/Not_Valid dry-run failed \(Invalid\): ConfigMap "Not_Valid" is invalid: /,
  );
  expect(ready, "what was applied before is told").toMatch(/\nPriorityClass\/high created\n$/);
  expect(await fleet.world.get("ConfigMap", "good")).toBeUndefined();
  expect(await fleet.world.get("PriorityClass", "high")).toBeDefined();
  const { conditions, history, inventory } = await fleet.status();
  expect(conditions?.find(({ type }) => type === "Reconciling")).toMatchObject({
    reason: "ProgressingWithRetry",
    message: expect.stringMatching(/^Detecting drift for revision main@sha1:.* with a timeout of 9m30s$/) as string,
  });
  expect(history?.map(({ lastReconciledStatus }) => lastReconciledStatus)).toEqual(["ReconciliationFailed"]);
  expect(inventory).toBeUndefined();
});

test("S-208: a kind that the cluster does not have is named", async () => {
  await using fleet = await createFleet();
  await fleet.commit({
    "x.yaml": JSON.stringify({ apiVersion: "example.com/v1", kind: "Nothing", metadata: { name: "x" } }),
    "good.yaml": good,
  });
  await fleet.kustomize();
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    'False ReconciliationFailed: Nothing/default/x dry-run failed: no matches for kind "Nothing" in version "example.com/v1"\n',
  );
});

test("S-208: a namespace that does not exist is named, and it is tried again at retryInterval", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "good.yaml": good });
  await fleet.kustomize({ targetNamespace: "late", retryInterval: "1m" });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    'False ReconciliationFailed: ConfigMap/late/good not found: namespaces "late" not found\n',
  );
  await fleet.world.apply(namespace("late"));
  await fleet.world.advance("59s");
  expect(await fleet.world.get("ConfigMap", "good", "late")).toBeUndefined();
  await fleet.world.advance("1s");
  expect(await fleet.world.get("ConfigMap", "good", "late")).toBeDefined();
});

test("S-315, D-3: an object without a namespace goes to default, and Ready says so", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit({ "good.yaml": good });
  await fleet.kustomize({ targetNamespace: undefined });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    `Applied revision: ${revision} (without a namespace, so applied to 'default': ConfigMap/good)`,
  );
  expect((await fleet.status()).inventory?.entries).toEqual([{ id: "default_good__ConfigMap", v: "v1" }]);
});

test("S-315: with the gate off it fails in upstream's words (G-KUS-8)", async () => {
  await using fleet = await createFleet({ features: { defaultNamespaceFallback: false } });
  await fleet.commit({ "good.yaml": good });
  await fleet.kustomize({ targetNamespace: undefined });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    "False ReconciliationFailed: ConfigMap/good namespace not specified: the server could not find the requested resource\n",
  );
});

test("S-208: an immutable field is an error, unless the Kustomization or the object may be recreated (G-SSA-7)", async () => {
  await using fleet = await createFleet();
  const fixed = (a: string): string =>
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" }, immutable: true, data: { a } });
  await fleet.commit({ "one.yaml": fixed("1") });
  await fleet.kustomize();
  await fleet.commit({ "one.yaml": fixed("2") });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    'False ReconciliationFailed: ConfigMap/default/one dry-run failed (Invalid): ConfigMap "one" is invalid: data: Forbidden: field is immutable when `immutable` is set\n',
  );
  await fleet.kustomize({ force: true });
  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "2" } });
});

test("D-8: ciphertext without decryption is refused before anything is applied", async () => {
  await using fleet = await createFleet();
  const encrypted = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    stringData: { a: "ENC[x]" },
    sops: { mac: "ENC[y]", version: "3" },
  };
  await fleet.commit({ "s.yaml": JSON.stringify(encrypted), "ns.yaml": namespace("team") });
  await fleet.kustomize();
  expect(await fleet.world.ready("Kustomization", "app")).toContain(
    "Secret/default/s is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
  );
  expect(await fleet.world.get("Namespace", "team")).toBeUndefined();
});
