// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import { createGitServer, type GitServer } from "@flux-ts/testbed/git-server";
import { createGitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KustomizeSettings } from "../src/kustomize/options.ts";
import { configMap, createFleet, type Fleet } from "./fleet.ts";

/** A fleet whose builds may fetch, and a server to fetch from. */
async function createLab(settings: Partial<KustomizeSettings> = {}): Promise<{ readonly fleet: Fleet; readonly git: GitServer }> {
  const folder = await mkdtemp(join(tmpdir(), "remote-bases-"));
  const [git, client, http] = [
    await createGitServer(),
    await createGitClient({ folder, path: process.env["PATH"] ?? "" }),
    createHttpClient(),
  ];
  const fleet = await createFleet({ remoteBases: { git: client, http }, ...settings });
  onTestFinished(async () => {
    for (const each of [fleet, client, http, git]) await each[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  return { fleet, git };
}

/** Ready, once it tells: servers answer in real time, which the world does not wait for. */
function readiness(fleet: Fleet) {
  return expect.poll(() => fleet.world.ready("Kustomization", "app"), { timeout: 10_000, interval: 20 });
}

const base = { "base/kustomization.yaml": "resources: [cm.yaml]", "base/cm.yaml": configMap("remote", { a: "1" }) };
const pointTo = (address: string): Readonly<Record<string, string>> => ({
  "kustomization.yaml": JSON.stringify({ resources: [address] }),
});

test("S-033: a base of another repository is fetched and applied, by branch, tag, commit or default (G-KUS-4)", async () => {
  const { fleet, git } = await createLab();
  const repository = git.repository("bases", base);
  const commit = repository.commit({ ...base, "base/cm.yaml": configMap("remote", { a: "2" }) });
  repository.tag("v1");
  for (const query of ["", "?ref=main", "?ref=v1", `?ref=${commit}`]) {
    const revision = await fleet.commit(pointTo(`${repository.url}//base${query}`));
    await fleet.kustomize();
    await readiness(fleet).toBe(`Applied revision: ${revision}`);
    expect(await fleet.world.get("ConfigMap", "remote")).toMatchObject({ data: { a: "2" } });
  }
});

test("with --no-remote-bases nothing is asked of anybody", async () => {
  const { fleet, git } = await createLab({ noRemoteBases: true });
  const repository = git.repository("bases", base);
  await fleet.commit(pointTo(`${repository.url}//base`));
  await fleet.kustomize();
  await readiness(fleet).toMatch(/^False BuildFailed: .*remote bases are not allowed here/s);
  expect(git.requests).toEqual([]);
});

test.each([
  ["a file", "file:///etc//ssh"],
  ["a file of another spelling", "git::file:///etc//ssh"],
  ["ssh, which needs a key of ours", "ssh://git@127.0.0.1/org/repo"],
  ["git's own protocol", "git://127.0.0.1/org/repo"],
])("an address of a tenant does not reach %s", async (_, address) => {
  const { fleet } = await createLab();
  await fleet.commit(pointTo(address));
  await fleet.kustomize();
  await readiness(fleet).toMatch(/^False BuildFailed: .*only http and https addresses of repositories can be fetched here/s);
});

test("what an address holds of user, password and token is in no status, event or log", async () => {
  const { fleet, git } = await createLab();
  const repository = git.repository("bases", base);
  git.protect("bases", { username: "tenant", password: "right" });
  const at = (userInfo: string): string => repository.url.replace("://", `://${userInfo}@`);
  await fleet.commit(pointTo(`${at("tenant:s3cr3t")}//base`));
  await fleet.kustomize();
  await readiness(fleet).toMatch(/^False BuildFailed: .*:\/\/\*\*\*@/s);
  const address = `${git.url}/plain/file.yaml?token=s3cr3t`;
  await fleet.commit(pointTo(address));
  await readiness(fleet).toMatch(/token=\*\*\*/);
  const seen = JSON.stringify([await fleet.status(), fleet.told(), fleet.world.logs]);
  expect(seen).not.toContain("s3cr3t");

  const revision = await fleet.commit(pointTo(`${at("tenant:right")}//base`));
  await readiness(fleet).toBe(`Applied revision: ${revision}`);
});
