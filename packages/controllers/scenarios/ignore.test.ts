// SPDX-License-Identifier: Apache-2.0
// After fluxcd/pkg ssa/manager_apply_ignore_test.go.
import { expect, test } from "vitest";
import { createFleet, deployment, type Fleet } from "./fleet.ts";

const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" };
const labels = { app: "web" };

const web = (image: string, spec: Readonly<Record<string, unknown>> = {}): string =>
  deployment("web", {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "app", image }] } },
    ...spec,
  });

/** What another applier says of the Deployment. */
const claim = async ({ world }: Fleet, spec: Readonly<Record<string, unknown>>, force: boolean): Promise<void> => {
  const { apiVersion, kind, ...metadata } = ref;
  const applied = { apiVersion, kind, metadata, spec };
  await world.client.apply(applied, { fieldManager: "hpa-controller", force });
  await world.settle();
};

const specOf = async ({ world }: Fleet): Promise<Readonly<Record<string, unknown>>> =>
  ((await world.get("Deployment", "web"))?.["spec"] ?? {}) as Readonly<Record<string, unknown>>;

/** Who applies a field, by a word of its entry. */
const appliers = async ({ world }: Fleet, word: string): Promise<readonly string[]> => {
  const entries = (await world.get("Deployment", "web"))?.metadata.managedFields ?? [];
  return entries
    .filter(({ operation, fieldsV1 }) => operation === "Apply" && JSON.stringify(fieldsV1).includes(`"${word}"`))
    .map(({ manager = "" }) => manager);
};

const replicas = { ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] };

test("G-SSA-9: an ignored field is ours at first, is not restored, and is given up with the next change of something else", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize(replicas);
  expect(await appliers(fleet, "f:replicas"), "rules do not count for what is yet to be created").toEqual(["kustomize-controller"]);

  await claim(fleet, { replicas: 2 }, false);
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  expect((await appliers(fleet, "f:replicas")).toSorted(), "shared as long as both say the same").toEqual([
    "hpa-controller",
    "kustomize-controller",
  ]);

  await claim(fleet, { replicas: 5 }, true);
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  expect(await specOf(fleet), "drift of an ignored field alone is none").toMatchObject({ replicas: 5 });

  await fleet.commit({ "web.yaml": web("app:v1", { minReadySeconds: 50 }) });
  expect(await specOf(fleet)).toMatchObject({ replicas: 5, minReadySeconds: 50 });
  expect(await appliers(fleet, "f:replicas")).toEqual(["hpa-controller"]);
  expect(await appliers(fleet, "f:minReadySeconds")).toEqual(["kustomize-controller"]);
});

test("G-SSA-9: a value set by an update is taken over, since leaving the field out would remove it", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize(replicas);
  await fleet.world.client.patch(ref, { spec: { replicas: 10 } }, { type: "merge", fieldManager: "someone" });
  await fleet.commit({ "web.yaml": web("app:v1", { minReadySeconds: 50 }) });

  expect(await specOf(fleet)).toMatchObject({ replicas: 10, minReadySeconds: 50 });
  expect(await appliers(fleet, "f:replicas")).toEqual(["kustomize-controller"]);
});

test("G-SSA-9: a field within a list item, that the object cannot be without", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize({ ignore: [{ paths: ["/spec/template/spec/containers/0/image"] }] });
  await claim(fleet, { template: { spec: { containers: [{ name: "app", image: "app:v9" }] } } }, true);
  await fleet.commit({ "web.yaml": web("app:v2", { minReadySeconds: 50 }) });

  expect(await specOf(fleet)).toMatchObject({
    minReadySeconds: 50,
    template: { spec: { containers: [{ name: "app", image: "app:v9" }] } },
  });
  expect(await appliers(fleet, "f:image")).toEqual(["hpa-controller"]);
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^Applied revision/);
});

test("G-SSA-9: an immutable field that somebody else set otherwise is no obstacle", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize({ ignore: [{ paths: ["/spec/selector"] }] });
  await claim(fleet, { selector: { matchLabels: labels } }, true);
  await fleet.commit({ "web.yaml": web("app:v2") });

  expect(await specOf(fleet)).toMatchObject({
    selector: { matchLabels: labels },
    template: { spec: { containers: [{ image: "app:v2" }] } },
  });
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^Applied revision/);
});

test.each([
  ["another kind", { kind: "StatefulSet" }],
  ["another name", { kind: "Deployment", name: "api" }],
  ["another label", { labelSelector: "app=api" }],
])("G-SSA-9: a rule for %s does not count", async (_, target) => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize({ ignore: [{ paths: ["/spec/replicas"], target }] });
  await claim(fleet, { replicas: 5 }, true);
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  expect(await specOf(fleet)).toMatchObject({ replicas: 2 });
});

test("G-SSA-9: a path that is not there is passed over", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": web("app:v1") });
  await fleet.kustomize({ ignore: [{ paths: ["/spec/nonExistent", "/spec/replicas/invalid"] }] });
  await fleet.commit({ "web.yaml": web("app:v2") });
  expect(await specOf(fleet)).toMatchObject({ replicas: 2, template: { spec: { containers: [{ image: "app:v2" }] } } });
});
