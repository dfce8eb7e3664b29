// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Explanation } from "@flux-ts/toolkit/explain";
import { expect, onTestFinished, test } from "vitest";
import { artifact, condition, createTestCluster, gitRepository, kustomization, reconciled } from "../../../scenarios/test-cluster.ts";

const REVISION = "main@sha1:a1b2c3";

function source(): KubeObject {
  const object = gitRepository("app");
  return { ...object, status: reconciled(object, `stored artifact for revision '${REVISION}'`, artifact(REVISION)) };
}

function apps(status: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return { ...kustomization("apps", spec), status: { observedGeneration: 1, ...status } };
}

const ready = apps({
  conditions: [condition("True", "ReconciliationSucceeded", `Applied revision: ${REVISION}`)],
  lastAppliedRevision: REVISION,
});

/** A folder with files, which goes with the test. */
function checkout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "explain-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test("an object that is well is told with its steps", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(source(), ready);
  expect(await cluster.flux("explain ks/apps")).toEqual({
    code: 0,
    err: "",
    out: `✔ source        GitRepository/flux-system/app: stored artifact for revision '${REVISION}'
✔ artifact      GitRepository/flux-system/app: ${REVISION}
✔ apply         Kustomization/flux-system/apps: applied ${REVISION}
✔ health        Kustomization/flux-system/apps: what it applied is as it should be

Kustomization/flux-system/apps: nothing is wrong.
`,
  });
});

test("a variable that is not set is told with file and line, of a checkout", async () => {
  const folder = checkout({
    "deploy/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  tag: ${tag}\n",
  });
  const message = `post build failed for 'ConfigMap.v1.[noGrp]/web': envsubst error: variable substitution failed: variable not set (strict mode): "tag"`;
  await using cluster = await createTestCluster();
  await cluster.add(source(), apps({ conditions: [condition("False", "BuildFailed", message)] }));
  const { code, out, err } = await cluster.flux(`explain kustomization apps --path ${folder}`);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain(`
Culprit: Kustomization/flux-system/apps
  Ready=False BuildFailed: ${message}
  deploy/web.yaml:6
  Give the variable a value in spec.postBuild, or a default where it is used: \${name:=value}. Then:
  $ flux reconcile kustomization apps -n flux-system --with-source
`);
});

test("a checkout that does not build tells where", async () => {
  const folder = checkout({ "deploy/kustomization.yaml": "resources:\n  - one.yaml\n", "deploy/one.yaml": "a: 1\n b: 2\n" });
  await using cluster = await createTestCluster();
  await cluster.add(source(), apps({ conditions: [condition("False", "BuildFailed", "kustomize build failed: something")] }));
  const { out } = await cluster.flux(`explain kustomization apps -o json --local-sources GitRepository/flux-system/app=${folder}`);
  const { culprit } = JSON.parse(out) as Explanation;
  expect(culprit?.place?.file).toMatch(/^deploy\//);
});

test("what lies outside of a checkout is not read", async () => {
  const folder = checkout({ "app/deploy/kustomization.yaml": "resources:\n  - ../../secret.yaml\n", "secret.yaml": "s3cr3t: [\n" });
  await using cluster = await createTestCluster();
  await cluster.add(source(), apps({ conditions: [condition("False", "BuildFailed", "kustomize build failed: something")] }));
  const { out } = await cluster.flux(`explain kustomization apps -o json --path ${folder}/app`);
  expect(out).not.toContain("s3cr3t");
});

test("JSON holds the same for a script", async () => {
  await using cluster = await createTestCluster();
  await cluster.add(
    source(),
    apps(
      { conditions: [condition("False", "DependencyNotReady", "dependency 'flux-system/infra' not found")] },
      { dependsOn: [{ name: "infra" }] },
    ),
  );
  const { out } = await cluster.flux("explain kustomization/apps -o json");
  expect(JSON.parse(out)).toMatchObject({
    target: { kind: "Kustomization", namespace: "flux-system", name: "apps" },
    state: "failed",
    culprit: {
      stage: "dependencies",
      object: { kind: "Kustomization", namespace: "flux-system", name: "infra" },
      reason: "NotFound",
      next: "flux get kustomizations -n flux-system",
    },
  });
});

test("a workload that is not there is explained by what should have applied it, and the code is 1", async () => {
  const message = `Deployment/production/web dry-run failed: no matches for kind "Deployment" in version "apps/v2"`;
  await using cluster = await createTestCluster();
  await cluster.add(source(), apps({ conditions: [condition("False", "ReconciliationFailed", message)] }));
  const { code, out } = await cluster.flux("explain deploy/web -n production");
  expect(code).toBe(1);
  expect(out).toContain("Culprit: Deployment/production/web\n  Ready=False ReconciliationFailed");
});

test("an object that nobody knows is not there", async () => {
  await using cluster = await createTestCluster();
  const { code, out } = await cluster.flux("explain hr/redis -n production");
  expect(code).toBe(1);
  expect(out).toContain("HelmRelease/production/redis is not there");
});

test.each([
  ["explain", `an object is required as KIND/NAME, like kustomization/apps; got ""`],
  ["explain kustomization", `an object is required as KIND/NAME, like kustomization/apps; got "kustomization"`],
  ["explain a/b/c", `an object is required as KIND/NAME, like kustomization/apps; got "a/b/c"`],
  ["explain gizmo/x", `the server doesn't have a resource type "gizmo"`],
  ["explain ks/apps --path /nonexistent/x", `invalid path "/nonexistent/x": it is no folder; name a checkout of the source`],
])("%s is refused", async (words, problem) => {
  await using cluster = await createTestCluster();
  const { code, err } = await cluster.flux(words);
  expect(code).toBe(1);
  expect(err).toContain(`✗ ${problem}`);
});
