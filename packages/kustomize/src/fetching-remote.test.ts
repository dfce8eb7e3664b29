// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, filesOf } from "../test-support/files.ts";
import type { BuildResult } from "./build.ts";
import { build } from "./build.ts";
import type { RemoteSource } from "./fetching-remote.ts";
import { withRemote } from "./fetching-remote.ts";

const repository = filesOf({
  "clone/base/kustomization.yaml": "resources: [a.yaml, ../more]\n",
  "clone/base/a.yaml": configMap("a"),
  "clone/more/kustomization.yaml": "resources: [m.yaml]\n",
  "clone/more/m.yaml": configMap("m"),
  "outside/kustomization.yaml": "resources: []\n",
});

function source(asked: string[]): RemoteSource {
  return {
    readFile: (address) => {
      asked.push(address);
      return address.endsWith("/r.yaml") ? Promise.resolve(configMap("r")) : Promise.reject(new Error("404 Not Found"));
    },
    openRepository: (address) => {
      asked.push(address);
      return Promise.resolve({ fs: repository, root: "/clone" });
    },
  };
}

function built(resources: string, asked: string[] = []): Promise<BuildResult> {
  const fs = filesOf({ "kustomization.yaml": `resources: ${resources}\nnamePrefix: p-\n` });
  return withRemote(source(asked), (remote) => build(fs, "/", { remote, reorder: "none" }));
}

test("remote files and bases are fetched, each once (G-KUS-4)", async () => {
  const asked: string[] = [];
  const { objects } = await built("['https://example.com/r.yaml', 'ssh://git@example.com/o/r.git//base?ref=v1']", asked);
  expect(objects.map((object) => object.metadata?.name)).toEqual(["p-r", "p-a", "p-m"]);
  expect(asked).toEqual(["https://example.com/r.yaml", "ssh://git@example.com/o/r.git//base?ref=v1"]);
});

test("what cannot be fetched fails the build with its reason", async () => {
  await expect(built("['https://example.com/nope.yaml']")).rejects.toMatchObject({
    name: "KustomizeError",
    code: "REMOTE",
    message: "accumulating resources: accumulating resources from 'https://example.com/nope.yaml': 404 Not Found",
  });
});

test("a base in a clone cannot lead out of it", async () => {
  await expect(built("['ssh://git@example.com/o/r.git//../outside']")).rejects.toMatchObject({ code: "OUTSIDE_ROOT" });
});
