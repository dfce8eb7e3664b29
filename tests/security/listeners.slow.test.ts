// SPDX-License-Identifier: Apache-2.0
// A page of the web can make a browser on this machine ask its loopback ports under any name: nothing of ours may answer.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { request } from "node:http";
import { request as requestOverTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import { parseFlags, silentLogger } from "@flux-ts/kube-runtime";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { expect, onTestFinished, test } from "vitest";
import { startLabCluster } from "../../packages/flux-ts/src/lab/cluster.ts";

test("G32: every listener on loopback answers programs of this machine, and no page under another name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flux-listeners-"));
  const [health, metrics] = [await freePort(), await freePort()];
  const cluster = await startLabCluster({
    folder: join(folder, "lab"),
    isKept: false,
    port: 0,
    podReadyAfterMs: 0,
    values: parseFlags([`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`], fluxFlags, flagsNotBuilt),
    log: silentLogger,
    workerUrl: new URL("../../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url),
    path: process.env["PATH"] ?? "",
    hostname: "test",
  });
  onTestFinished(async () => {
    await cluster.stop(1000);
    await rm(folder, { recursive: true, force: true });
  });
  const git = await createGitServer();
  onTestFinished(async () => git[Symbol.asyncDispose]());
  const { pathname } = new URL(git.repository("app", { a: "1" }).url);
  const artifacts = portOf(`http://${cluster.flux.storageAddress}`);
  for (const [port, path, isTls] of [
    [health, "/healthz", false],
    [health, "/readyz", false],
    [metrics, "/metrics", false],
    [artifacts, "/", false],
    [portOf(git.url), `${pathname}/info/refs?service=git-upload-pack`, false],
    [portOf(cluster.url), "/healthz", true],
  ] as const) {
    const status = (headers: Readonly<Record<string, string>>): Promise<number | undefined> => statusOf(port, path, headers, isTls);
    expect(await status({ host: `localhost:${port}` }), path).toBe(200);
    expect(await status({ host: `attacker.example:${port}` }), path).toBe(403);
    expect(await status({ host: `127.0.0.1:${port}`, origin: "https://attacker.example" }), path).toBe(403);
  }
});

function portOf(address: string): number {
  return Number(new URL(address).port);
}

function statusOf(port: number, path: string, headers: Readonly<Record<string, string>>, isTls: boolean): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    // Who asks is what counts here, not whom: the certificate is not looked at.
    const options = { host: "127.0.0.1", port, path, headers, agent: false, rejectUnauthorized: false };
    const sent = (isTls ? requestOverTls : request)(options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    sent.on("error", reject);
    sent.end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo; // it listens on TCP
      server.close(() => resolve(port));
    });
  });
}
