// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createTestCluster, isSettled, kustomization, reconciled } from "./test-cluster.ts";

const REVISION = "main@sha1:0123456789abcdef0123456789abcdef01234567";

test("suspend takes several names, tells the missing ones and does not fail for them", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("a"), kustomization("b"));
  expect(await cluster.flux("suspend ks a nope b a")).toEqual({
    code: 0,
    out: "",
    err: `► suspending kustomization a in flux-system namespace
✔ kustomization suspended
✗ Kustomization nope not found in flux-system namespace
► suspending kustomization b in flux-system namespace
✔ kustomization suspended
`,
  });
  expect((await cluster.flux("get ks --no-header -o name")).out).toBe(
    "kustomization.kustomize.toolkit.fluxcd.io/a\nkustomization.kustomize.toolkit.fluxcd.io/b\n",
  );
  expect((await cluster.flux("get ks --no-header")).out).toMatch(/^a\t\tTrue\t.*\nb\t\tTrue\t/);
});

test("--all takes every object of the namespace; a namespace without any fails", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("a"), kustomization("b"));
  expect((await cluster.flux("suspend ks --all")).err.match(/suspended/g)).toHaveLength(2);
  expect(await cluster.flux("suspend ks --all -n other")).toEqual({ code: 1, out: "", err: "✗ no objects found\n" });
  expect((await cluster.flux("suspend ks")).err).toBe("✗ kustomization name is required\n");
});

test("resume of one waits for it, of several does not", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("a", { suspend: true }), kustomization("b", { suspend: true }));
  expect((await cluster.flux("resume ks a b")).err).toBe(
    ["a", "b"].map((name) => `► resuming kustomization ${name} in flux-system namespace\n✔ kustomization resumed\n`).join(""),
  );
  await cluster.flux("suspend ks a");
  await cluster.play("Kustomization", (object) =>
    isSettled(object) ? undefined : reconciled(object, "applied", { lastAppliedRevision: REVISION }),
  );
  expect(await cluster.flux("resume ks a")).toEqual({
    code: 0,
    out: "",
    err: `► resuming kustomization a in flux-system namespace
✔ kustomization resumed
◎ waiting for Kustomization reconciliation
✔ Kustomization a reconciliation completed
✔ applied revision ${REVISION}
`,
  });
});

test("resume --wait counts those that failed", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(kustomization("a", { suspend: true }), kustomization("b", { suspend: true }));
  await cluster.play("Kustomization", (object) => {
    if (isSettled(object)) return undefined;
    const status = reconciled(object, "applied", { lastAppliedRevision: REVISION });
    if (object.metadata.name === "a") return status;
    const stalled = { type: "Stalled", status: "True", reason: "Bad", message: "no way", lastTransitionTime: "2026-01-01T00:00:00Z" };
    const ready = { type: "Ready", status: "False", reason: "Bad", message: "no way", lastTransitionTime: "2026-01-01T00:00:00Z" };
    return { ...status, conditions: [ready, stalled] };
  });
  const { code, err } = await cluster.flux("resume ks --all --wait");
  expect(code).toBe(1);
  expect(err).toContain(`✔ Kustomization a reconciliation completed
✔ applied revision ${REVISION}
✗ Kustomization b reconciliation failed: no way
✗ reconciliation failed for 1 Kustomization(s)
`);
});

test("resume of what is missing tells so and succeeds", async () => {
  await using cluster = await createTestCluster();
  expect(await cluster.flux("resume ks nope")).toEqual({
    code: 0,
    out: "",
    err: "✗ Kustomization object 'nope' not found in flux-system namespace\n",
  });
});

test("alerts and providers are static: resuming them waits for nobody", async () => {
  await using cluster = await createTestCluster();
  await cluster.add({
    apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
    kind: "Provider",
    metadata: {
      name: "chat",
      namespace: "flux-system",
    },
    spec: {
      type: "slack",
      suspend: true,
    },
  });
  expect((await cluster.flux("resume alert-provider chat")).err).toBe(`► resuming alert provider chat in flux-system namespace
✔ alert provider resumed
◎ waiting for Provider reconciliation
✔ Provider chat reconciliation completed
✔ Provider reconciliation completed
`);
});
