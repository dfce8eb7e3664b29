// SPDX-License-Identifier: Apache-2.0
// What a tenant that means ill writes into a repository, a Secret or an object.
import { expect, test } from "vitest";
import { stringifyJson, type KubeObject } from "@flux-ts/kube-core";
import { configMap, createFleet, type Fleet } from "./fleet.ts";

const CANARY = "hunter2-canary";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Everything that others can read: conditions, Kubernetes Events, events that are sent on, log lines. */
async function readable(fleet: Fleet): Promise<string> {
  const { items } = await fleet.world.client.list({ apiVersion: "v1", kind: "Event" });
  const objects = await fleet.world.client.list({ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" });
  const told = fleet.world.events.map(({ reason, message, metadata }) => ({ reason, message, metadata }));
  return [...items, ...objects.items, ...told, ...fleet.world.logs].map((value) => stringifyJson(value)).join("\n");
}

test.each([
  ["a Secret's data that is not base64", `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"data":{"p":"\${PASSWORD}"}}`],
  ["a Secret of another type", `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"stringData":{"p":{"q":"\${PASSWORD}"}}}`],
  ["the name of a ConfigMap, which refuses it", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x_\${PASSWORD}"}}`],
  ["a field of the wrong type", `{"apiVersion":"v1","kind":"Service","metadata":{"name":"x"},"spec":{"ports":[{"port":"\${PASSWORD}"}]}}`],
  ["capitals in a label", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","labels":{"a":"-\${PASSWORD^^}"}}}`],
  ["a kind that nobody knows", `{"apiVersion":"v1","kind":"K\${PASSWORD}","metadata":{"name":"x"}}`],
])("F29: what a Secret holds is in no condition, event or log when it stands in %s", async (_, manifest) => {
  await using fleet = await createFleet();
  await fleet.world.apply({ apiVersion: "v1", kind: "Secret", metadata: { name: "vars" }, data: { PASSWORD: base64(CANARY) } });
  await fleet.commit({ "x.yaml": manifest });
  await fleet.kustomize({ postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^False /);
  const text = (await readable(fleet)).toLowerCase();
  expect(text).not.toContain(CANARY);
  expect(text).not.toContain(base64(CANARY).toLowerCase());
});

test("D20: a value with line ends and document marks stays one value of its object", async () => {
  await using fleet = await createFleet();
  const injected = `x"\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: injected\n  namespace: default\ndata: {a: "b`;
  await fleet.world.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "vars" }, data: { V: injected, W: "a\nkind: Secret" } });
  await fleet.commit({ "a.yaml": configMap("own", { v: "${V}" }), "b.yaml": configMap("other", { w: "${W}" }) });
  await fleet.kustomize({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
  expect(await fleet.world.get("ConfigMap", "injected")).toBeUndefined();
  expect(await fleet.world.get("Secret", "other")).toBeUndefined();
});

test("A6: nothing outside the artifact is read, and no base is fetched", async () => {
  for (const kustomization of [
    "resources: [../../../../../../etc/passwd]",
    "resources: [/etc/passwd]",
    "resources: ['https://169.254.169.254/latest/meta-data']",
    "resources: ['http://127.0.0.1:1/x?ref=main']",
    "configMapGenerator: [{name: g, files: [/etc/hostname]}]",
    "configMapGenerator: [{name: g, envs: [../../../../../etc/hostname]}]",
    "components: [../../../../../etc]",
    "patches: [{path: /etc/passwd}]",
    "openapi: {path: /etc/passwd}",
    "crds: [/etc/passwd]",
  ]) {
    await using fleet = await createFleet();
    await fleet.commit({ "apps/kustomization.yaml": kustomization, "apps/a.yaml": configMap("a", {}) });
    await fleet.kustomize({ path: "./apps" });
    expect(await fleet.world.ready("Kustomization", "app"), kustomization).toMatch(/^False (BuildFailed|ArtifactFailed)/);
    expect(await readable(fleet)).not.toMatch(/root:.*:0:0/);
  }
});

test("A3: a folder that is named as a file of kustomize fails the build, and says which", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "apps/kustomization.yaml/a.yaml": configMap("a", {}), "apps/b.yaml": configMap("b", {}) });
  await fleet.kustomize({ path: "./apps" });
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^False BuildFailed: open .*\/kustomization\.yaml: is a directory$/);
  expect(await fleet.world.get("ConfigMap", "b")).toBeUndefined();
});

test("E26: an inventory that somebody wrote into the status deletes nothing that the Kustomization did not apply", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "a.yaml": configMap("own", {}) });
  await fleet.kustomize();
  await fleet.world.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "platform", namespace: "platform" }, data: { a: "1" } });
  const entries = [
    { id: "default_own__ConfigMap", v: "v1" },
    { id: "platform_platform__ConfigMap", v: "v1" },
    { id: "_platform__Namespace", v: "v1" },
    { id: "../../x_%00_y_z", v: "" },
  ];
  const ref = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "default", name: "app" };
  await fleet.world.client.patch(ref, { status: { inventory: { entries } } }, { type: "merge", fieldManager: "m", subresource: "status" });
  await fleet.commit({ "b.yaml": configMap("next", {}) });
  await fleet.world.settle();
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.get("ConfigMap", "platform", "platform")).toMatchObject({ data: { a: "1" } });
  expect(await fleet.world.get("Namespace", "platform")).not.toMatchObject({ metadata: { deletionTimestamp: expect.any(String) } });
});

test("D22: one object with an odd duration does not stop the others of its kind (CVE-2022-39272)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "a.yaml": configMap("a", {}) });
  const odd = ["0s", "-1m", "1e9h", "99999999999999999999h", "1d", "0.000000001ms", "9223372036854775807h", ""];
  const accepted: string[] = [];
  for (const [index, interval] of odd.entries()) {
    const object: KubeObject = fleet.kustomization({ interval, timeout: interval, retryInterval: interval }, `odd-${index}`);
    await fleet.world.apply(object).then(
      () => accepted.push(interval),
      () => undefined,
    );
  }
  // What the definition lets through is refused by nobody, and must not hurt.
  expect(accepted).not.toContain("1d");
  expect(accepted).toContain("0s");
  await fleet.kustomize({}, "plain");
  expect(await fleet.world.ready("Kustomization", "plain")).toMatch(/^Applied revision/);
});
