// SPDX-License-Identifier: Apache-2.0
// `npm start` as a stranger meets it: real processes, a real kubectl and git.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Bench, has, root } from "./lab-process.ts";

const READY = /podinfo is Ready after ([\d.]+) s/;
const labFolders = (): readonly string[] => (existsSync(join(root, ".flux-ts")) ? readdirSync(join(root, ".flux-ts")) : []);

describe("npm start", () => {
  test("ends in podinfo is Ready within 8 s; Ctrl-C ends it with 0 and leaves nothing running or lying about", async () => {
    await using bench = new Bench();
    const lab = bench.start([], ["npm", "start", "--"]);
    const [, seconds] = await lab.until(READY);
    expect(Number(seconds)).toBeLessThan(8);
    await lab.until(/Ctrl-C ends it/);
    expect(statSync(lab.kubeconfig).mode & 0o777).toBe(0o600);
    const folder = join(lab.kubeconfig, "..");
    expect(statSync(folder).mode & 0o777).toBe(0o700);

    lab.signal("SIGINT");
    expect(await lab.ended).toBe(0);
    expect(bench.running()).toEqual([]);
    expect(bench.leftovers().filter((name) => !name.startsWith("node-compile-cache"))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test("Ctrl-C while it starts leaves nothing either", async () => {
    await using bench = new Bench();
    const before = labFolders();
    const lab = bench.start([]);
    await lab.until(/repository /);
    lab.signal("SIGINT");
    expect(await lab.ended).toBe(0);
    expect(bench.running()).toEqual([]);
    expect(labFolders()).toEqual(before);
  });

  test("a second Ctrl-C ends it at once, and leaves nothing either", async () => {
    await using bench = new Bench();
    const lab = bench.start([]);
    await lab.until(/Ctrl-C ends it/);
    lab.signal("SIGINT");
    await lab.until(/Stopping/);
    const begun = Date.now();
    const again = setInterval(() => lab.signal("SIGINT"), 100);
    await lab.ended.finally(() => clearInterval(again));
    expect(Date.now() - begun).toBeLessThan(2000);
    expect(bench.running()).toEqual([]);
    expect(existsSync(join(lab.kubeconfig, ".."))).toBe(false);
  });

  test("every command that it prints works as it stands: a commit that is pushed arrives, what is broken is mended", async (context) => {
    if (!has("kubectl")) return context.skip();
    await using bench = new Bench();
    const lab = bench.start([]);
    await lab.until(/Ctrl-C ends it/);
    const printed = [...lab.output.matchAll(/^ {2}(\S.*)$/gm)].flatMap(([, command]) => command ?? []);
    expect(printed.slice(0, 3).map((command) => command.split(/[ =]/)[0])).toEqual(["cd", "export", "npx"]);
    const cut = printed.findIndex((command, index) => index > 0 && command.startsWith("cd "));

    const looked = await bench.shell(printed.slice(0, cut).join("\n"));
    expect(looked).toMatch(/^apps\s+\S+\s+False\s+True\s+Applied revision: main@sha1:[0-9a-f]+/m);
    expect(looked.match(/^podinfo +podinfo-\S+ +1\/1 +Running /gm)).toHaveLength(2);

    const rest = printed.slice(
      cut,
      printed.findIndex((command) => command.startsWith("kubectl -n podinfo delete")),
    );
    await bench.shell(rest.join("\n"));
    const env = { KUBECONFIG: lab.kubeconfig };
    await bench.shell("kubectl -n podinfo wait deployment/podinfo --for=jsonpath={.status.readyReplicas}=3 --timeout=20s", env);

    await bench.shell([printed[1], ...printed.slice(cut + rest.length)].join("\n"));
    await bench.shell("kubectl -n podinfo wait service/podinfo --for=create --timeout=20s", env);
    lab.signal("SIGINT");
    expect(await lab.ended).toBe(0);
    expect(bench.running()).toEqual([]);
  });

  test("draws the graph in place on a terminal", async (context) => {
    if (!has("script") || process.platform !== "linux") return context.skip();
    await using bench = new Bench();
    const command = `'${process.execPath}' '${join(root, "tools/start.mjs")}' --once`;
    const { code, stdout } = await bench.run("script", ["-qefc", command, "/dev/null"], { env: { TERM: "xterm-256color" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(READY);
    // Cursor up over what was drawn before, and clear from there.
    // oxlint-disable-next-line no-control-regex
    expect(stdout).toMatch(/\u001b\[\d+A\u001b\[0J/);
  });
});

describe("npm start with a repository of one's own", () => {
  const manifest = (value: string): string =>
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own", namespace: "default" }, data: { value } });

  test("follows it, wherever it lies: a commit arrives by itself, and nothing is written into it", async () => {
    await using bench = new Bench();
    const folder = join(bench.folder, "my fleet");
    mkdirSync(join(folder, "the cluster"), { recursive: true });
    const commit = (value: string): Promise<string> => {
      writeFileSync(join(folder, "the cluster", "own.yaml"), manifest(value));
      return bench.shell(
        `cd '${folder}' && git add . && git -c user.name=A -c user.email=a@example.com commit -qm '${value}' && git rev-parse HEAD`,
      );
    };
    await bench.shell(`git init -q -b trunk '${folder}'`);
    await commit("first");
    const lab = bench.start(["--repo", folder, "--path", "./the cluster"]);
    await lab.until(/Everything is Ready/);
    const second = (await commit("second")).trim();
    await lab.until(new RegExp(`Kustomization/flux-system: trunk@sha1:${second.slice(0, 8)}`));
    expect(await bench.shell(`cd '${folder}' && git status --porcelain && git for-each-ref --format='%(refname)'`)).toBe(
      "refs/heads/trunk\n",
    );
    lab.signal("SIGTERM");
    expect(await lab.ended).toBe(0);
    expect(bench.running()).toEqual([]);
  });

  test.each([
    [
      "a folder that is none",
      async (): Promise<readonly string[]> => [],
      /✗ Cannot serve .*it is not a git repository\. Give the folder of one with --repo/,
    ],
    [
      "one without a commit",
      async (bench: Bench, folder: string) => [await bench.shell(`git init -q '${folder}'`)],
      /✗ Cannot follow branch \w+ of .*it has no commit/,
    ],
  ])("refuses %s, and says why", async (_, prepare, message) => {
    await using bench = new Bench();
    const before = labFolders();
    const folder = join(bench.folder, "other");
    mkdirSync(folder);
    await prepare(bench, folder);
    const lab = bench.start(["--repo", folder]);
    expect(await lab.ended).toBe(1);
    expect(lab.output).toMatch(message);
    expect(labFolders()).toEqual(before);
  });

  test("tells of a path that the repository has not, and goes on", async () => {
    await using bench = new Bench();
    const folder = join(bench.folder, "fleet");
    await bench.shell(
      `git init -q '${folder}' && cd '${folder}' && git -c user.name=A -c user.email=a@example.com commit -q --allow-empty -m x`,
    );
    const lab = bench.start(["--repo", folder, "--path", "./nowhere"]);
    await lab.until(/✗ Kustomization\/flux-system: .*nowhere/);
    lab.signal("SIGINT");
    expect(await lab.ended).toBe(0);
  });

  test("an option that it does not know is refused with 2", async () => {
    await using bench = new Bench();
    const lab = bench.start(["--nonsense"]);
    expect(await lab.ended).toBe(2);
    expect(lab.output).toContain("See npm start -- --help");
  });
});
