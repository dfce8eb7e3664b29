// SPDX-License-Identifier: Apache-2.0
// What `flux install` puts into a lab runs, as pods of a cluster do: in order of use, on one lab.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { has } from "../smoke/lab-process.ts";
import { bundlePrograms, Session } from "./session.ts";

describe.skipIf(!has("kubectl"))("controllers that are installed in a lab", { timeout: 60_000 }, () => {
  let programs: ReturnType<typeof bundlePrograms>;
  let session: Session;
  let git: GitServer;
  beforeAll(async () => {
    programs = bundlePrograms();
    const opened = Session.open(programs.bin);
    if ("missing" in opened) throw new Error(opened.missing);
    session = opened;
    git = await createGitServer();
    const configMap = JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "app", namespace: "default" },
      data: { a: "1" },
    });
    const { url } = git.repository("app", { "deploy/cm.yaml": configMap });
    await session.mustRun(`flux lab up --delay 0s && flux install
      flux create source git app --url=${url} --branch=main --interval=1h
      flux create kustomization app --source=GitRepository/app --path=./deploy --prune --interval=1h`);
  }, 120_000);
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
    programs.remove();
  });
  const run = async (script: string): Promise<string> => (await session.mustRun(script)).stdout;
  const status = "kubectl rollout status -n flux-system --timeout=30s";

  test("they are pods that are ready, and act as their service accounts", async () => {
    expect(await run("kubectl get configmap app -o jsonpath='{.data.a} {.metadata.labels}'")).toContain("kustomize.toolkit.fluxcd.io/name");
    expect((await run("kubectl get pods -n flux-system --no-headers")).match(/ 1\/1 +Running +0 /g)).toHaveLength(4);
    // What a role does not give, they may not do: without it nothing is reconciled.
    await run("kubectl delete clusterrolebinding crd-controller-flux-system cluster-reconciler-flux-system");
    const refused = await session.run("flux reconcile kustomization app --timeout=3s");
    expect(refused.stderr).toContain("✗");
    await run(`flux install >/dev/null && kubectl rollout restart -n flux-system deploy && ${status} deploy/kustomize-controller`);
    await run("flux reconcile kustomization app");
  });

  test("kubectl logs and flux logs read what they log", async () => {
    const lines = (await run("kubectl logs -n flux-system deploy/kustomize-controller")).trimEnd().split("\n");
    const last = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
    expect(last).toMatchObject({ level: "info", controllerKind: "Kustomization", name: "app", namespace: "flux-system" });
    expect(await run("kubectl logs -n flux-system deploy/kustomize-controller --tail=1")).toBe(`${lines.at(-1)}\n`);
    expect(await run("flux logs --kind=Kustomization --name=app --namespace=flux-system --tail=5")).toMatch(
      /^\d{4}-\d\d-\d\dT\S+Z info Kustomization\/app\.flux-system - /m,
    );
    git.repository("app").commit({ "deploy/README.md": "new" });
    await run("flux reconcile source git app");
    expect(await run("flux logs --all-namespaces --since=1h")).toMatch(
      / info GitRepository\/app\.flux-system - stored artifact for commit /,
    );
    expect(await run("flux logs --level=error --kind=GitRepository")).toBe("");
    const followed = session.run(
      "timeout 5 kubectl logs -f -n flux-system deploy/kustomize-controller --since=1s | grep -m1 requested-by-me",
    );
    await run("kubectl annotate -n flux-system kustomization app reconcile.fluxcd.io/requestedAt=requested-by-me --overwrite");
    await followed;
  });

  test("scaled to none nobody works; scaled up again it does", async () => {
    await run("kubectl scale deploy -n flux-system kustomize-controller --replicas=0");
    await run("kubectl wait pod -n flux-system -l app=kustomize-controller --for=delete --timeout=20s");
    await run("kubectl delete configmap app");
    const idle = await session.run("flux reconcile kustomization app --timeout=3s");
    expect([idle.code, idle.stderr]).toEqual([1, expect.stringContaining("✗ context deadline exceeded")]);
    await session.run("kubectl get configmap app");
    expect((await session.run("kubectl get configmap app")).code).toBe(1);
    await run(`kubectl scale deploy -n flux-system kustomize-controller --replicas=1 && ${status} deploy/kustomize-controller`);
    await run("kubectl wait configmap/app --for=create --timeout=20s");
  });

  test("rollout restart makes a new pod; source-controller rebuilds what was on its disk", async () => {
    const before = await run("kubectl get pods -n flux-system -l app=source-controller -o name");
    await run(`kubectl rollout restart -n flux-system deploy/source-controller && ${status} deploy/source-controller`);
    const after = await run("kubectl get pods -n flux-system -l app=source-controller -o name");
    expect(after).not.toBe(before);
    await run("flux reconcile kustomization app --with-source");
    await run("kubectl delete pod -n flux-system -l app=source-controller --wait=true");
    await run(`${status} deploy/source-controller && flux reconcile source git app`);
  });

  test("two replicas: one leads, the other stands by and takes over", async () => {
    const lease = "kubectl get lease -n flux-system kustomize-controller-leader-election -o jsonpath='{.spec.holderIdentity}'";
    await run(`kubectl scale deploy -n flux-system kustomize-controller --replicas=2 && ${status} deploy/kustomize-controller`);
    const leader = (await run(lease)).replace(/_.*/, "");
    expect(await run("kubectl get pods -n flux-system -l app=kustomize-controller -o name")).toContain(`pod/${leader}\n`);
    await run(`kubectl delete pod -n flux-system ${leader} && flux reconcile kustomization app`);
    expect((await run(lease)).replace(/_.*/, "")).not.toBe(leader);
    await run("kubectl scale deploy -n flux-system kustomize-controller --replicas=1");
  });

  test("a flag that it does not know ends the container; the log says why", async () => {
    const patch = JSON.stringify([{ op: "add", path: "/spec/template/spec/containers/0/args/-", value: "--nope" }]);
    await run(`kubectl patch deploy -n flux-system source-controller --type=json -p '${patch}'`);
    await run(
      "kubectl wait pod -n flux-system -l app=source-controller --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff --timeout=20s",
    );
    expect(await run("kubectl logs -n flux-system deploy/source-controller")).toBe("unknown flag: --nope\n");
    const check = await session.run("flux check --timeout=3s");
    expect([check.code, check.stderr]).toEqual([1, expect.stringContaining("✗ source-controller: deployment not ready")]);
    await run(`kubectl rollout undo -n flux-system deploy/source-controller && ${status} deploy/source-controller`);
  });

  test("when the lab begins again they do, too, and say so", async () => {
    await run(`flux lab down && flux lab up && ${status} deploy/kustomize-controller && ${status} deploy/source-controller`);
    expect((await run("kubectl get pods -n flux-system --no-headers")).match(/ 1\/1 +Running +1 /g)).toHaveLength(4);
    await run("flux reconcile kustomization app --with-source");
  });

  test("one pod for all: --topology=single, with the Services in their places", async () => {
    await run("kubectl delete deploy -n flux-system --all && kubectl wait pod -n flux-system --all --for=delete --timeout=20s");
    const { stderr } = await session.mustRun("flux install --topology=single --image=registry.example.com/flux-ts:v0.1.0");
    expect(stderr).toContain("✔ flux-controllers: deployment ready\n✔ install finished\n");
    expect(await run("kubectl get pods -n flux-system --no-headers")).toMatch(/^flux-controllers-\S+ +1\/1 +Running/);
    expect(await run("kubectl get svc -n flux-system -o jsonpath='{.items[*].spec.selector.app}'")).toBe(
      "flux-controllers flux-controllers flux-controllers",
    );
    expect(await run("kubectl get endpointslices -n flux-system -o jsonpath='{.items[*].endpoints[*].conditions.ready}'")).toBe(
      "true true true",
    );
    await run("flux check && flux reconcile kustomization app --with-source");
    expect(await run("flux logs --kind=Kustomization --name=app")).toContain(" Kustomization/app.flux-system - ");
    const refused = await session.run("flux install --topology=single --export");
    expect(refused.stderr).toBe("✗ --topology=single requires --image to be set: upstream has no image with all controllers\n");
  });

  test("uninstall takes the controllers and their objects, and leaves what they applied", async () => {
    await run("flux uninstall --silent && kubectl wait ns/flux-system --for=delete --timeout=30s");
    expect(await run("kubectl get crd -o name")).not.toContain("fluxcd.io");
    expect(await run("kubectl get configmap app -o jsonpath='{.data.a}'")).toBe("1");
    await run("flux install --components=source-controller,kustomize-controller");
    expect((await run("kubectl get pods -n flux-system -o name")).trimEnd().split("\n")).toHaveLength(2);
  });
});
