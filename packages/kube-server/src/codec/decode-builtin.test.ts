// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createApiServer } from "../server.ts";
import { TestClock } from "@flux-ts/testbed/clock";

/** What a POST of this body (text, so that numbers stay as they are spelled) is answered with. */
async function messageOf(path: string, body: string): Promise<string> {
  const server = createApiServer({ clock: new TestClock(), random: () => 0.5 });
  const { object } = await server.transport({ method: "POST", path, query: { dryRun: "All" }, body: new TextEncoder().encode(body) });
  server.close();
  return (object as { readonly message?: string }).message ?? "accepted";
}

const pod = (fields: string): string => `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"${fields}}]}}`;
const PODS = "/api/v1/namespaces/default/pods";
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

test.each([
  [PODS, pod(`,"imagePullPolicy":1`), "number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy"],
  [PODS, pod(`,"args":{}`), "object into Go struct field Container.spec.containers.args of type []string"],
  [
    PODS,
    pod(`,"resources":{"limits":"x"}`),
    "string into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
  ],
  [
    PODS,
    pod(`,"livenessProbe":{"exec":{"command":1}}`),
    "number into Go struct field ExecAction.spec.containers.livenessProbe.ProbeHandler.exec.command of type []string",
  ],
  [
    PODS,
    pod(`,"readinessProbe":{"httpGet":{"port":true}}`),
    "bool into Go struct field HTTPGetAction.spec.containers.readinessProbe.ProbeHandler.httpGet.port of type int32",
  ],
  [
    PODS,
    pod(`,"ports":[{"containerPort":80.0}]`),
    "number 80.0 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    PODS,
    `{"metadata":{"name":"a","generation":99999999999999999999}}`,
    "number 99999999999999999999 into Go struct field ObjectMeta.metadata.generation of type int64",
  ],
  [PODS, `{"metadata":{"name":"a","uid":1}}`, "number into Go struct field ObjectMeta.metadata.uid of type types.UID"],
  [LEASES, `{"metadata":{"name":"a"},"spec":{"renewTime":1}}`, "number into Go struct field LeaseSpec.spec.renewTime of type string"],
])("a value of a wrong type is told in Go's words: POST %s %s", async (path, body, message) => {
  expect(await messageOf(path, body)).toContain(`json: cannot unmarshal ${message}`);
});

test.each([
  [PODS, pod(`,"resources":{"limits":{"cpu":"1Gi2"}}`), "unable to parse quantity's suffix"],
  [PODS, pod(`,"resources":{"limits":{"cpu":"abc"}}`), "quantities must match the regular expression"],
  [LEASES, `{"metadata":{"name":"a","labels":1},"spec":{"renewTime":"2024-01-01T00:00:00Z"}}`, 'cannot parse "Z" as ".000000"'],
  [LEASES, `{"metadata":{"name":"a"},"spec":{"renewTime":"2024-01-01T00:00:00.000000Z"}}`, "accepted"],
  ["/api/v1/namespaces/default/limitranges", `{"metadata":{"name":"a"},"spec":{"limits":[{"type":"Pod","max":{"cpu":0.5}}]}}`, "accepted"],
])("what a type reads itself ends decoding at once: POST %s %s", async (path, body, message) => {
  expect(await messageOf(path, body)).toContain(message);
});
