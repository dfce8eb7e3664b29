// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { configMap, createFleet, deployment, type Fleet } from "./fleet.ts";

/**
 * What the controllers asked of the API server while something went on, apart from Events and leases, and from watches,
 * which the API server ends now and then.
 */
async function asked(fleet: Fleet, work: () => Promise<void>): Promise<readonly string[]> {
  const before = fleet.world.requests.length;
  await work();
  return fleet.world.requests
    .slice(before)
    .filter(({ path, query }) => !path.includes("/events") && !path.includes("/leases") && query?.["watch"] === undefined)
    .map(({ method, path, query }) => `${method} ${path}${query?.["dryRun"] === "All" ? " (dry run)" : ""}`);
}

/** The first reconcile of a process begins before the definitions of the cluster are known: the next one looks again. */
function warmUp(fleet: Fleet): Promise<void> {
  return fleet.world.advance("10m");
}

const STATUS = "PATCH /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations/app/status";
const one = configMap("one", { a: "1" });

describe("S-021: an interval without a change", () => {
  test("asks nothing and writes the status once", async () => {
    await using fleet = await createFleet();
    const revision = await fleet.commit({ "one.yaml": one, "two.yaml": configMap("two", {}), "web.yaml": deployment("web") });
    await fleet.kustomize();
    await warmUp(fleet);

    expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual([STATUS]);
    expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
    const { history } = await fleet.status();
    expect(history?.[0]?.totalReconciliations).toBe(3);
    expect(fleet.told().at(-1)).toEqual(["Normal", "ReconciliationSucceeded", "Reconciliation finished in 0s, next run in 10m0s"]);
  });

  test("asks nothing when it waits for health and takes variables, either", async () => {
    await using fleet = await createFleet();
    await fleet.world.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "vars" }, data: { A: "x" } });
    await fleet.commit({ "one.yaml": configMap("one", { a: "${A}" }) });
    await fleet.kustomize({ wait: true, postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
    await warmUp(fleet);
    await fleet.world.advance("10m");

    expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual([STATUS]);
  });

  test("checks everything every so often all the same, and when somebody asks for it", async () => {
    await using fleet = await createFleet({ fullCheckEvery: 2 });
    await fleet.commit({ "one.yaml": one });
    await fleet.kustomize();
    await warmUp(fleet);
    const look = ["GET /api/v1/namespaces/default/configmaps/one", "PATCH /api/v1/namespaces/default/configmaps/one (dry run)", STATUS];

    expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual([STATUS]);
    expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual(look);
    expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual([STATUS]);
    const requested = await asked(fleet, async () => {
      await fleet.world.request("Kustomization", "app");
      await fleet.world.settle();
    });
    expect(requested).toEqual(look);
  });
});

test("only what changed is looked at", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one, "two.yaml": configMap("two", {}) });
  await fleet.kustomize();
  await warmUp(fleet);
  await fleet.world.patch("ConfigMap", "one", { data: { a: "by hand" } });
  const requests = await asked(fleet, () => fleet.world.advance("10m"));

  expect(requests.filter((request) => request.includes("/two"))).toEqual([]);
  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
});

test("a change of the definition of an applied kind makes everything be looked at", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one });
  await fleet.kustomize();
  await warmUp(fleet);
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  };
  await fleet.world.client.create(definition);
  const requests = await asked(fleet, () => fleet.world.advance("10m"));
  expect(requests).toContain("PATCH /api/v1/namespaces/default/configmaps/one (dry run)");
});

test.each(["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"])(
  "a %s that comes, changes and goes makes everything be looked at: it may change or refuse what was applied",
  async (kind) => {
    await using fleet = await createFleet();
    await fleet.commit({ "one.yaml": one });
    await fleet.kustomize();
    await warmUp(fleet);
    const look = "PATCH /api/v1/namespaces/default/configmaps/one (dry run)";
    const next = (): Promise<readonly string[]> => asked(fleet, () => fleet.world.advance("10m"));
    const apiVersion = "admissionregistration.k8s.io/v1";
    const clientConfig = { url: "https://127.0.0.1:9/" };
    // It asks about other kinds, so that nobody is asked here.
    const rules = [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] }];
    const webhook = { name: "w.example.com", clientConfig, rules, sideEffects: "None", admissionReviewVersions: ["v1"] };
    expect(await next()).toEqual([STATUS]);
    await fleet.world.client.create({ apiVersion, kind, metadata: { name: "policy" }, webhooks: [webhook] });
    expect(await next()).toContain(look);
    expect(await next()).toEqual([STATUS]);
    await fleet.world.client.patch(
      { apiVersion, kind, name: "policy" },
      { webhooks: [{ ...webhook, failurePolicy: "Ignore" }] },
      { type: "merge", fieldManager: "test" },
    );
    expect(await next()).toContain(look);
    expect(await next()).toEqual([STATUS]);
    await fleet.world.client.delete({ apiVersion, kind, name: "policy" });
    expect(await next()).toContain(look);
  },
);

test("S-231: an unchanged reconcile of many objects asks as little as one of few", async () => {
  await using fleet = await createFleet();
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}.yaml`, configMap(`cm-${index}`, { a: "1" })]));
  await fleet.commit(files);
  await fleet.kustomize();
  await warmUp(fleet);
  expect(await asked(fleet, () => fleet.world.advance("10m"))).toEqual([STATUS]);
});

test("S-231: a reconcile that was asked for looks at each of ten objects once, and writes its status", async () => {
  await using fleet = await createFleet();
  const names = Array.from({ length: 10 }, (_, index) => `cm-${index}`);
  await fleet.commit(Object.fromEntries(names.map((name) => [`${name}.yaml`, configMap(name, { a: "1" })])));
  await fleet.kustomize();
  await warmUp(fleet);
  const requests = await asked(fleet, async () => {
    await fleet.world.request("Kustomization", "app");
    await fleet.world.settle();
  });
  const path = "/api/v1/namespaces/default/configmaps";
  const looks = names.flatMap((name) => [`GET ${path}/${name}`, `PATCH ${path}/${name} (dry run)`]);
  // Go Flux: 29 calls.
  expect(requests.toSorted()).toEqual([...looks, STATUS].toSorted());
});
