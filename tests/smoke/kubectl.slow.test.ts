// SPDX-License-Identifier: Apache-2.0
// A real kubectl against `npm start`: what is particular to it. The whole matrix of commands is in tests/kubernetes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench, has, type Ended } from "./lab-process.ts";

const deployment = JSON.stringify({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx:1.25" }] } },
  },
});

/** Words after `kubectl`, the exit code (0 when it is left out), and what one of its streams holds. */
type Row = readonly [command: string, printed: RegExp, code?: number];

const made: readonly Row[] = [
  ["create -f one.json", /^deployment.apps\/web created/],
  ["rollout status deploy/web", /deployment "web" successfully rolled out/],
  ["explain kustomization.spec.path", /GROUP: +kustomize.toolkit.fluxcd.io[^]*FIELD: path <string>/],
];

const notServed: readonly Row[] = [
  ["logs deploy/web", /Cannot serve log of pod web-\S+: pods are simulated here, no container runs in them/, 1],
  ["exec deploy/web -- ls", /Cannot serve exec of pod web-\S+: pods are simulated here/, 1],
  ["attach deploy/web", /Cannot serve attach of pod web-\S+: pods are simulated here/, 1],
  ["port-forward deploy/web 0:80", /Cannot serve portforward of pod web-\S+: pods are simulated here/, 1],
  ["top pods", /Metrics API not available/, 1],
  ["get nonsense", /the server doesn't have a resource type "nonsense"/, 1],
  ["get configmap nope", /Error from server \(NotFound\): configmaps "nope" not found/, 1],
];

describe.skipIf(!has("kubectl"))("kubectl", () => {
  let bench: Bench;
  let kubectl: (command: string) => Promise<Ended>;

  beforeAll(async () => {
    bench = new Bench();
    const lab = bench.start([]);
    await lab.until(/Ctrl-C ends it/);
    const env = { KUBECONFIG: lab.kubeconfig };
    kubectl = (command) => bench.run("kubectl", ["-n", "shop", ...command.split(" ")], { env });
    writeFileSync(join(bench.folder, "one.json"), deployment);
    expect(await kubectl("create namespace shop")).toMatchObject({ code: 0 });
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  for (const [command, printed, code = 0] of [...made, ...notServed]) {
    test(command, async () => {
      const ended = await kubectl(command);
      const text = `${ended.stdout}\n${ended.stderr}`;
      expect(ended.code, text).toBe(code);
      expect(
        [ended.stdout, ended.stderr].some((stream) => printed.test(stream)),
        text,
      ).toBe(true);
    });
  }
});
