// SPDX-License-Identifier: Apache-2.0
// The course's lab, S-300…S-350: docs/getting-started.md as it stands, with real processes, sockets, git and kubectl.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ended } from "../smoke/lab-process.ts";
import { root } from "../smoke/lab-process.ts";
import { commandsOf, shellSections } from "./page-blocks.ts";
import { bundlePrograms, courseDir, servePodinfo, Session } from "./session.ts";

const page = readFileSync(join(root, "docs/getting-started.md"), "utf8");
const sections = shellSections(page);
const course = courseDir();
const PODINFO = "https://github.com/stefanprodan/podinfo";

function scriptOf(heading: RegExp): string {
  const found = sections.find((section) => heading.test(section.heading));
  if (found === undefined) throw new Error(`the page has no section ${heading}`);
  return found.script;
}

let programs: ReturnType<typeof bundlePrograms>;
beforeAll(() => {
  programs = bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

test.skipIf(course === undefined)(
  "the page has every command of the lab's steps 1, 2, 4, 5 and 6, verbatim but for kind and limits of time",
  () => {
    const [, ...steps] = readFileSync(join(course ?? "", "lab.md"), "utf8").split(/^## Step /m);
    const wanted = steps
      .filter((step) => !step.startsWith("3"))
      .flatMap((step) => shellSections(`# step\n${step}`).flatMap(({ script }) => commandsOf(script)));
    const have = sections.flatMap(({ script }) => commandsOf(script));
    const adapted = wanted.map((command) =>
      command
        .replace("kind create cluster --name flux-lab", "flux lab up flux-lab")
        .replace("kind delete cluster --name flux-lab", "flux lab down flux-lab --delete")
        .replace(/^(flux reconcile kustomization blocked-demo --with-source)$/, '$1 --timeout=5s || echo "not reconciled"')
        .replace(" bitnami-source.yaml", ""),
    );
    expect(adapted.length).toBeGreaterThan(20);
    expect(adapted.filter((command) => !have.includes(command))).toEqual([]);
  },
);

describe.skipIf(course === undefined).each([
  { kubectl: "1.35", variant: "with replicas" },
  { kubectl: "1.32", variant: "as it is" },
] as const)("the lab with kubectl $kubectl on podinfo $variant", ({ kubectl, variant }) => {
  test("goes as the course says, step by step", { timeout: 180_000 }, async (context) => {
    const session = Session.open(programs.bin, kubectl);
    if ("missing" in session) return context.skip(session.missing);
    await using _ = session;
    await using git = await servePodinfo(variant);
    const times: string[] = [];
    const step = async (heading: RegExp): Promise<Ended & { readonly output: string }> => {
      const script = scriptOf(heading).replaceAll(PODINFO, git.podinfo).replace("$PWD/node_modules/.bin", programs.bin);
      const begun = performance.now();
      const ended = await session.mustRun(script);
      times.push(`${heading.source} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      return { ...ended, output: `${ended.stdout}${ended.stderr}` };
    };

    await step(/^Getting/);
    const one = await step(/^1/);
    expect(one.stderr).toContain("✔ prerequisites checks passed");
    expect(one.stderr).toContain("✔ install finished");
    expect(one.stderr).toContain("✔ all checks passed");
    for (const name of ["source", "kustomize", "helm", "notification"]) {
      expect(one.stdout).toMatch(new RegExp(`^${name}-controller-\\S+ +1/1 +Running +0 `, "m"));
    }
    expect(one.output).toMatch(/Kubernetes control plane.* is running at .*https:\/\/127\.0\.0\.1:\d+/);

    const two = await step(/^2/);
    expect(two.stdout).toMatch(
      /^podinfo\tmaster@sha1:[0-9a-f]{8}\tFalse +\tTrue +\tstored artifact for revision 'master@sha1:[0-9a-f]{8}'/m,
    );
    expect(two.stdout).toMatch(/^podinfo\tmaster@sha1:[0-9a-f]{8}\tFalse +\tTrue +\tApplied revision: master@sha1:[0-9a-f]{8}/m);
    // Without replicas in git it begins with one, and the autoscaler makes it two at its next look.
    const pods = (two.stdout.match(/^default +podinfo-\S+ +1\/1 +Running/gm) ?? []).length;
    expect(variant === "with replicas" ? [2] : [1, 2]).toContain(pods);
    expect(two.stdout).toMatch(/^default +deployment\.apps\/podinfo +[12]\/[12] /m);
    expect(two.stdout).toMatch(/^default +service\/podinfo +ClusterIP/m);
    expect(readFileSync(join(session.folder, "podinfo-kustomization.yaml"), "utf8")).toBe(KUSTOMIZATION);

    const four = await step(/^4/);
    expect(four.stderr).toContain("✔ kustomization suspended");
    expect(four.stdout).toContain("deployment.apps/podinfo scaled");
    expect(four.stderr).toMatch(/✔ kustomization resumed\n[^]*✔ applied revision master@sha1:[0-9a-f]{40}\n/);
    const counts = [...four.stdout.matchAll(/^podinfo +\d+\/(\d+) /gm)].map(([, count]) => count);
    // Without replicas in git they are not Flux's to bring back (D-5): the autoscaler keeps them within 2 and 4.
    if (variant === "with replicas") expect(counts).toEqual(["5", "2"]);
    else await session.mustRun("k wait deployment/podinfo --for=jsonpath={.spec.replicas}=4 --timeout=40s");

    const five = await step(/^5/);
    expect(five.output).toContain("✗ context deadline exceeded");
    expect(five.stdout).toContain("not reconciled");
    const blocked = `dependency 'flux-system/missing-dependency' not found: kustomizations.kustomize.toolkit.fluxcd.io "missing-dependency" not found`;
    const row = five.stdout.split("\n").find((line) => line.startsWith("blocked-demo")) ?? "";
    expect(row).toMatch(/\tFalse +\tFalse/);
    expect(row).toContain(blocked);
    expect(five.stdout).toMatch(/Reason: +DependencyNotReady/);
    expect(five.stdout).toContain(blocked);
    expect(five.stdout).toMatch(/^\S+ (info|error) Kustomization\/blocked-demo\.flux-system - /m);
    expect(five.stdout).toContain('kustomization.kustomize.toolkit.fluxcd.io "blocked-demo" deleted');

    await step(/^6/);
    expect(existsSync(join(session.folder, "podinfo-source.yaml"))).toBe(false);
    expect((await session.run("kubectl config get-contexts -o name")).stdout).toBe("");
    expect((await session.run("flux lab list")).stderr).toContain("There is no lab yet");
    expect(session.bench.running()).toEqual([]);
    process.stdout.write(`lab with kubectl ${kubectl}: ${times.join(", ")}\n`);
  });
});

const KUSTOMIZATION = `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: podinfo
  namespace: flux-system
spec:
  interval: 10m0s
  path: ./kustomize
  prune: true
  sourceRef:
    kind: GitRepository
    name: podinfo
  timeout: 2m0s
  wait: true
`;
