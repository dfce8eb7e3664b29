// SPDX-License-Identifier: Apache-2.0
// `npm start -- --data DIR`: what outlives the process, in order and by force.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Bench, has, type LabProcess } from "./lab-process.ts";

const COUNT = 400;
const name = (index: number): string => `cm-${String(index).padStart(3, "0")}`;
const manifest = (index: number, value: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: name(index), namespace: "default" }, data: { value } });

/** A repository of so many ConfigMaps. */
class Fleet {
  readonly folder: string;
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.folder = join(bench.folder, "fleet");
    mkdirSync(join(this.folder, "apps"), { recursive: true });
  }

  async commit(value: string): Promise<string> {
    for (let index = 0; index < COUNT; index += 1) writeFileSync(join(this.folder, "apps", `${name(index)}.yaml`), manifest(index, value));
    const script = `cd '${this.folder}' && { test -d .git || git init -q -b main; } && git add . && git -c user.name=A -c user.email=a@example.com commit -qm '${value}' && git rev-parse HEAD`;
    return (await this.#bench.shell(script)).trim();
  }
}

interface Seen {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly data: { readonly value: string };
}

async function configMaps(bench: Bench, lab: LabProcess): Promise<readonly Seen[]> {
  const text = await bench.shell("kubectl -n default get configmaps -l kustomize.toolkit.fluxcd.io/name -o json", {
    KUBECONFIG: lab.kubeconfig,
  });
  return (JSON.parse(text) as { items: Seen[] }).items;
}

const uids = (seen: readonly Seen[]): Readonly<Record<string, string>> =>
  Object.fromEntries(seen.map(({ metadata }) => [metadata.name, metadata.uid]));
const applied = (commit: string): RegExp => new RegExp(`✔ Kustomization/flux-system: main@sha1:${commit.slice(0, 8)}`);

test("state outlives a restart: the same objects, not made anew", async (context) => {
  if (!has("kubectl")) return context.skip();
  await using bench = new Bench();
  const fleet = new Fleet(bench);
  const args = ["--repo", fleet.folder, "--path", "./apps", "--data", join(bench.folder, "the data")];
  await fleet.commit("first");
  const first = bench.start(args);
  await first.until(/Everything is Ready/);
  const before = await configMaps(bench, first);
  expect(before).toHaveLength(COUNT);
  await bench.shell("kubectl create configmap by-hand -n default --from-literal=a=1", { KUBECONFIG: first.kubeconfig });
  first.signal("SIGINT");
  expect(await first.ended).toBe(0);

  const second = bench.start(args);
  await second.until(/Everything is Ready/);
  expect(uids(await configMaps(bench, second))).toEqual(uids(before));
  await bench.shell("kubectl get configmap by-hand -n default", { KUBECONFIG: second.kubeconfig });
  second.signal("SIGINT");
  expect(await second.ended).toBe(0);
});

test("SIGKILL in the middle of an apply: the cluster becomes what Git says, and nothing that Git holds was deleted", async (context) => {
  if (!has("kubectl")) return context.skip();
  await using bench = new Bench();
  const fleet = new Fleet(bench);
  const args = ["--repo", fleet.folder, "--path", "./apps", "--data", join(bench.folder, "data")];
  await fleet.commit("first");
  const first = bench.start(args);
  await first.until(/Everything is Ready/);
  const before = await configMaps(bench, first);

  // A watch tells the moment at which the apply is half-way.
  const watch = bench.start(
    ["--kubeconfig", first.kubeconfig, "-n", "default", "get", "configmaps", "-w", "-o", "jsonpath={.metadata.name}={.data.value}\n"],
    ["kubectl"],
  );
  await watch.until(new RegExp(`${name(COUNT - 1)}=first`));
  const commit = await fleet.commit("second");
  await watch.until(/=second/);
  first.signal("SIGKILL");
  expect(await first.ended).toBe("SIGKILL");

  const second = bench.start(args);
  await second.until(applied(commit));
  const after = await configMaps(bench, second);
  expect(new Set(after.map(({ data }) => data.value))).toEqual(new Set(["second"]));
  expect(uids(after)).toEqual(uids(before));
  second.signal("SIGINT");
  expect(await second.ended).toBe(0);
});

test("a second process on the same folder is refused, says so, and does the first no harm", async () => {
  await using bench = new Bench();
  const args = ["--data", join(bench.folder, "data")];
  const first = bench.start(args);
  await first.until(/Ctrl-C ends it/);
  const second = bench.start(args);
  expect(await second.ended).toBe(1);
  expect(second.output).toMatch(/✗ Cannot use .*: process \d+ has it\. Stop that process, or use another folder/);
  const pushed = first.output.split("\n").filter((line) => /^ {2}(cd .*fleet|sed|git)/.test(line));
  await bench.shell(pushed.join("\n"));
  await first.until(/◎ Kustomization\/apps: waits for Deployment\/podinfo\/podinfo[^]*✔ Kustomization\/apps[^]*✔ Kustomization\/apps/);
  first.signal("SIGINT");
  expect(await first.ended).toBe(0);
});
