// SPDX-License-Identifier: Apache-2.0
// `flux lab` as a person uses it: real processes and a real kubectl.
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "../smoke/lab-process.ts";
import { bundlePrograms, Session } from "./session.ts";

let programs: ReturnType<typeof bundlePrograms>;
beforeAll(() => {
  programs = bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

function open(): Session {
  const session = Session.open(programs.bin);
  if ("missing" in session) throw new Error(session.missing);
  return session;
}

const folderOf = (session: Session, name: string): string => join(session.home, ".local/state/flux-ts/labs", name);

describe.skipIf(!has("kubectl"))("flux lab", { timeout: 90_000 }, () => {
  test("up answers within a second, and makes a context that kubectl takes; down takes it away and leaves nothing running", async () => {
    await using session = open();
    const times: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { stderr } = await session.mustRun("flux lab up && kubectl get --raw=/readyz && flux lab down");
      times.push(Number(/answers at https:\/\/127\.0\.0\.1:\d+ after (\d+) ms/.exec(stderr)?.[1]));
    }
    // Others may use the machine, too: the best of three, and more time where more wait for each core.
    const waiting = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    expect(Math.min(...times)).toBeLessThan(1000 * waiting);

    const { stdout } = await session.mustRun(
      "flux lab up >told; cat told; kubectl config current-context; kubectl get nodes -o name; kubectl version -o yaml",
    );
    expect(stdout).toContain("kind-flux-lab\nnode/node-1\nnode/node-2\nnode/node-3\n");
    expect(stdout).toMatch(/compiler: flux-ts embedded/);
    const kubeconfig = /^kubeconfig +(.*)$/m.exec(stdout)?.[1] ?? "";
    expect(kubeconfig).toBe(join(folderOf(session, "flux-lab"), "kubeconfig"));
    await session.mustRun(`kubectl --kubeconfig='${kubeconfig}' get ns`, { KUBECONFIG: "/nowhere" });
    for (const path of ["", "lab.json", "run.json", "kubeconfig", "lab.log", "pki/ca.key"].map((name) =>
      join(folderOf(session, "flux-lab"), name),
    )) {
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
    }
    expect(statSync(join(session.home, ".kube/config")).mode & 0o777).toBe(0o600);

    await session.mustRun("flux lab down");
    expect(session.bench.running()).toEqual([]);
    expect((await session.mustRun("kubectl config get-contexts -o name")).stdout).toBe("");
  });

  test("what is in it outlives a stop, and a kill; it keeps its port", async () => {
    await using session = open();
    await session.mustRun("flux lab up && kubectl create configmap kept --from-literal=a=1");
    const before = readFileSync(join(folderOf(session, "flux-lab"), "run.json"), "utf8");
    await session.mustRun("flux lab down && flux lab up && kubectl get configmap kept");
    const told = JSON.parse(readFileSync(join(folderOf(session, "flux-lab"), "run.json"), "utf8")) as { port: number };
    expect(told.port).toBe((JSON.parse(before) as { port: number }).port);

    const status = await session.mustRun("flux lab status");
    const pid = Number(/^state +running, process (\d+)$/m.exec(status.stdout)?.[1]);
    await session.mustRun("kubectl create configmap last --from-literal=b=2");
    process.kill(pid, "SIGKILL");
    const after = await session.run("flux lab status");
    expect(after.code).toBe(1);
    expect(after.stdout).toMatch(/^state +stopped$/m);
    await session.mustRun("flux lab up && kubectl get configmap kept last");
  });

  test("a context of that name that is not the lab's is refused before anything starts; --no-merge leaves the file alone", async () => {
    await using session = open();
    await session.mustRun("kubectl config set-context kind-flux-lab --cluster=real && cp ~/.kube/config before");
    const refused = await session.run("flux lab up");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /✗ Cannot write context kind-flux-lab to .*its contexts have one of that name that this lab did not make/,
    );
    expect(session.bench.running()).toEqual([]);
    await session.mustRun("cmp ~/.kube/config before");

    const { stdout } = await session.mustRun("flux lab up --no-merge");
    await session.mustRun(`kubectl --kubeconfig='${/^kubeconfig +(.*)$/m.exec(stdout)?.[1] ?? ""}' get ns default`);
    await session.mustRun("flux lab down && cmp ~/.kube/config before");
  });

  test("several labs at once, each with its own context; list tells of them", async () => {
    await using session = open();
    await session.mustRun("flux lab up one & flux lab up two & wait");
    await session.mustRun("kubectl --context kind-one create ns only-one && ! kubectl --context kind-two get ns only-one");
    await session.mustRun("flux lab down two");
    const { stdout } = await session.mustRun("flux lab list");
    expect(stdout).toMatch(
      /^NAME +STATE +SERVER +LEVEL +DATA\none +running +https:\S+ +nodes +.*\/one\ntwo +stopped +- +nodes +.*\/two\n$/m,
    );
    expect((await session.mustRun("kubectl config get-contexts -o name")).stdout).toBe("kind-one\n");
  });

  test("reset empties it; the kubeconfig goes on working", async () => {
    await using session = open();
    await session.mustRun("flux lab up && kubectl create ns mine && flux lab reset && ! kubectl get ns mine && kubectl get ns default");
    await session.mustRun("flux lab down && flux lab reset && flux lab up");
    await session.mustRun("flux lab down --delete");
    expect(existsSync(folderOf(session, "flux-lab"))).toBe(false);
    const gone = await session.run("flux lab down");
    expect([gone.code, gone.stderr]).toEqual([1, "✗ there is no lab flux-lab. See flux lab list\n"]);
  });

  test("options are kept; others are refused while it runs", async () => {
    await using session = open();
    await session.mustRun("flux lab up --nodes 1 --data ./data");
    expect((await session.mustRun("flux lab up")).stderr).toContain("runs already");
    const other = await session.run("flux lab up --nodes 2");
    expect([other.code, other.stderr]).toEqual([
      1,
      "✗ lab flux-lab runs already, with another nodes. Stop it first: flux lab down flux-lab\n",
    ]);
    await session.mustRun("flux lab down && flux lab up");
    expect((await session.mustRun("kubectl get nodes -o name")).stdout).toBe("node/node-1\n");
    expect(existsSync(join(session.folder, "data", "objects"))).toBe(true);
  });

  test.each([
    ["api", "kubectl get deploy web -o jsonpath='{.status}'", "{}"],
    [
      "controllers",
      "kubectl wait deploy/web --for=jsonpath={.status.replicas}=1 >/dev/null && kubectl get pods -o jsonpath='{.items[*].status.phase}'",
      "Pending",
    ],
    ["nodes", "kubectl rollout status deploy/web >/dev/null && kubectl get pods -o jsonpath='{.items[*].status.phase}'", "Running"],
  ])("--level %s", async (level, look, found) => {
    await using session = open();
    await session.mustRun(`flux lab up --level ${level} --delay 0s`);
    await session.mustRun("kubectl create deployment web --image=nginx");
    expect((await session.mustRun(look)).stdout.replace(/^$/, "{}")).toBe(found);
    // The level says what works on the objects, not who may.
    const denied = await session.run("kubectl get pods --as=system:serviceaccount:default:default");
    expect(denied.stderr).toContain("Forbidden");
  });

  test("--fail makes pods fail, --delay all others late", async () => {
    await using session = open();
    await session.mustRun("flux lab up --fail 'image=broken' --fail 'image=looping,outcome=crash-loop,exit-code=3' --delay 500ms");
    await session.mustRun("for name in broken looping fine; do kubectl create deployment $name --image=$name:1; done");
    await session.mustRun("kubectl rollout status deploy/fine --timeout=20s");
    await session.mustRun(
      "kubectl wait pod -l app=broken --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff --timeout=20s",
    );
    await session.mustRun(
      "kubectl wait pod -l app=looping --for=jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=3 --timeout=20s",
    );
    const bad = await session.run("flux lab up other --fail nonsense");
    expect([bad.code, bad.stderr]).toEqual([
      1,
      `✗ Cannot use --fail "nonsense": "nonsense" has no value. An example: --fail 'image=podinfo'\n`,
    ]);
  });

  test("--with-controllers runs them in the lab's process, with their flags", async () => {
    await using session = open();
    await session.mustRun("flux lab up --with-controllers -- --requeue-dependency=1s --log-level=debug");
    await session.mustRun(
      `flux create source git none --url=http://127.0.0.1:1/none.git --branch=main --interval=1m --export | kubectl apply -f -`,
    );
    await session.mustRun("kubectl wait gitrepository/none -n flux-system --for=condition=Ready=false --timeout=20s");
    expect((await session.mustRun("flux lab status")).stdout).toMatch(
      /^controllers +in the lab's process --requeue-dependency=1s --log-level=debug$/m,
    );
    const bad = await session.run("flux lab up bad --with-controllers -- --nope");
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain("✗ Cannot start lab bad: unknown flag: --nope");
    const lost = await session.run("flux lab up bad2 -- --concurrent=2");
    expect(lost.stderr).toContain("flags after -- are those of the controllers, which --with-controllers starts");
  });

  test("a port that is taken, and data of a newer version, are told; nothing is left running", async () => {
    await using session = open();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const taken = await session.run(`flux lab up --port ${port}`);
    await new Promise((resolve) => server.close(resolve));
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain(`✗ Cannot start lab flux-lab: listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
    expect(taken.stderr).toContain("choose one with --port");
    expect(session.bench.running()).toEqual([]);
    await session.mustRun(`flux lab up --port ${port} && flux lab down`);

    const record = join(folderOf(session, "flux-lab"), "lab.json");
    const text = readFileSync(record, "utf8");
    writeFileSync(record, text.replace('"format": 1', '"format": 2'));
    const newer = await session.run("flux lab up");
    expect([newer.code, newer.stderr]).toEqual([1, expect.stringContaining("has format 2, this flux-ts knows up to 1")]);
    writeFileSync(record, "{");
    expect((await session.run("flux lab status")).stderr).toContain("lab.json: it is not JSON");
    writeFileSync(record, text);
    await session.mustRun("flux lab down --delete");
  });

  test("help has examples; names and flags that cannot be are refused", async () => {
    await using session = open();
    for (const command of ["lab", "lab up", "lab down", "lab status", "lab reset", "lab list"]) {
      expect((await session.mustRun(`flux ${command} --help`)).stdout).toMatch(/Examples:\n {2}/);
    }
    for (const [command, message] of [
      ["flux lab up Bad_Name", '✗ "Bad_Name" cannot be the name of a lab'],
      ["flux lab up ../up", "cannot be the name of a lab"],
      ["flux lab up --level=none", '✗ invalid argument "none" for "--level" flag'],
      ["flux lab up --port=70000", "✗ --port takes a value from 0 to 65535, not 70000"],
      ["flux lab up --delay=soon", "✗ invalid argument"],
      ["flux lab up a b", "✗ flux lab up takes one name, not 2: a b"],
      ["flux lab status nope", "✗ there is no lab nope"],
      ["flux lab sideways", ""],
    ] as const) {
      const { code, stderr } = await session.run(command);
      if (message !== "") expect([command, code, stderr]).toEqual([command, 1, expect.stringContaining(message)]);
    }
    expect(session.bench.running()).toEqual([]);
  });
});
