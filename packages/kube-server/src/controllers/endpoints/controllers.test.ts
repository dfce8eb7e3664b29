// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { Shown } from "../../../test-support/cluster.ts";
import { APPS, CORE, startCluster, workload } from "../../../test-support/cluster.ts";

const SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const service = (spec: Record<string, unknown>) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", labels: { team: "a" } },
  spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "web" }], ...spec },
});
const ports = { containers: [{ name: "c", image: "web:1", ports: [{ name: "web", containerPort: 8080 }] }] };
const endpointsOf = (slices: readonly Shown[]) =>
  slices.flatMap((slice) => (slice as unknown as { endpoints: readonly { conditions: object }[] | null }).endpoints ?? []);

describe("endpoints of a service", () => {
  test("follow its pods, in Endpoints and in EndpointSlices", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/services`, service({}));
    expect(await cluster.list(SLICES)).toMatchObject([{ endpoints: null, ports: null, metadata: { labels: { team: "a" } } }]);
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2 }, ports));
    await cluster.advance(2000);
    const [slice] = await cluster.list(SLICES);
    expect(slice).toMatchObject({ ports: [{ name: "http", port: 8080, protocol: "TCP" }] });
    expect(endpointsOf([slice as Shown]).map((one) => one.conditions)).toEqual([
      { ready: true, serving: true, terminating: false },
      { ready: true, serving: true, terminating: false },
    ]);
    const endpoints = (await cluster.get(`${CORE}/endpoints/web`)) as unknown as { subsets: [{ addresses: unknown[]; ports: unknown }] };
    expect(endpoints.subsets[0].addresses).toHaveLength(2);
    expect(endpoints.subsets[0].ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    await cluster.request("DELETE", `${CORE}/services/web`);
    expect(await cluster.list(SLICES)).toEqual([]);
    expect(await cluster.list(`${CORE}/endpoints`)).toEqual([]);
    expect(cluster.errors).toEqual([]);
  });

  test("more than a hundred take more slices, and none is lost", async () => {
    const cluster = await startCluster({ podReadyAfterMs: 0 });
    await cluster.request("POST", `${CORE}/services`, service({ ports: [{ port: 80 }] }));
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 130 }));
    await cluster.idle();
    const slices = await cluster.list(SLICES);
    expect(slices.map((slice) => endpointsOf([slice]).length).toSorted()).toEqual([100, 30]); // prettier-ignore
  }, 20_000);

  test("a service of type LoadBalancer stays pending", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/services`, service({ type: "LoadBalancer" }));
    await cluster.advance(60_000);
    expect((await cluster.get(`${CORE}/services/web`)).status).toEqual({ loadBalancer: {} });
  });
});
