// SPDX-License-Identifier: Apache-2.0
// The incidents of an operator's day: the exact words that are told, what explains them, and the way back.
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Culprit } from "@flux-ts/toolkit/explain";
import { explainFleet } from "./explain-fleet.ts";
import { resources, settings, web } from "./fleet-files.ts";
import { createIncidentWorld, type IncidentWorld } from "./incident-world.ts";
import { playStep, refOfText } from "./play-fault.ts";

const FLEET = "GitRepository/flux-system/fleet";
const APPS = "Kustomization/flux-system/apps";

let incident: IncidentWorld;

beforeEach(async () => {
  incident = await createIncidentWorld();
  onTestFinished(() => incident[Symbol.asyncDispose]());
  await incident.start();
});

const ready = (kind: string, name: string): Promise<string | undefined> => incident.world.ready(kind, name, "flux-system");
const patch = (object: string, spec: Readonly<Record<string, unknown>>): Promise<void> =>
  playStep({ do: "patch", object, with: { spec } }, incident);
const head = (): string => `main@sha1:${incident.repository.require("main")}`;

/** Asks for a reconcile of the source and then of a Kustomization, as `flux reconcile kustomization --with-source` does. */
async function reconcileWithSource(name = "apps"): Promise<void> {
  await playStep({ do: "request", object: FLEET }, incident);
  await playStep({ do: "request", object: `Kustomization/flux-system/${name}` }, incident);
}

async function culpritOf(text: string): Promise<Culprit | undefined> {
  return (await explainFleet(await refOfText(text, incident), incident)).explanation.culprit;
}

const named = ({ object, reason }: Culprit): string => `${object.kind}/${object.name} ${reason}`;

async function expectCulprit(text: string, expected: string | undefined): Promise<void> {
  const culprit = await culpritOf(text);
  expect(culprit && named(culprit)).toBe(expected);
}

/** The Deployment of a webhook: every `web` of it, but for the image, is its name. */
const webhook = (image: string): string =>
  web({ image: "IMAGE" })
    .replaceAll(/\bweb\b/g, "cert-manager-webhook")
    .replace("IMAGE", image);

const webOf = async (): Promise<unknown> => (await incident.world.get("Deployment", "web"))?.["spec"];

