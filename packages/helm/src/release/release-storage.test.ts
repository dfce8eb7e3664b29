// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { createWorld, type World } from "@flux-ts/testbed/world";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientCluster } from "../../test-support/client-cluster.ts";
import { SMALL_RECORD } from "../../test-support/small-record.ts";
import type { Cluster } from "./cluster.ts";
import type { ReleaseRecord } from "./release-record.ts";
import { ReleaseStorage, type ReleaseStorageOptions } from "./release-storage.ts";

let world: World;
let cluster: Cluster;

beforeEach(async () => {
  world = await createWorld({ startMs: Date.UTC(2026, 0, 2) });
  await world.client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } });
  cluster = clientCluster(world.client.transport);
});
afterEach(() => world[Symbol.asyncDispose]());

function storage(options: Partial<ReleaseStorageOptions> = {}): ReleaseStorage {
  return new ReleaseStorage({ cluster, namespace: "apps", clock: world.clock, ...options });
}

function revision(version: number, status: string, name = "web"): ReleaseRecord {
  return { ...SMALL_RECORD, name, version, info: { ...SMALL_RECORD.info, status }, labels: {} };
}

async function secrets(): Promise<readonly KubeObject[]> {
  return (await world.client.list({ apiVersion: "v1", kind: "Secret" }, { namespace: "apps" })).items;
}

async function names(): Promise<readonly (string | undefined)[]> {
  return (await secrets()).map(({ metadata }) => metadata.name);
}

describe("releases in Secrets (G-HEL-2)", () => {
  test("a new one has Helm's name, type and labels, and those that it brings", async () => {
    await storage().create({ ...revision(1, "deployed"), labels: { team: "red" } });
    const [secret] = await secrets();
    expect(secret?.metadata.name).toBe("sh.helm.release.v1.web.v1");
    expect(secret?.["type"]).toBe("helm.sh/release.v1");
    expect(secret?.metadata.labels).toEqual({
      team: "red",
      name: "web",
      owner: "helm",
      status: "deployed",
      version: "1",
      createdAt: String(Date.UTC(2026, 0, 2) / 1000),
    });
    expect(await storage().get("web", 1)).toEqual({ ...revision(1, "deployed"), labels: { team: "red" } });
  });

  test("one that is there cannot be made again", async () => {
    await storage().create(revision(1, "deployed"));
    await expect(storage().create(revision(1, "failed"))).rejects.toMatchObject({
      code: "RELEASE_EXISTS",
      message: "release: already exists",
    });
  });

  test("an update says when it was, and keeps the time of creation only where the release was listed", async () => {
    await storage().create(revision(1, "pending-install"));
    await world.advance("10s");
    const [listed] = await storage().history("web");
    await storage().update({ ...(listed ?? revision(1, "")), info: { ...SMALL_RECORD.info, status: "deployed" } });
    expect((await secrets())[0]?.metadata.labels).toMatchObject({ status: "deployed", createdAt: "1767312000", modifiedAt: "1767312010" });
    await storage().update(revision(1, "failed"));
    expect((await secrets())[0]?.metadata.labels).not.toHaveProperty("createdAt");
  });

  test("what is not there is told of in Helm's words", async () => {
    await expect(storage().get("web", 1)).rejects.toMatchObject({ code: "RELEASE_NOT_FOUND", message: "release: not found" });
    await expect(storage().last("web")).rejects.toMatchObject({ code: "RELEASE_NOT_FOUND" });
    await expect(storage().delete("web", 1)).rejects.toMatchObject({ code: "RELEASE_NOT_FOUND" });
    await expect(storage().deployed("web")).rejects.toMatchObject({
      code: "NO_DEPLOYED_RELEASES",
      message: '"web" has no deployed releases',
    });
    await expect(storage().update(revision(1, "failed"))).rejects.toThrow(
      'update: failed to update: secrets "sh.helm.release.v1.web.v1" not found',
    );
  });

  test("revisions are ordered by number, and other releases are none of them", async () => {
    for (const version of [10, 9, 2]) await storage().create(revision(version, version === 9 ? "deployed" : "superseded"));
    await storage().create(revision(11, "deployed", "web2"));
    expect((await storage().history("web")).map(({ version }) => version)).toEqual([2, 9, 10]);
    expect((await storage().last("web")).version).toBe(10);
    expect((await storage().deployed("web")).version).toBe(9);
    expect(await storage().list()).toHaveLength(4);
  });

  test("a Secret that holds no release is left out of lists and told of", async () => {
    await storage().create(revision(1, "deployed"));
    const [secret] = await secrets();
    const broken = { ...secret?.metadata, name: "sh.helm.release.v1.web.v2", resourceVersion: "" };
    await world.client.create({ apiVersion: "v1", kind: "Secret", metadata: broken, data: { release: "eA==" } });
    const told: string[] = [];
    const history = await storage({ onUnreadable: (name) => told.push(name) }).history("web");
    expect(history.map(({ version }) => version)).toEqual([1]);
    expect(told).toEqual(["sh.helm.release.v1.web.v2"]);
    await expect(storage().get("web", 2)).rejects.toThrow('get: failed to decode data "sh.helm.release.v1.web.v2": illegal base64');
  });

  test("the oldest make room for a new one, the deployed stays (G-HEL-31)", async () => {
    for (const version of [1, 2, 3, 4]) await storage().create(revision(version, version === 2 ? "deployed" : "failed"));
    await storage({ maxHistory: 3 }).create(revision(5, "pending-upgrade"));
    expect(await names()).toEqual(["sh.helm.release.v1.web.v2", "sh.helm.release.v1.web.v4", "sh.helm.release.v1.web.v5"]);
    await storage({ maxHistory: 1 }).create(revision(6, "pending-upgrade"));
    expect(await names()).toEqual(["sh.helm.release.v1.web.v2", "sh.helm.release.v1.web.v6"]);
    await storage().create(revision(7, "failed"));
    expect(await names()).toHaveLength(3);
  });

  test("whoever listens hears of what was written, once it was", async () => {
    const heard: string[] = [];
    const observed = storage({ onWritten: ({ version, info }) => heard.push(`${version} ${info.status}`) });
    await observed.create(revision(1, "pending-install"));
    await observed.update(revision(1, "deployed"));
    await expect(observed.create(revision(1, "failed"))).rejects.toThrow();
    await expect(observed.update(revision(2, "failed"))).rejects.toThrow();
    await observed.delete("web", 1);
    expect(heard).toEqual(["1 pending-install", "1 deployed", "1 deployed"]);
  });
});
