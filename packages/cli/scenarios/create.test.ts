// SPDX-License-Identifier: Apache-2.0
import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { artifact, createTestCluster, isSettled, reconciled } from "./test-cluster.ts";

const REVISION = "main@sha1:0123456789abcdef0123456789abcdef01234567";

test("create source git applies and waits; again it updates labels and spec as a whole", async () => {
  await using cluster = await createTestCluster();
  await cluster.add({ apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } });
  await cluster.play("GitRepository", (object) => (isSettled(object) ? undefined : reconciled(object, "stored", artifact(REVISION))));
  const words = "create source git app --url=https://git.example.com/app --branch=main";
  const expected = (outcome: string): string => `✚ generating GitRepository source
► applying GitRepository source
✔ GitRepository source ${outcome}
◎ waiting for GitRepository source reconciliation
✔ GitRepository source reconciliation completed
✔ fetched revision: ${REVISION}
`;
  expect(await cluster.flux(`${words} --label=a=b`)).toEqual({ code: 0, out: "", err: expected("created") });
  expect(await cluster.flux(`${words} --interval=20m`)).toEqual({ code: 0, out: "", err: expected("updated") });
  const stored = await cluster.client.get({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    name: "app",
    namespace: "flux-system",
  });
  expect(stored.metadata.labels).toBeUndefined();
  expect(stored).toMatchObject({ spec: { interval: "20m0s" } });
});

test("credentials of a source become a Secret that it refers to", async () => {
  await using cluster = await createTestCluster();
  await cluster.add({ apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } });
  await cluster.play("GitRepository", (object) => (isSettled(object) ? undefined : reconciled(object, "stored", artifact(REVISION))));
  const { err } = await cluster.flux("create source git app --url=https://git.example.com/app --branch=main -u me -p secret");
  expect(err).toContain("► applying secret with repository credentials\n✔ authentication configured\n► applying GitRepository source\n");
  const secret = await cluster.client.get({ apiVersion: "v1", kind: "Secret", name: "app", namespace: "flux-system" });
  expect(secret).toMatchObject({
    data: { username: Buffer.from("me").toString("base64"), password: Buffer.from("secret").toString("base64") },
  });
  const source = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "app", namespace: "flux-system" };
  expect(await cluster.client.get(source)).toMatchObject({ spec: { secretRef: { name: "app" } } });
});

test("over SSH a key is made, told, and must be confirmed", async () => {
  await using cluster = await createTestCluster();
  const words = "create source git app --url=ssh://git@git.example.com/app --branch=main --ssh-key-algorithm=ed25519";
  const { code, err } = await cluster.flux(words, { answer: "n" });
  expect(code).toBe(1);
  expect(err).toMatch(
    /✔ collected public key from SSH server:\ngit.example.com ssh-ed25519 AAAA\n✚ deploy key: ssh-ed25519 AAAAC3Nza\S+\n\n\? Have you added the deploy key to your repository\? \[y\/N\] ✗ aborting\n$/,
  );
});

test.each([
  ["ecdsa", "ecdsa-sha2-nistp384 "],
  ["ed25519", "ssh-ed25519 "],
  ["rsa --ssh-rsa-bits=1024", "ssh-rsa "],
])("create secret git makes a key: %s", async (algorithm, begin) => {
  await using cluster = await createTestCluster();
  const { out } = await cluster.flux(
    `create secret git auth --url=ssh://git@git.example.com/app --ssh-key-algorithm=${algorithm} --export`,
  );
  expect(out).toContain(`identity.pub: |\n    ${begin}`);
  const pem = /identity: \|\n([\s\S]*?-----END PRIVATE KEY-----)/.exec(out)?.[1]?.replaceAll("    ", "") ?? "";
  expect(createPrivateKey(pem).asymmetricKeyType).toBe(begin.startsWith("ecdsa") ? "ec" : begin.replace("ssh-", "").trim());
});

test("a server that refuses the object is told as it says it", async () => {
  await using cluster = await createTestCluster();
  const { code, err } = await cluster.flux("create source git app --url=https://git.example.com/app --branch=main -n nowhere");
  expect(code).toBe(1);
  expect(err).toMatch(/✗ namespaces "nowhere" not found\n$/);
});

test("create tenant makes namespaces, accounts and bindings, and replaces a binding whose role changed", async () => {
  await using cluster = await createTestCluster();
  const words = "create tenant team --with-namespace=apps --cluster-role=";
  expect((await cluster.flux(`${words}edit`)).err).toBe(
    "► applying namespace apps\n► applying service account team\n► applying role binding team-reconciler\n✔ tenant setup completed\n",
  );
  const binding = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", name: "team-reconciler", namespace: "apps" };
  const { uid } = (await cluster.client.get(binding)).metadata;
  await cluster.flux(`${words}edit`);
  expect((await cluster.client.get(binding)).metadata.uid).toBe(uid);
  await cluster.flux(`${words}admin`);
  expect(await cluster.client.get(binding)).toMatchObject({ roleRef: { name: "admin" } });
});

test.each([
  [
    "create ks app --path=./deploy --source=Git/app --export",
    /invalid argument "Git\/app" for "--source" flag: source kind 'Git' is not supported, must be one of: OCIRepository, GitRepository, Bucket/,
  ],
  [
    "create ks app --source=app --health-check=Pod/x.y --export",
    /invalid health check kind 'Pod' can be HelmRelease, Deployment, DaemonSet or StatefulSet/,
  ],
  [
    "create image policy app --image-ref=app --select-numeric=asc --filter-regex=^(?P<ts>.*)$ --filter-extract=$no --export",
    /capture group \$no used in --filter-extract not found in --filter-regex/,
  ],
  ["create image repository app --image=Registry/App --export", /unable to parse image value: repository can only contain the characters/],
  ["create secret tls certs --export", /no CA certificate or client certificate pair found/],
  [
    "create secret git auth --url=git@example.com:app --export",
    /git URL parse failed: parse "git@example.com:app": first path segment in URL cannot contain colon/,
  ],
  [
    "create hr web --chart=web --source=HelmRepository/charts --values-from=Pod/x --export",
    /reference kind 'Pod' is not supported, must be one of: Secret, ConfigMap/,
  ],
  ["create ks x --source=app --export", /name 'x' is invalid, it should adhere to standard defined in RFC 1123/],
  ["create ks app --source=app --label=a --export", /invalid label format 'a', must be key=value/],
])("%s fails", async (words, expected) => {
  await using cluster = await createTestCluster();
  const { code, out, err } = await cluster.flux(words);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(expected);
});
