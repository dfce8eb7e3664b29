// SPDX-License-Identifier: Apache-2.0
// The commands of the course outside the lab, as they stand there and in their order, on one fleet in one lab (S-204, S-214…S-218, S-271, S-275).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "../smoke/lab-process.ts";
import { commandsOf, shellSections } from "./page-blocks.ts";
import { bundlePrograms, courseDir, Session } from "./session.ts";

const course = courseDir();

interface Row {
  readonly command: string;
  /** What has to happen before. */
  readonly before?: string;
  /** 0 when absent. */
  readonly code?: number;
  /** In what it prints, both streams. */
  readonly told?: readonly RegExp[];
}

/** These wait for a controller or a service that is not built yet. */
const LATER = [/^flux bootstrap github/, /^flux reconcile helmrelease /];

const applied = /^apps *\tmain@sha1:[0-9a-f]{8}\tFalse +\tTrue +\tApplied revision: main@sha1:[0-9a-f]{8}/m;
const stored = /^fleet-infra *\tmain@sha1:[0-9a-f]{8}\tFalse +\tTrue +\tstored artifact for revision 'main@sha1:[0-9a-f]{8}'/m;
const passed = [/✔ all checks passed/];
const reconciled = [/✔ fetched revision main@sha1:[0-9a-f]{40}\n[^]*✔ applied revision main@sha1:[0-9a-f]{40}\n/];
const suspended = [/► suspending kustomization apps in flux-system namespace\n✔ kustomization suspended\n/];
const resumed = [/✔ kustomization resumed\n◎ waiting for Kustomization reconciliation\n[^]*✔ applied revision main@sha1:[0-9a-f]{40}\n/];
const described = [/Message: +Applied revision: main@sha1:[0-9a-f]{40}/, /Normal +ReconciliationSucceeded /];
const noReleases = [/^✗ no HelmRelease objects found in "flux-system" namespace\n/m];
const blocked = `dependency 'flux-system/cert-manager' is not ready`;

/** Cert-manager's image cannot be pulled, and apps depends on it. */
const BREAK_CERT_MANAGER = `sed -i 's#image: cert-manager:1#image: unreachable/cert-manager:1#' cert-manager/deploy.yaml
git commit -qam "cert-manager from another registry" && git push -q origin main
k patch kustomization apps -n flux-system --type=merge -p '{"spec":{"dependsOn":[{"name":"cert-manager"}]}}'
flux reconcile kustomization cert-manager --with-source --timeout=2s || true
k wait kustomization/apps -n flux-system --for=jsonpath='{.status.conditions[?(@.type=="Ready")].reason}'=DependencyNotReady --timeout=20s`;
const MEND_CERT_MANAGER = `git revert --no-edit HEAD && git push -q origin main
flux reconcile kustomization cert-manager --with-source && flux reconcile kustomization apps`;
/** A release that rolls out, and is bad all the same: what there was before is the revision to go back to. */
const BAD_RELEASE = `sed -i 's#image: api-gateway:1#image: api-gateway:2#' apps/deploy.yaml
git commit -qam "api-gateway 2" && git push -q origin main
flux reconcile kustomization apps --with-source`;

