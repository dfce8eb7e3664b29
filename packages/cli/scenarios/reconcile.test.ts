// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { artifact, condition, createTestCluster, gitRepository, isSettled, kustomization, reconciled } from "./test-cluster.ts";
import type { Reconcile } from "./test-cluster.ts";

const REVISION = "main@sha1:0123456789abcdef0123456789abcdef01234567";

const fetches: Reconcile = (object) => (isSettled(object) ? undefined : reconciled(object, "stored", artifact(REVISION)));
const applies: Reconcile = (object) => (isSettled(object) ? undefined : reconciled(object, "applied", { lastAppliedRevision: REVISION }));

test("reconcile annotates, waits until it has been handled and tells the revision", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(gitRepository("app"));
  await cluster.play("GitRepository", fetches);
  expect(await cluster.flux("reconcile source git app")).toEqual({
    code: 0,
    out: "",
    err: `► annotating GitRepository app in flux-system namespace
✔ GitRepository annotated
◎ waiting for GitRepository reconciliation
✔ fetched revision ${REVISION}
`,
  });
});

test("reconcile --with-source reconciles the source of a Kustomization first, in its namespace", async () => {
  await using cluster = await createTestCluster();
  const source = gitRepository("app");
  await cluster.add({ ...source, metadata: { name: "app", namespace: "sources" } });
  await cluster.add(kustomization("web", { sourceRef: { kind: "GitRepository", name: "app", namespace: "sources" } }));
  await cluster.play("GitRepository", fetches);
  await cluster.play("Kustomization", applies);
  const { code, err } = await cluster.flux("reconcile ks web --with-source");
  expect({ code, err }).toEqual({
    code: 0,
    err: `► annotating GitRepository app in sources namespace
✔ GitRepository annotated
◎ waiting for GitRepository reconciliation
✔ fetched revision ${REVISION}
► annotating Kustomization web in flux-system namespace
✔ Kustomization annotated
◎ waiting for Kustomization reconciliation
✔ applied revision ${REVISION}
`,
  });
});

test("a source that cannot be asked to is told", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("web", { sourceRef: { kind: "ExternalArtifact", name: "app" } }));
  const { code, err } = await cluster.flux("reconcile ks web --with-source");
  expect({ code, err }).toEqual({ code: 1, err: "✗ cannot reconcile source of kind ExternalArtifact\n" });
});

test("reconcile of what is suspended, missing or unnamed fails and annotates nothing", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(gitRepository("app", { suspend: true }));
  expect(await cluster.flux("reconcile source git app")).toEqual({ code: 1, out: "", err: "✗ resource is suspended\n" });
  expect((await cluster.flux("reconcile source git nope")).err).toBe('✗ gitrepositories.source.toolkit.fluxcd.io "nope" not found\n');
  expect((await cluster.flux("reconcile source git")).err).toBe("✗ GitRepository name is required\n");
  expect(
    (await cluster.client.get({ ...gitRepository("app"), namespace: "flux-system", name: "app" })).metadata.annotations,
  ).toBeUndefined();
});

test("a stalled object ends the wait with its message", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(gitRepository("app"));
  await cluster.play("GitRepository", (object) => {
    if (isSettled(object)) return undefined;
    const stalled = {
      type: "Stalled",
      status: "True",
      reason: "URLInvalid",
      message: "bad address",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    return { ...reconciled(object, ""), conditions: [condition("False", "URLInvalid", "bad address"), stalled] };
  });
  const { code, err } = await cluster.flux("reconcile source git app");
  expect(code).toBe(1);
  expect(err).toMatch(/◎ waiting for GitRepository reconciliation\n✗ bad address\n$/);
});

test("an object that is not ready in time: context deadline exceeded (F5)", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("web"));
  const { promise: annotated, resolve } = withResolvers();
  await cluster.play("Kustomization", (object) => {
    if (object.metadata.annotations !== undefined) resolve();
    return undefined;
  });
  const ended = cluster.flux("reconcile ks web --timeout=8s");
  await annotated;
  cluster.clock.advanceTo(cluster.clock.now() + 8000);
  expect((await ended).err).toMatch(/◎ waiting for Kustomization reconciliation\n✗ context deadline exceeded\n$/);
});

test("--force and --reset of a HelmRelease use one token for all annotations", async () => {
  await using cluster = await createTestCluster();
  await cluster.add({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: {
      name: "web",
      namespace: "flux-system",
    },
    spec: {
      interval: "1m",
      chartRef: {
        kind: "OCIRepository",
        name: "web",
      },
    },
  });
  let annotations: Readonly<Record<string, string>> = {};
  await cluster.play("HelmRelease", (object) => {
    if (isSettled(object)) return undefined;
    annotations = object.metadata.annotations ?? {};
    return reconciled(object, "released", { history: [{ ...snapshot, chartVersion: "1.2.3" }] });
  });
  const { code, err } = await cluster.flux("reconcile hr web --force --reset");
  expect({ code, last: err.split("\n").at(-2) }).toEqual({ code: 0, last: "✔ applied revision 1.2.3" });
  const token = annotations["reconcile.fluxcd.io/requestedAt"];
  expect(annotations).toMatchObject({ "reconcile.fluxcd.io/forceAt": token, "reconcile.fluxcd.io/resetAt": token });
});

test("an OCI Helm repository has nothing to reconcile", async () => {
  await using cluster = await createTestCluster();
  await cluster.add({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmRepository",
    metadata: {
      name: "charts",
      namespace: "flux-system",
    },
    spec: {
      type: "oci",
      url: "oci://registry.example.com/charts",
    },
  });
  expect(await cluster.flux("reconcile source helm charts")).toEqual({
    code: 0,
    out: "",
    err: "✔ reconciliation not supported by the object\n",
  });
});

const snapshot = {
  chartName: "web",
  configDigest: "sha256:0",
  digest: "sha256:0",
  firstDeployed: "2026-01-01T00:00:00Z",
  lastDeployed: "2026-01-01T00:00:00Z",
  name: "web",
  namespace: "flux-system",
  status: "deployed",
  version: 1,
};

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
