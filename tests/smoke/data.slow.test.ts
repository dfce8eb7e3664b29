// SPDX-License-Identifier: Apache-2.0
// `npm start -- --data DIR`: what outlives the process, in order and by force.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createClient, ownKubeconfig, parseKubeconfig, selectFrom, systemClock, type Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { expect, onTestFinished, test } from "vitest";
import { Bench, type LabProcess } from "./lab-process.ts";

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

const ofConfigMaps = { apiVersion: "v1", kind: "ConfigMap" };
const applied = { namespace: "default", labelSelector: "kustomize.toolkit.fluxcd.io/name" };

/** A client of a lab, by the kubeconfig that it has written. */
async function clientOf(lab: LabProcess): Promise<Client> {
  const selected = selectFrom(parseKubeconfig(readFileSync(lab.kubeconfig, "utf8"), lab.kubeconfig));
  const transport = await connect(selected, { clock: systemClock(), trust: ownKubeconfig, env: {} });
  onTestFinished(() => transport.close());
  return createClient(transport, { userAgent: "test" });
}

async function configMaps(client: Client): Promise<readonly Seen[]> {
  // What was committed is of this form.
  return (await client.list(ofConfigMaps, applied)).items as unknown as readonly Seen[];
}

/** Resolves when the first ConfigMap has the value. */
async function firstWith(client: Client, value: string): Promise<void> {
  const { resourceVersion } = await client.list(ofConfigMaps, applied);
  for await (const { object } of await client.watch(ofConfigMaps, { ...applied, resourceVersion }))
    if ((object as unknown as Seen).data.value === value) return;
}

const uids = (seen: readonly Seen[]): Readonly<Record<string, string>> =>
  Object.fromEntries(seen.map(({ metadata }) => [metadata.name, metadata.uid]));
const isApplied = (commit: string): RegExp => new RegExp(`✔ Kustomization/flux-system: main@sha1:${commit.slice(0, 8)}`);

test("S-261: state outlives a restart: the same objects, not made anew", { timeout: 90_000 }, async () => {
  await using bench = new Bench();
  const fleet = new Fleet(bench);
  const args = ["--repo", fleet.folder, "--path", "./apps", "--data", join(bench.folder, "the data")];
  await fleet.commit("first");
  const first = bench.start(args);
  await first.until(/Everything is Ready/);
  const client = await clientOf(first);
  const before = await configMaps(client);
  expect(before).toHaveLength(COUNT);
  const byHand = { ...ofConfigMaps, metadata: { name: "by-hand", namespace: "default" }, data: { a: "1" } };
  const { metadata }: KubeObject = await client.create(byHand);
  first.signal("SIGINT");
  expect(await first.ended).toBe(0);

  const second = bench.start(args);
  await second.until(/Everything is Ready/);
  const again = await clientOf(second);
  expect(uids(await configMaps(again))).toEqual(uids(before));
  expect(await again.get({ ...ofConfigMaps, namespace: "default", name: "by-hand" })).toMatchObject({
    metadata: { uid: metadata.uid },
    data: { a: "1" },
  });
  second.signal("SIGINT");
  expect(await second.ended).toBe(0);
});

test(
  "S-261: SIGKILL in the middle of an apply: the cluster becomes what Git says, and nothing that Git holds was deleted",
  { timeout: 90_000 },
  async () => {
    await using bench = new Bench();
    const fleet = new Fleet(bench);
    const args = ["--repo", fleet.folder, "--path", "./apps", "--data", join(bench.folder, "data")];
    await fleet.commit("first");
    const first = bench.start(args);
    await first.until(/Everything is Ready/);
    const client = await clientOf(first);
    const before = await configMaps(client);
    expect(before).toHaveLength(COUNT);

    // A watch tells the moment at which the apply has begun.
    const hasBegun = firstWith(client, "second");
    const commit = await fleet.commit("second");
    await hasBegun;
    first.signal("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");

    const second = bench.start(args);
    await second.until(isApplied(commit));
    const after = await configMaps(await clientOf(second));
    expect(new Set(after.map(({ data }) => data.value))).toEqual(new Set(["second"]));
    expect(uids(after)).toEqual(uids(before));
    second.signal("SIGINT");
    expect(await second.ended).toBe(0);
  },
);

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
