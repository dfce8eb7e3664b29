// SPDX-License-Identifier: Apache-2.0
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { unpackWith } from "@flux-ts/controllers";
import { createCompute, systemClock } from "@flux-ts/kube-runtime";
import { packTree, treeOf, unpackTree } from "@flux-ts/toolkit/artifact";
import { expect, onTestFinished, test } from "vitest";

const workerUrl = new URL("../programs/compute-worker.ts", import.meta.url);

function reader(timeoutMs = 60_000) {
  const pool = createCompute({ clock: systemClock(), workerUrl, timeoutMs });
  onTestFinished(() => pool.close());
  return unpackWith(pool.compute);
}

test("I37: an archive of two hundred thousand files keeps the event loop for a moment only, and arrives whole", async () => {
  const entries = Array.from({ length: 200_000 }, (_, index) => ({
    path: `folder-${index % 100}/file-${index}`,
    content: new Uint8Array(index % 3),
    executable: index % 7 === 0,
  }));
  const tree = treeOf(entries);
  const archive = await packTree(tree);
  const read = reader();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const unpacked = await unpackTree(archive, { reader: read });
  delay.disable();
  // In line it is several seconds. What is left is putting the maps together.
  expect(delay.max / 1e6).toBeLessThan(1500);
  expect(unpacked.files.size).toBe(tree.files.size);
  expect([...unpacked.folders].toSorted()).toEqual([...tree.folders].toSorted());
  expect([...unpacked.files.keys()].slice(0, 1000)).toEqual([...tree.files.keys()].slice(0, 1000));
  expect(unpacked.executables.size).toBe(tree.executables.size);
  for (const [path, content] of [...tree.files].slice(0, 1000)) expect(unpacked.files.get(path)?.length, path).toBe(content.length);
}, 120_000);

test("what an archive is refused for reads the same from the thread, and one that takes too long is given up", async () => {
  const big = { path: "big", content: new Uint8Array(2 * 1024 * 1024) };
  const climbing = Buffer.from(await packTree(treeOf([{ path: "xx/evil", content: Buffer.from("x") }, big])));
  const broken = gzipSync(Buffer.concat([Buffer.alloc(1024, 1), Buffer.alloc(2 * 1024 * 1024, 2)]));
  for (const [archive, limits] of [
    [broken, {}],
    [climbing, { maxBytes: 1_500_000 }],
    [climbing, { maxPathLength: 2 }],
  ] as const) {
    const inLine = await unpackTree(archive, limits).catch((error: unknown) => error);
    const inThread = await unpackTree(archive, { ...limits, reader: reader() }).catch((error: unknown) => error);
    expect(inLine).toMatchObject({ name: "ArtifactError" });
    expect(inThread).toMatchObject({ name: "ArtifactError", code: (inLine as { code: string }).code, message: (inLine as Error).message });
  }
  await expect(unpackTree(climbing, { reader: reader(1) })).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining("killed"),
  });
}, 60_000);
