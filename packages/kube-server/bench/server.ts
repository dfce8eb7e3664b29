// SPDX-License-Identifier: Apache-2.0
import { request as httpsRequest, Agent } from "node:https";
import type { KubeObject } from "@flux-ts/kube-core";
import { createApiServer } from "../src/server.ts";
import { serveHttps } from "../src/front/serve-https.ts";
import { createAuthority, issueClient, issueServer } from "../src/tls/authority.ts";
import { wallClock } from "../conformance/wall-clock.ts";

// Prints how many writes and reads a second the API server answers, in process and over TLS with HTTP/1.1.

const OBJECTS = 500;
const ROUNDS = 6;
const PODS = 10_000;

function deployment(index: number, round: number): KubeObject {
  const labels = { app: `app-${index}`, "app.kubernetes.io/part-of": "bench" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `app-${index}`, namespace: "default", labels, annotations: { round: String(round) } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: `app-${index}` } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "app",
              image: `ghcr.io/example/app:${round}`,
              args: ["--level=info", "--port=8080", "--config=/etc/app/config.yaml"],
              ports: [
                { name: "http", containerPort: 8080, protocol: "TCP" },
                { name: "metrics", containerPort: 9090, protocol: "TCP" },
              ],
              env: [
                { name: "REGION", value: "eu" },
                { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              ],
              resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
              livenessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 10 },
              readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 5 },
              volumeMounts: [{ name: "config", mountPath: "/etc/app" }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: `app-${index}` } }],
        },
      },
    },
  };
}

const server = createApiServer({ clock: wallClock });
const { transport } = server;
const path = (index: number): string => `/apis/apps/v1/namespaces/default/deployments/app-${index}`;
const query = { fieldManager: "bench", force: "true" };

async function inProcess(label: string, roundOf: (round: number) => number): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < OBJECTS; index++) {
      const answer = await transport({
        method: "PATCH",
        path: path(index),
        query,
        headers: { "content-type": "application/apply-patch+yaml" },
        body: deployment(index, roundOf(round)),
      });
      if (answer.status > 201) throw new Error(JSON.stringify(answer.object));
    }
  }
  report(label, OBJECTS * ROUNDS, start, cpu);
}

function report(label: string, count: number, start: number, cpu: NodeJS.CpuUsage): void {
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  const cpuUs = (used.user + used.system) / count;
  console.log(`${label}: ${Math.round((count * 1000) / ms)}/s wall, ${cpuUs.toFixed(0)} µs CPU each`);
}

await inProcess("apply in process, changes", (round) => round);
await inProcess("apply in process, no change", () => ROUNDS - 1);

for (let index = 0; index < PODS; index++) {
  const labels = { app: `app-${index % 100}` };
  server.plane.store.put("pods", `default/pod-${index}`, {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: `pod-${index}`, namespace: "default", uid: String(index), labels, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: (deployment(index, 1)["spec"] as { template: { spec: object } }).template.spec,
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
}

const authority = createAuthority(Date.now());
const front = await serveHttps(server, {
  tls: { ...issueServer(authority, ["localhost", "127.0.0.1"], Date.now()), clientCa: authority.certificate },
});
const client = issueClient(authority, { user: "admin", groups: ["system:masters"] }, Date.now());
const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: authority.certificate, cert: client.certificate, key: client.key });

function call(method: string, target: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: "127.0.0.1",
        port: front.port,
        method,
        path: target,
        agent,
        headers: body === undefined ? {} : { "content-type": "application/apply-patch+yaml", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        let size = 0;
        response.on("data", (chunk: Buffer) => (size += chunk.length));
        response.on("end", () => ((response.statusCode ?? 500) > 201 ? reject(new Error(`status ${response.statusCode}`)) : resolve(size)));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

for (const attempt of ["first", "second"]) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const size = await call("GET", "/api/v1/pods");
  report(`list of ${PODS} pods (${(size / 1e6).toFixed(1)} MB), ${attempt}`, 1, start, cpu);
  console.log(`  ${(performance.now() - start).toFixed(0)} ms`);
}

const cpu = process.cpuUsage();
const start = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (next < OBJECTS * ROUNDS) {
      const turn = next++;
      const index = turn % OBJECTS;
      await call(
        "PATCH",
        `${path(index)}?fieldManager=bench&force=true`,
        JSON.stringify(deployment(index, 100 + Math.floor(turn / OBJECTS))),
      );
    }
  }),
);
report("apply over TLS, HTTP/1.1, 16 at once, client in the same process", OBJECTS * ROUNDS, start, cpu);
agent.destroy();
await front.close();
server.close();
process.exit(0);