describe("the desired state in Git changed, and does not arrive", () => {
  test("S-205: whether the cluster is at the revision of Git is told by two fields", async () => {
    const before = head();
    incident.commit({ "apps/settings.yaml": settings("web-settings", "two") });
    await patch(APPS, { suspend: true });
    await incident.world.advance("2m");
    const source = await incident.world.get("GitRepository", "fleet", "flux-system");
    const apps = await incident.world.get("Kustomization", "apps", "flux-system");
    expect(source).toMatchObject({ status: { artifact: { revision: head() } } });
    expect(apps).toMatchObject({ status: { lastAppliedRevision: before } });
  });

  test("S-206: wrong credentials", async () => {
    incident.world.git.protect("fleet", { username: "flux", password: "right" });
    await incident.world.advance("2m");
    const { url } = incident.repository;
    expect(await ready("GitRepository", "fleet")).toBe(
      `False GitOperationFailed: failed to checkout and determine revision: unable to list remote for '${url}': authentication required: Unauthorized`,
    );
    // What was fetched before stays applied.
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
    const culprit = await culpritOf(APPS);
    expect(culprit?.advice).toBe("Correct the credentials in the Secret that spec.secretRef names. Then:");
    expect(culprit?.next).toBe("flux reconcile source git fleet -n flux-system");

    incident.world.git.protect("fleet", undefined);
    await playStep({ do: "request", object: FLEET }, incident);
    expect(await ready("GitRepository", "fleet")).toBe(`stored artifact for revision '${head()}'`);
    await expectCulprit(APPS, undefined);
  });

  test("S-206: a branch that is not there", async () => {
    await patch(FLEET, { ref: { branch: "production" } });
    expect(await ready("GitRepository", "fleet")).toBe(
      `False GitOperationFailed: failed to checkout and determine revision: unable to clone '${incident.repository.url}': couldn't find remote ref "refs/heads/production"`,
    );
    await expectCulprit(APPS, "GitRepository/fleet GitOperationFailed");

    incident.repository.branch("production", "main");
    await reconcileWithSource();
    expect(await ready("Kustomization", "apps")).toMatch(/^Applied revision: production@sha1:/);
    await expectCulprit(APPS, undefined);
  });

  test("S-206: a network that is gone", async () => {
    await patch(FLEET, { url: "http://127.0.0.1:1/fleet.git" });
    expect(await ready("GitRepository", "fleet")).toBe(
      `False GitOperationFailed: failed to checkout and determine revision: unable to list remote for 'http://127.0.0.1:1/fleet.git': Get "http://127.0.0.1:1/fleet.git/info/refs?service=git-upload-pack": dial tcp 127.0.0.1:1: connect: connection refused`,
    );
    expect((await culpritOf(APPS))?.advice).toBe("See that the address of spec.url is right and can be reached from the cluster. Then:");
  });

  test("S-207: a build that fails names the file, and nothing is applied", async () => {
    incident.commit({ "apps/kustomization.yaml": resources("web.yaml", "ingress.yaml") });
    await incident.world.advance("1m");
    expect(await ready("Kustomization", "apps")).toMatch(
      /^False BuildFailed: kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'ingress\.yaml': open \/tmp\/kustomization-\d+\/apps\/ingress\.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '\/tmp\/kustomization-\d+\/apps\/ingress\.yaml' : lstat \/tmp\/kustomization-\d+\/apps\/ingress\.yaml: no such file or directory$/,
    );
    expect((await culpritOf(APPS))?.place?.file).toBe("apps/kustomization.yaml");

    incident.commit({ "apps/kustomization.yaml": resources("web.yaml") });
    await incident.world.advance("1m");
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
  });

  test("S-207, S-258: a variable that is missing", async () => {
    await patch(APPS, { postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "cluster-config" }] } });
    expect(await ready("Kustomization", "apps")).toBe(
      `False BuildFailed: post build failed for 'Deployment.v1.apps/web': substitute from 'ConfigMap/cluster-config' error: configmaps "cluster-config" not found`,
    );
    await expectCulprit(APPS, "ConfigMap/cluster-config NotFound");

    const config = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "cluster-config", namespace: "flux-system" },
      data: { a: "1" },
    };
    await incident.world.apply(config);
    incident.commit({ "apps/web.yaml": web({ image: "ghcr.io/example/web:${tag}" }) });
    await incident.world.advance("1m");
    expect(await ready("Kustomization", "apps")).toBe(
      `False BuildFailed: post build failed for 'Deployment.v1.apps/web': envsubst error: variable substitution failed: variable not set (strict mode): "tag"`,
    );
    expect((await culpritOf(APPS))?.place).toEqual({ file: "apps/web.yaml", line: 17 });

    await incident.world.apply({ ...config, data: { tag: "1.0.0" } });
    await reconcileWithSource();
    await incident.world.advance("5s");
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
  });

  test("S-208, S-217: a CustomResourceDefinition that is missing", async () => {
    incident.commit({
      "apps/kustomization.yaml": resources("web.yaml", "issuer.yaml"),
      "apps/issuer.yaml": "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata:\n  name: letsencrypt\nspec: {}\n",
    });
    await incident.world.advance("1m");
    const told = incident.world.events.filter(({ object }) => object.metadata.name === "apps").at(-1);
    expect(await ready("Kustomization", "apps")).toBe(
      `False ReconciliationFailed: ClusterIssuer/letsencrypt dry-run failed: no matches for kind "ClusterIssuer" in version "cert-manager.io/v1"\n`,
    );
    expect([told?.severity, told?.reason]).toEqual(["error", "ReconciliationFailed"]);
    const culprit = await culpritOf(APPS);
    expect(culprit?.place).toEqual({ file: "apps/issuer.yaml", line: 1 });
    expect(culprit?.next).toBe("kubectl api-resources --api-group=cert-manager.io");
  });
});

