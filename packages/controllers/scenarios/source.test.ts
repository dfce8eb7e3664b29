// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const files = { "one.yaml": configMap("one", { a: "1" }) };

test("S-041, S-129: a source that does not exist is named, and no event is made of it", async () => {
  await using fleet = await createFleet();
  await fleet.kustomize();
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    'False ArtifactFailed: GitRepository.source.toolkit.fluxcd.io "app" not found',
  );
  expect(fleet.told()).toEqual([]);
  expect((await fleet.status()).conditions?.map(({ type }) => type)).toEqual(["Ready"]);
});

test("the source's first artifact is applied at once", async () => {
  await using fleet = await createFleet();
  await fleet.kustomize();
  const revision = await fleet.commit(files);
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
});

test("S-041: while the source fails, what it had before is applied and healed", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit(files);
  await fleet.kustomize();
  const ref = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", namespace: "default", name: "app" };
  const condition = {
    type: "Ready",
    status: "False",
    reason: "GitOperationFailed",
    message: "no",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  await fleet.world.client.patch(
    ref,
    { status: { conditions: [condition] } },
    { type: "merge", fieldManager: "test", subresource: "status" },
  );
  await fleet.world.delete("ConfigMap", "one");
  await fleet.world.advance("10m");

  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
});

test("a source in another namespace is refused when that is forbidden, until the spec changes", async () => {
  await using fleet = await createFleet({ noCrossNamespaceRefs: true });
  await fleet.kustomize({ sourceRef: { kind: "GitRepository", name: "app", namespace: "flux-system" } });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    "False AccessDenied: can't access 'GitRepository/flux-system/app', cross-namespace references have been blocked",
  );
  expect((await fleet.status()).conditions?.find(({ type }) => type === "Stalled")?.status).toBe("True");
});

test("S-044, S-129, S-271: a path that is not there is named", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "./nowhere" });
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(
    /^False ArtifactFailed: kustomization path not found: stat \/tmp\/kustomization-\d+\/nowhere: no such file or directory$/,
  );
});

test("a path stays inside the artifact", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "../../../etc/.." });
  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
});
