// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import { createClient, systemClock, type Client } from "@flux-ts/kube-client";
import { createApiServer, createPki, issueClient, issueServer, kubeconfig, serveHttps } from "@flux-ts/kube-server";
import { configMap, createFleet } from "./fleet.ts";

const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "one" };

/** Another cluster, over HTTPS. */
async function createRemote(): Promise<{ readonly client: Client; kubeconfig(user: string): string }> {
  const clock = systemClock();
  const server = createApiServer({ clock });
  const { authority } = createPki(clock.now());
  const tls = { ...issueServer(authority, ["127.0.0.1"], clock.now()), clientCa: authority.certificate };
  const front = await serveHttps(server, { tls });
  onTestFinished(async () => {
    await front.close();
    server.close();
  });
  return {
    client: createClient(server.transport, { userAgent: "test" }),
    kubeconfig: (user) =>
      kubeconfig({
        server: front.url,
        caCertificate: authority.certificate,
        client: issueClient(authority, { user, groups: user === "admin" ? ["system:masters"] : [] }, clock.now()),
      }),
  };
}

function secret(text: string, key = "value"): Parameters<Client["create"]>[0] {
  const data = { [key]: Buffer.from(text).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "remote", namespace: "default" }, data };
}

test("S-200: objects go to the cluster of the kubeconfig, not to our own, and are deleted there (G-PRN-5)", async () => {
  const remote = await createRemote();
  await using fleet = await createFleet();
  await fleet.world.apply(secret(remote.kubeconfig("admin"), "value.yaml"));
  const revision = await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize({ kubeConfig: { secretRef: { name: "remote" } } });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
  expect(await remote.client.find(ref)).toMatchObject({ data: { a: "1" } });
  expect(await fleet.world.get("ConfigMap", "one")).toBeUndefined();

  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect(await remote.client.find(ref)).toBeUndefined();
});

test("a kubeconfig that changes is used from then on: what the one before was allowed does not count any more", async () => {
  const remote = await createRemote();
  await using fleet = await createFleet();
  await fleet.world.apply(secret(remote.kubeconfig("admin")));
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize({ kubeConfig: { secretRef: { name: "remote" } } });
  await fleet.world.apply(secret(remote.kubeconfig("nobody")));
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^False ReconciliationFailed: .*User "nobody" cannot/s);
});

test("with a ServiceAccount, the one of that name on the other cluster acts", async () => {
  const remote = await createRemote();
  await using fleet = await createFleet();
  await fleet.world.apply(secret(remote.kubeconfig("admin")));
  await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ serviceAccountName: "deployer", kubeConfig: { secretRef: { name: "remote" } } });
  expect(await fleet.world.ready("Kustomization", "app")).toContain('User "system:serviceaccount:default:deployer" cannot');
});

const user = (fields: object): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:9", ...("cluster" in fields ? (fields.cluster as object) : {}) } }],
    users: [{ name: "u", user: fields }],
  });

test.each([
  ["runs a program", user({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "id" } }), "runs an exec plugin"],
  ["names a token file", user({ tokenFile: "/etc/passwd" }), "names files"],
  ["names a certificate", user({ "client-certificate": "/etc/passwd", "client-key": "/etc/passwd" }), "names files"],
  ["checks no certificates", user({ cluster: { "insecure-skip-tls-verify": true } }), "skips the verification of certificates"],
  ["is none", "top: [s3cr3t", "it is not YAML"],
])("a kubeconfig that %s is refused, and nothing of it is told", async (_, text, problem) => {
  await using fleet = await createFleet();
  await fleet.world.apply(secret(text));
  await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ kubeConfig: { secretRef: { name: "remote" } } });
  expect(await fleet.world.ready("Kustomization", "app")).toContain(problem);
  expect(JSON.stringify([fleet.told(), fleet.world.logs, await fleet.status()])).not.toContain("s3cr3t");
});

test.each([
  ["the Secret", undefined, {}, `unable to read KubeConfig secret 'default/remote' error: secrets "remote" not found`],
  ["the default key", secret("x", "other"), {}, "KubeConfig secret 'default/remote' does not contain a 'value' key with a kubeconfig"],
  ["the key", secret("x"), { key: "k" }, "KubeConfig secret 'default/remote' does not contain a 'k' key with a kubeconfig"],
])("without %s, that is told once the manifests are there", async (_, object, key, problem) => {
  await using fleet = await createFleet();
  if (object !== undefined) await fleet.world.apply(object);
  const revision = await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ kubeConfig: { secretRef: { name: "remote", ...key } } });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`False ReconciliationFailed: ${problem}`);
  expect((await fleet.status()).lastAttemptedRevision).toBe(revision);
  expect(fleet.told()).toEqual([["Warning", "ReconciliationFailed", `failed to build kube client: ${problem}`]]);
});

test("one whose kubeconfig is gone goes, leaves its objects, and says which (G-PRN-5)", async () => {
  const remote = await createRemote();
  await using fleet = await createFleet();
  await fleet.world.apply(secret(remote.kubeconfig("admin")));
  await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ kubeConfig: { secretRef: { name: "remote" } } });
  await fleet.world.delete("Secret", "remote");
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect(await remote.client.find(ref)).toBeDefined();
  expect(fleet.told().at(-1)?.[2]).toBe("unable to prune objects: \nConfigMap/default/one");
});