describe("what was applied does not run", () => {
  test("S-209, S-214, S-217: a webhook's Deployment that cannot be pulled holds what depends on it", async () => {
    incident.commit({
      "infra/kustomization.yaml": resources("settings.yaml", "webhook.yaml"),
      "infra/webhook.yaml": webhook("quay.io/example/no-such-image:1.0.0"),
    });
    await incident.world.advance("2m");
    expect(await ready("Kustomization", "infra")).toBe(
      "False HealthCheckFailed: health check failed after 40s: failed early due to stalled resources: [Deployment/default/cert-manager-webhook status: 'Failed']",
    );
    expect(await ready("Kustomization", "apps")).toBe("False DependencyNotReady: dependency 'flux-system/infra' is not ready");
    const culprit = await culpritOf(APPS);
    expect(culprit?.object.name).toMatch(/^cert-manager-webhook-/);
    expect(culprit?.reason).toBe("ImagePullBackOff");
    expect(culprit?.place).toEqual({ file: "infra/webhook.yaml", line: 17 });
    const events = await incident.world.client.list({ apiVersion: "v1", kind: "Event" }, { namespace: "default" });
    const pulls = events.items.filter(({ reason }) => reason === "Failed");
    expect(pulls.length).toBeGreaterThan(0);
    for (const event of pulls) expect(event["lastTimestamp"], "S-216: kubectl sorts by it").toBeTypeOf("string");

    incident.commit({
      "infra/webhook.yaml": webhook("quay.io/example/webhook:1.0.0"),
    });
    await incident.world.advance("3m");
    expect(await ready("Kustomization", "infra")).toBe(`Applied revision: ${head()}`);
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
    await expectCulprit(APPS, undefined);
  });

  test("S-213, S-256: applied is not rolled out: without wait it stays ready, and explain finds the pod", async () => {
    await patch(APPS, { wait: false });
    incident.commit({ "apps/web.yaml": web({ image: "ghcr.io/example/no-such-image:1.0.0" }) });
    await incident.world.advance("2m");
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
    const culprit = await culpritOf(APPS);
    expect(culprit && named(culprit)).toMatch(/^Pod\/web-\S+ ImagePullBackOff$/);
    expect(culprit?.message).toBe(
      `container web: Failed to pull image "ghcr.io/example/no-such-image:1.0.0": failed to pull and unpack image "ghcr.io/example/no-such-image:1.0.0": not found`,
    );
    expect(culprit?.place).toEqual({ file: "apps/web.yaml", line: 17 });
  });

  test("S-261: a restart of the controllers leaves the evidence", async () => {
    incident.commit({ "apps/web.yaml": web({ image: "ghcr.io/example/no-such-image:1.0.0" }) });
    await incident.world.advance("2m");
    const before = await culpritOf(APPS);
    await incident.world.restart();
    await incident.world.settle();
    const after = await culpritOf(APPS);
    expect(after).toEqual(before);
    const events = await incident.world.client.list({ apiVersion: "v1", kind: "Event" }, { namespace: "flux-system" });
    expect(events.items.map(({ reason }) => reason)).toContain("HealthCheckFailed");
  });
});

describe("somebody changed the cluster by hand", () => {
  test("S-210, S-275: five replicas are two again within ten minutes, and an event tells it", async () => {
    incident.commit({ "apps/web.yaml": web().replace("replicas: 1", "replicas: 2") });
    await incident.world.advance("2m");
    await playStep({ do: "patch", object: "Deployment/default/web", with: { spec: { replicas: 5 } } }, incident);
    await incident.world.advance("1m");
    expect(await webOf()).toMatchObject({ replicas: 5 });
    await incident.world.advance("10m");
    expect(await webOf()).toMatchObject({ replicas: 2 });
    expect(incident.world.events.map(({ reason, message }) => `${reason} ${message}`)).toContain(
      "Progressing Deployment/default/web configured",
    );
  });

  test("S-210: while it is suspended, a change by hand stays, and explain says why", async () => {
    await patch(APPS, { suspend: true });
    await playStep({ do: "patch", object: "Deployment/default/web", with: { spec: { replicas: 5 } } }, incident);
    await incident.world.advance("30m");
    expect(await webOf()).toMatchObject({ replicas: 5 });
    const culprit = await culpritOf("Deployment/default/web");
    expect(culprit && named(culprit)).toBe("Kustomization/apps Suspended");
    expect(culprit?.next).toBe("flux resume kustomization apps -n flux-system");

    await patch(APPS, { suspend: false });
    await incident.world.advance("10m");
    expect(await webOf()).toMatchObject({ replicas: 1 });
    await expectCulprit("Deployment/default/web", undefined);
  });

  test("S-218, S-219: suspend, roll back by hand, revert in Git, resume: Git and cluster are the same", async () => {
    const good = web();
    incident.commit({ "apps/web.yaml": web({ image: "ghcr.io/example/no-such-image:2.0.0" }) });
    await incident.world.advance("2m");
    await patch(APPS, { suspend: true });
    const containers = [{ name: "web", image: "ghcr.io/example/web:1.0.0" }];
    await playStep({ do: "patch", object: "Deployment/default/web", with: { spec: { template: { spec: { containers } } } } }, incident);
    await incident.world.advance("2m");
    expect(await incident.world.get("Deployment", "web")).toMatchObject({ status: { availableReplicas: 1, updatedReplicas: 1 } });

    incident.commit({ "apps/web.yaml": good });
    await playStep({ do: "request", object: FLEET }, incident);
    await patch(APPS, { suspend: false });
    await reconcileWithSource();
    await incident.world.advance("1m");
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
    expect(await webOf()).toMatchObject({ template: { spec: { containers: [{ image: "ghcr.io/example/web:1.0.0" }] } } });
    const live = await incident.world.get("Deployment", "web");
    const owners = (live?.metadata.managedFields ?? [])
      .filter(({ subresource }) => subresource === undefined)
      .map(({ manager }) => manager);
    expect(owners).toContain("kustomize-controller");
    await expectCulprit(APPS, undefined);
  });

  test("S-255: without prune, what leaves Git stays; with it, it goes", async () => {
    await patch(APPS, { prune: false });
    incident.commit({ "apps/kustomization.yaml": resources("web.yaml"), "apps/settings.yaml": null });
    await incident.world.advance("2m");
    expect(await incident.world.get("ConfigMap", "web-settings")).toBeDefined();
    await patch(APPS, { prune: true });
    incident.commit({
      "apps/kustomization.yaml": resources("web.yaml", "settings.yaml"),
      "apps/settings.yaml": settings("web-settings", "two"),
    });
    await incident.world.advance("2m");
    incident.commit({ "apps/kustomization.yaml": resources("web.yaml"), "apps/settings.yaml": null });
    await incident.world.advance("2m");
    expect(await incident.world.get("ConfigMap", "web-settings")).toBeUndefined();
  });
});

