// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createTestCluster, gitRepository, kustomization } from "./test-cluster.ts";

test("delete asks first: only a yes deletes", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("a"));
  const asked = "? Are you sure you want to delete this kustomization? [y/N] ";
  expect(await cluster.flux("delete ks a")).toEqual({ code: 1, out: "", err: `${asked}✗ aborting\n` });
  expect(await cluster.flux("delete ks a", { answer: "no" })).toEqual({ code: 1, out: "", err: `${asked}✗ aborting\n` });
  expect(await cluster.flux("delete ks a", { answer: "y" })).toEqual({
    code: 0,
    out: "",
    err: `${asked}► deleting kustomization a in flux-system namespace\n✔ kustomization deleted\n`,
  });
});

test("delete --silent does not ask; what is missing and what has no name fail", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(gitRepository("app"));
  expect((await cluster.flux("delete source git app -s")).err).toBe(
    "► deleting source git app in flux-system namespace\n✔ source git deleted\n",
  );
  expect((await cluster.flux("delete source git app -s")).err).toBe('✗ gitrepositories.source.toolkit.fluxcd.io "app" not found\n');
  expect((await cluster.flux("delete ks -s")).err).toBe("✗ kustomization name is required\n");
});

test("export leaves out status, zero values and what the server keeps, and spells durations as Go does", async () => {
  await using cluster = await createTestCluster();
  const object = kustomization("a", { wait: false, healthChecks: [], timeout: "90s", postBuild: { substitute: {} } });
  await cluster.add({ ...object, metadata: { ...object.metadata, labels: { team: "web" } } });
  expect(await cluster.flux("export ks a")).toEqual({
    code: 0,
    err: "",
    out: `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  labels:
    team: web
  name: a
  namespace: flux-system
spec:
  interval: 10m0s
  path: ./deploy
  postBuild: {}
  prune: true
  sourceRef:
    kind: GitRepository
    name: app
  timeout: 1m30s
`,
  });
});

test("export --with-credentials prints the Secret of a source too", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(gitRepository("app", { secretRef: { name: "auth" } }));
  expect((await cluster.flux("export source git app --with-credentials")).err).toBe(
    '✗ failed to retrieve secret auth, error: secrets "auth" not found\n',
  );
  await cluster.add({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "auth",
      namespace: "flux-system",
    },
    type: "Opaque",
    data: { token: "dA==" },
  });
  expect((await cluster.flux("export source git --all --with-credentials")).out).toMatch(
    /kind: GitRepository[\s\S]*---\napiVersion: v1\ndata:\n {2}token: dA==\nkind: Secret\n/,
  );
});

test("export needs a name or --all, and something to print", async () => {
  await using cluster = await createTestCluster();
  expect((await cluster.flux("export ks")).err).toBe("✗ name is required\n");
  expect((await cluster.flux("export ks --all")).err).toBe("✗ no objects found in flux-system namespace\n");
});
