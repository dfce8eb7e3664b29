// SPDX-License-Identifier: Apache-2.0
// Each row of kubectl's commands on a real Kubernetes and on the embedded one: exit codes and outputs are the same, but for what stands in DIFFERENT.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBinaries } from "./binaries.ts";
import { startEmbeddedKubernetes } from "./embedded-kubernetes.ts";
import { kubectlBinaries, type KubectlVersion } from "./kubectl-binaries.ts";
import { ROWS } from "./kubectl-rows.ts";
import { normaliseOutput } from "./normalise-output.ts";
import { startRealKubernetes } from "./real-kubernetes.ts";
import { createKubectl, type Kubectl, type Outcome } from "./run-kubectl.ts";

/** Rows whose output may differ, each with its reason; exit codes never may. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "rollout status": "tells the steps that it sees, which depends on how fast pods come",
  "describe deploy web": "events come in the order in which two controllers race",
  "describe pod solo": "kwok's pods have no container ids, volumes or events; ours have",
  "describe pvc disk": "the controller repeats its event every 15 s, the embedded one tells it once",
  "describe node node-1": "the embedded nodes renew no lease, and get no annotation of a TTL",
  "explain deployment.spec.replicas": "the embedded server has no descriptions of built-in fields",
  "explain pod.spec.containers --recursive": "the embedded server has no descriptions and enumerations of built-in fields",
  events: "kwok's pods tell no events",
  "get events --field-selector=involvedObject.kind=Job": "events come in the order in which two controllers race",
  "get all": "a StatefulSet's pod may still be on its way",
  "drain node-1": "the scheduler chooses which pods are on the node",
  "get --raw /api/v1/namespaces/shop/configmaps/map": "keys of JSON have another order",
  "get pods -A --chunk-size=1": "other pods may still be on their way",
};

function reasonFor(command: string): string | undefined {
  return Object.entries(DIFFERENT).find(([start]) => command === start || command.startsWith(`${start} `))?.[1];
}

describe.each<KubectlVersion>(["1.32", "1.35"])("kubectl %s on a real Kubernetes and on the embedded one", (version) => {
  const [binaries, kubernetes] = [kubectlBinaries(version), findBinaries()];
  if ("missing" in binaries || "missing" in kubernetes) {
    test.skip(`its rows: ${"missing" in binaries ? binaries.missing : "missing" in kubernetes ? kubernetes.missing : ""}`, () => undefined);
    return;
  }
  const opened: AsyncDisposable[] = [];
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  let both: readonly [real: Kubectl, embedded: Kubectl];

  beforeAll(async () => {
    const real = use(await startRealKubernetes({ nodes: 2 }));
    const embedded = use(await startEmbeddedKubernetes({ nodes: 2 }));
    both = [
      use(await createKubectl(binaries.kubectl, real.kubeconfigPath)),
      use(await createKubectl(binaries.kubectl, embedded.kubeconfigPath)),
    ];
  });
  afterAll(async () => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
  });

  for (const [command, printed, code = 0] of ROWS) {
    test(command, async () => {
      const [real, embedded] = (await Promise.all(both.map((one) => one.run(command)))) as [Outcome, Outcome]; // of the two
      expect(real.code, `the real one: ${real.stdout}${real.stderr}`).toBe(code);
      expect(
        [real.stdout, real.stderr].some((stream) => printed.test(stream)),
        `the real one: ${real.stdout}${real.stderr}`,
      ).toBe(true);
      expect(embedded.code, `the embedded one: ${embedded.stdout}${embedded.stderr}`).toBe(code);
      if (reasonFor(command) !== undefined) return;
      expect(normaliseOutput(embedded.stdout)).toBe(normaliseOutput(real.stdout));
      expect(normaliseOutput(embedded.stderr)).toBe(normaliseOutput(real.stderr));
    });
  }
});
