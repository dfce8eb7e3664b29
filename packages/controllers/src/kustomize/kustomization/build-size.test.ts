// SPDX-License-Identifier: Apache-2.0
import { treeOf } from "@flux-ts/toolkit/artifact";
import { expect, test } from "vitest";
import { buildSize } from "./build-size.ts";

const baseFile = "resources: [deployment.yaml]";
const labFile = 'resources:\n- ../base\n- "../../shared/quota.yaml"\n';
const tree = treeOf(
  Object.entries({
    "apps/base/kustomization.yaml": baseFile,
    "apps/base/deployment.yaml": "x".repeat(1000),
    "apps/lab/kustomization.yaml": labFile,
    "apps/lab/patch.yaml": "x".repeat(10),
    "apps/other/large.yaml": "x".repeat(1_000_000),
    "shared/quota.yaml": "x".repeat(100),
    "shared/unused.yaml": "x".repeat(50_000),
  }).map(([path, text]) => ({ path, content: Buffer.from(text) })),
);
const [base, lab] = [baseFile.length, labFile.length];

test.each([
  ["apps/base", base + 1000],
  ["apps/lab", lab + 10 + base + 1000 + 100],
  ["apps/other", 1_000_000],
  ["", base + 1000 + lab + 10 + 1_000_000 + 100 + 50_000],
  ["nowhere", 0],
])("a build of %j reads about %i bytes, however large the artifact is", (folder, size) => {
  expect(buildSize(tree, folder)).toBe(size);
});
