// SPDX-License-Identifier: Apache-2.0
// Real kubectl of two minor versions against the embedded server: each row with its exit code and what it prints, in order, over one namespace.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedKubernetes } from "./embedded-kubernetes.ts";
import { kubectlBinaries, type KubectlVersion } from "./kubectl-binaries.ts";
import { ROWS } from "./kubectl-rows.ts";
import { createKubectl, type Kubectl } from "./run-kubectl.ts";

describe.each<KubectlVersion>(["1.32", "1.35"])("kubectl %s", (version) => {
  const binaries = kubectlBinaries(version);
  if ("missing" in binaries) {
    test.skip(`its rows: ${binaries.missing}`, () => undefined);
    return;
  }
  const opened: AsyncDisposable[] = [];
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  let kubectl: Kubectl;

  beforeAll(async () => {
    const cluster = use(await startEmbeddedKubernetes({ nodes: 2 }));
    kubectl = use(await createKubectl(binaries.kubectl, cluster.kubeconfigPath));
  });
  afterAll(async () => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
  });

  for (const [command, printed, code = 0] of ROWS) {
    test(command, { timeout: 60_000 }, async () => {
      const ended = await kubectl.run(command);
      const text = `${ended.stdout}\n${ended.stderr}`;
      expect(ended.code, text).toBe(code);
      expect(
        [ended.stdout, ended.stderr].some((stream) => printed.test(stream)),
        text,
      ).toBe(true);
    });
  }
});