describe("when nothing is wrong, nothing is told to be", () => {
  const workload = (apiVersion: string, kind: string, name: string, spec: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ apiVersion, kind, metadata: { name, namespace: "default" }, spec });
  const template = (app: string, more: Readonly<Record<string, unknown>> = {}): unknown => ({
    metadata: { labels: { app } },
    spec: { containers: [{ name: app, image: "ghcr.io/example/app:1" }], ...more },
  });
  const selecting = (app: string): Readonly<Record<string, unknown>> => ({ selector: { matchLabels: { app } }, template: template(app) });

  test("of all kinds that a fleet has, asked one by one", async () => {
    const files = {
      "db.yaml": workload("apps/v1", "StatefulSet", "db", { serviceName: "db", replicas: 2, ...selecting("db") }),
      "agent.yaml": workload("apps/v1", "DaemonSet", "agent", selecting("agent")),
      "migrate.yaml": workload("batch/v1", "Job", "migrate", { template: template("migrate", { restartPolicy: "Never" }) }),
      "nightly.yaml": workload("batch/v1", "CronJob", "nightly", {
        schedule: "0 3 * * *",
        jobTemplate: { spec: { template: template("nightly", { restartPolicy: "Never" }) } },
      }),
      "service.yaml": workload("v1", "Service", "web", { selector: { app: "web" }, ports: [{ port: 80 }] }),
      "ingress.yaml": workload("networking.k8s.io/v1", "Ingress", "web", {
        defaultBackend: { service: { name: "web", port: { number: 80 } } },
      }),
      "budget.yaml": workload("policy/v1", "PodDisruptionBudget", "web", { minAvailable: 1, selector: { matchLabels: { app: "web" } } }),
      "account.yaml": JSON.stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "web", namespace: "default" } }),
    };
    incident.commit({
      "apps/kustomization.yaml": resources("web.yaml", "settings.yaml", ...Object.keys(files)),
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`apps/${name}`, text])),
    });
    await incident.world.advance("3m");
    expect(await ready("Kustomization", "apps")).toBe(`Applied revision: ${head()}`);
    const asked = [
      FLEET,
      APPS,
      "Kustomization/flux-system/infra",
      "Namespace/default",
      ...["Deployment", "StatefulSet", "DaemonSet", "Service", "ServiceAccount", "ConfigMap", "Pod", "Job"].map(
        (kind) =>
          `${kind}/default/${({ StatefulSet: "db", DaemonSet: "agent", ConfigMap: "web-settings", Pod: "web-*", Job: "migrate" } as const)[kind] ?? "web"}`,
      ),
    ];
    const wrong: string[] = [];
    for (const text of asked) {
      const { explanation } = await explainFleet(await refOfText(text, incident), incident);
      if (explanation.state !== "ok") wrong.push(`${text}: ${explanation.culprit && named(explanation.culprit)}`);
      expect(explanation.unknown).toEqual([]);
    }
    expect(wrong).toEqual([]);
  });

  test("a workload that is well is not held responsible for one beside it", async () => {
    incident.commit({
      "apps/kustomization.yaml": resources("web.yaml", "settings.yaml", "other.yaml"),
      "apps/other.yaml": web({ image: "ghcr.io/example/no-such-image:1" }).replaceAll(/name: web|app: web/g, (text) =>
        text.replace("web", "other"),
      ),
    });
    await incident.world.advance("3m");
    await expectCulprit("Deployment/default/web", undefined);
    expect((await culpritOf("Deployment/default/other"))?.reason).toBe("ImagePullBackOff");
    expect((await culpritOf(APPS))?.reason).toBe("ImagePullBackOff");
  });

  test("while a commit is on its way, it is waited for", async () => {
    incident.commit({ "apps/web.yaml": web({ image: "ghcr.io/example/slow:2" }) });
    await playStep({ do: "request", object: FLEET }, incident);
    const { explanation } = await explainFleet(await refOfText(APPS, incident), incident);
    expect(explanation.state).toBe("waiting");
    await incident.world.advance("2m");
    await expectCulprit(APPS, undefined);
  });
});