const ROWS: readonly Row[] = [
  { command: "kubectl get ns flux-system", told: [/^flux-system +Active/m] },
  { command: "alias k=kubectl" },
  { command: "flux check", told: passed },
  { command: "flux get all", told: [/^gitrepository\/fleet-infra\t/m, /^kustomization\/apps +\t/m] },
  {
    command: "k get gitrepositories,kustomizations,helmreleases -A",
    told: [/^flux-system +gitrepository\S+\/fleet-infra /m, /\/cert-manager +\S+ +True /],
  },
  { command: "k describe kustomization -n flux-system", told: described },
  { command: "flux check --pre", told: [/✔ prerequisites checks passed/] },
  { command: "flux get sources git", told: [stored] },
  { command: "flux get kustomizations", told: [applied] },
  { command: "flux get helmreleases", code: 1, told: noReleases },
  {
    command: "flux get kustomization apps -o wide",
    told: [/^NAME *\tREVISION *\tSUSPENDED\tREADY\tMESSAGE .*\tDEPENDS-ON *\tAGE[ \t]*\napps *\t/m],
  },
  { command: "k describe kustomization apps -n flux-system", told: described },
  {
    command: "flux logs --kind=Kustomization --name=apps --namespace=flux-system",
    told: [/ info Kustomization\/apps\.flux-system - Reconciliation finished in /],
  },
  { command: "flux reconcile source git fleet-infra", told: [/✔ fetched revision main@sha1:[0-9a-f]{40}\n/] },
  { command: "flux reconcile kustomization apps --with-source", told: reconciled },
  { command: "flux suspend kustomization apps", told: suspended },
  { command: "k scale deployment api-gateway -n production --replicas=2", told: [/deployment\.apps\/api-gateway scaled/] },
  { command: "flux resume kustomization apps", told: resumed },
  { command: "flux reconcile kustomization apps --with-source", told: reconciled },
  { command: "flux check", before: `test "$(k get deploy api-gateway -n production -o jsonpath={.spec.replicas})" = 5`, told: passed },
  { command: "flux get all", told: [/^kustomization\/apps +\t/m] },
  { command: "k get configmap cluster-config -n flux-system", told: [/^cluster-config +1 /m] },
  { command: "k get secret ghcr-credentials -n flux-system", told: [/^ghcr-credentials +kubernetes\.io\/dockerconfigjson +1 /m] },
  { command: "flux reconcile source git fleet-infra", told: [/✔ fetched revision/] },
  { command: "flux reconcile kustomization apps --with-source", told: reconciled },
  { command: "flux get kustomizations", told: [applied] },
  {
    command: "flux get kustomization apps -o wide",
    before: BREAK_CERT_MANAGER,
    told: [new RegExp(`^apps *\\t.*\\tFalse +\\tFalse.*${blocked}`, "m")],
  },
  {
    command: "flux get kustomization cert-manager -o wide",
    told: [/^cert-manager *\tmain@sha1:[0-9a-f]{8}\tFalse +\t(?:False|Unknown) *\t/m],
  },
  { command: "k describe kustomization cert-manager -n flux-system", told: [/Type: +Ready/] },
  { command: "k get pods -n cert-manager", told: [/^cert-manager-\S+ +0\/1 +(ImagePullBackOff|ErrImagePull) /m] },
  {
    command: "k get events -n cert-manager --sort-by='.lastTimestamp'",
    told: [/Warning +Failed +pod\/cert-manager-\S+ +Failed to pull image "unreachable\/cert-manager:1"/],
  },
  {
    command: "flux logs --kind=Kustomization --name=cert-manager --namespace=flux-system",
    told: [/ Kustomization\/cert-manager\.flux-system - /],
  },
  { command: "flux suspend kustomization apps", before: `${MEND_CERT_MANAGER}\n${BAD_RELEASE}`, told: suspended },
  { command: "k rollout undo deployment/api-gateway -n production", told: [/deployment\.apps\/api-gateway rolled back/] },
  { command: "k rollout status deployment/api-gateway -n production --timeout=120s", told: [/successfully rolled out/] },
  { command: "git revert --no-edit HEAD", told: [/Revert "api-gateway 2"/] },
  { command: "git push origin main" },
  { command: "flux resume kustomization apps", told: resumed },
  { command: "flux reconcile kustomization apps --with-source", told: reconciled },
  {
    command: "flux get kustomizations",
    before: `test "$(k get deploy api-gateway -n production -o jsonpath={..image})" = api-gateway:1`,
    told: [applied],
  },
  { command: "k get kustomizations -n flux-system", told: [/^apps +\S+ +True +Applied revision: main@sha1:/m] },
  { command: "k describe kustomization apps -n flux-system", told: described },
  { command: "flux suspend kustomization apps", told: suspended },
  { command: "k scale deployment api-gateway -n production --replicas=2" },
  { command: "flux resume kustomization apps", told: resumed },
  { command: "flux reconcile kustomization apps --with-source", told: reconciled },
];

const deployment = (namespace: string, name: string, replicas: number): string => `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${name}:1
`;

describe.skipIf(course === undefined || !has("kubectl"))("the course's commands", { timeout: 150_000 }, () => {
  let programs: ReturnType<typeof bundlePrograms>;
  let session: Session;
  let git: GitServer;
  beforeAll(async () => {
    programs = bundlePrograms();
    const opened = Session.open(programs.bin);
    if ("missing" in opened) throw new Error(opened.missing);
    session = opened;
    git = await createGitServer({ pushCredential: { username: "me", password: "secret" } });
    const { url } = git.repository("fleet-infra", {
      "apps/deploy.yaml": deployment("production", "api-gateway", 5),
      "cert-manager/deploy.yaml": deployment("cert-manager", "cert-manager", 1),
    });
    await session.mustRun(`git clone -q ${url.replace("://", "://me:secret@")} . && git config user.name me && git config user.email me@example.com
      flux lab up --delay 0s --fail image=unreachable/ && flux install
      kubectl patch deploy kustomize-controller -n flux-system --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--requeue-dependency=1s"}]'
      kubectl rollout status deploy/kustomize-controller -n flux-system
      kubectl create configmap cluster-config -n flux-system --from-literal=CLUSTER_NAME=lab
      kubectl create secret docker-registry ghcr-credentials -n flux-system --docker-server=ghcr.io --docker-username=me --docker-password=x
      flux create source git fleet-infra --url=${url} --branch=main --interval=10m
      for name in cert-manager apps; do
        flux create kustomization $name --source=GitRepository/fleet-infra --path=./$name --prune --wait --interval=10m --retry-interval=2s --health-check-timeout=3s
      done`);
  }, 120_000);
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
    programs.remove();
  });

  test("are all here, in their order, but for those that wait for something else", () => {
    const all = shellSections(`# all\n${readFileSync(join(course ?? "", "commands.md"), "utf8")}`).flatMap(({ script }) =>
      commandsOf(script),
    );
    expect(ROWS.map(({ command }) => command)).toEqual(all.filter((command) => !LATER.some((pattern) => pattern.test(command))));
  });

  test.each(ROWS.map((row, index) => ({ ...row, index: index + 1 })))(
    "$index $command",
    async ({ command, before, code = 0, told = [] }) => {
      if (before !== undefined) await session.mustRun(before);
      const ended = await session.run(command);
      const output = `${ended.stdout}${ended.stderr}`;
      expect([ended.code, output]).toEqual([code, expect.any(String)]);
      for (const pattern of told) expect(output).toMatch(pattern);
    },
  );
});
