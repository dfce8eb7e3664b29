// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { configMap, createFleet } from "./fleet.ts";

const files = { "cm.yaml": configMap("out", { v: "${NAME}" }), "other.yaml": configMap("aaa", {}) };

function variables(
  kind: "ConfigMap" | "Secret",
  data: Readonly<Record<string, string>>,
  labels?: Readonly<Record<string, string>>,
): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name: "vars", ...(labels ? { labels } : {}) }, data };
}

test("S-008, S-111, S-114, S-115: variables that are required and missing fail the build, and nothing is applied", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars", optional: false }] } });

  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    `False BuildFailed: post build failed for 'ConfigMap.v1.[noGrp]/out': substitute from 'ConfigMap/vars' error: configmaps "vars" not found`,
  );
  expect(await fleet.world.get("ConfigMap", "out")).toBeUndefined();
  expect(await fleet.world.get("ConfigMap", "aaa")).toBeUndefined();
});

test("S-111, S-274: it goes on once they are there", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ retryInterval: "1m", postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
  await fleet.world.apply(variables("Secret", { NAME: Buffer.from("prod\n").toString("base64") }));
  await fleet.world.advance("1m");

  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: "prod" } });
});

test("S-109: a ConfigMap that is labelled for it wakes the Kustomization", async () => {
  await using fleet = await createFleet();
  const watched = { "reconcile.fluxcd.io/watch": "Enabled" };
  await fleet.world.apply(variables("ConfigMap", { NAME: "one" }, watched));
  await fleet.commit(files);
  await fleet.kustomize({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
  await fleet.world.apply(variables("ConfigMap", { NAME: "two" }, watched));
  await fleet.world.settle();

  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: "two" } });
});

test("S-110: one that is not labelled counts at the next interval", async () => {
  await using fleet = await createFleet();
  await fleet.world.apply(variables("ConfigMap", { NAME: "one" }));
  await fleet.commit(files);
  await fleet.kustomize({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
  await fleet.world.apply(variables("ConfigMap", { NAME: "two" }));
  await fleet.world.settle();
  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: "one" } });

  await fleet.world.advance("10m");
  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: "two" } });
});

test("S-202: what the Kustomization says itself wins", async () => {
  await using fleet = await createFleet();
  await fleet.world.apply(variables("ConfigMap", { NAME: "from" }));
  await fleet.commit(files);
  await fleet.kustomize({ postBuild: { substitute: { NAME: "inline" }, substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });

  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: "inline" } });
});

test.each([
  ["no variables leave the text as it is", {}, "${NAME}"],
  [
    "S-258: an optional source that is missing is no variable",
    { substituteFrom: [{ kind: "ConfigMap", name: "nope", optional: true }] },
    "${NAME}",
  ],
])("%s (G-SUB-10)", async (_what, postBuild, expected) => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ postBuild });
  expect(await fleet.world.get("ConfigMap", "out")).toMatchObject({ data: { v: expected } });
});

test("S-258, S-274: a variable that nobody sets fails the build (G-SUB-9)", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ postBuild: { substituteStrategy: "Always" } });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    `False BuildFailed: post build failed for 'ConfigMap.v1.[noGrp]/out': envsubst error: variable substitution failed: variable not set (strict mode): "NAME"`,
  );
});
