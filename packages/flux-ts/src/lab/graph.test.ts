// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Fleet } from "./graph.ts";
import { graphOf } from "./graph.ts";

const metadata = { name: "app", namespace: "flux-system" };
const condition = (status: "True" | "False", reason: string, message: string): object => ({ type: "Ready", status, reason, message });

function told(source: object, kustomization: object): readonly string[] {
  const fleet: Fleet = {
    sources: [
      {
        apiVersion: "source.toolkit.fluxcd.io/v1",
        kind: "GitRepository",
        metadata,
        spec: { url: "http://git.test/app.git", interval: "1m" },
        status: source,
      } as Fleet["sources"][number],
    ],
    kustomizations: [
      {
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata,
        spec: { interval: "1m", prune: true, sourceRef: { kind: "GitRepository", name: "app" } },
        status: kustomization,
      } as Fleet["kustomizations"][number],
    ],
    workloads: [],
  };
  return graphOf(fleet).flatMap(({ state, told: text, children }) => [
    `${state}: ${text}`,
    ...children.map((child) => `${child.state}: ${child.told}`),
  ]);
}

const missing = { conditions: [condition("False", "ArtifactFailed", "Source artifact not found, retrying in 5s")] };

test("a Kustomization whose source has no artifact yet waits for it, and has not failed", () => {
  expect(told({}, missing)).toEqual(["waiting: waits for its turn", "waiting: waits for GitRepository/app"]);
});

test("when the source has failed, it is the source that is told as failed", () => {
  const source = { conditions: [condition("False", "GitOperationFailed", "repository not found")] };
  expect(told(source, missing)).toEqual(["failed: repository not found", "waiting: waits for GitRepository/app"]);
});

test("an artifact that is there and cannot be had is a failure of the Kustomization", () => {
  const artifact = { revision: "main@sha1:0123456789abcdef0123456789abcdef01234567" };
  const source = { artifact, conditions: [condition("True", "Succeeded", "stored artifact")] };
  const failed = { conditions: [condition("False", "ArtifactFailed", "failed to download archive")] };
  expect(told(source, failed)).toEqual(["ready: main@sha1:01234567", "failed: failed to download archive"]);
});
