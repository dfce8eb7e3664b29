// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wallClock } from "../../conformance/wall-clock.ts";
import type { ApiServer } from "../server.ts";
import { createApiServer } from "../server.ts";
import { issueClient, issueServer } from "../tls/authority.ts";
import { kubeconfig, writeKubeconfig } from "../tls/kubeconfig.ts";
import { createPki } from "../tls/pki-files.ts";
import type { Front } from "./serve-https.ts";
import { serveHttps } from "./serve-https.ts";

const hasKubectl = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "kubectl")));
const run = promisify(execFile);

describe.skipIf(!hasKubectl)("a real kubectl", () => {
  const folder = mkdtempSync(join(tmpdir(), "kubectl-"));
  let server: ApiServer;
  let front: Front;

  async function kubectl(...args: string[]): Promise<string> {
    const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: join(folder, "config") };
    const { stdout } = await run("kubectl", args, { env, timeout: 20_000 });
    return stdout;
  }

  beforeAll(async () => {
    const now = Date.now();
    const { authority, serviceAccountKey } = createPki(now);
    server = createApiServer({ clock: wallClock, serviceAccountKey });
    front = await serveHttps(server, {
      tls: { ...issueServer(authority, ["localhost", "127.0.0.1"], now), clientCa: authority.certificate },
    });
    const client = issueClient(authority, { user: "admin", groups: ["system:masters"] }, now);
    writeKubeconfig(join(folder, "config"), kubeconfig({ server: front.url, caCertificate: authority.certificate, client }));
    await kubectl("create", "namespace", "web");
  });

  afterAll(async () => {
    await front.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("creates what it sends as protobuf", async () => {
    await kubectl("create", "configmap", "made", "-n", "web", "--from-literal=a=1");
    await kubectl("create", "secret", "generic", "made", "-n", "web", "--from-literal=a=1");
    await kubectl("create", "serviceaccount", "made", "-n", "web");
    await kubectl("create", "deployment", "made", "-n", "web", "--image=nginx:1.25", "--replicas=0");
    expect(await kubectl("get", "cm,secret,sa,deploy", "made", "-n", "web", "-o", "name")).toBe(
      "configmap/made\nsecret/made\nserviceaccount/made\ndeployment.apps/made\n",
    );
    expect((await kubectl("create", "token", "made", "-n", "web")).split(".")).toHaveLength(3);
    expect(await kubectl("auth", "can-i", "delete", "pods", "--as=jane").catch((error: { stdout: string }) => error.stdout)).toBe("no\n");
  });

  test("applies on the client's side and on the server's", async () => {
    const file = join(folder, "cm.json");
    const write = (value: string): void =>
      writeFileSync(
        file,
        JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "applied", namespace: "web" }, data: { value } }),
      );
    write("1");
    expect(await kubectl("apply", "-f", file)).toBe("configmap/applied created\n");
    expect(await kubectl("apply", "-f", file)).toBe("configmap/applied unchanged\n");
    write("2");
    expect(await kubectl("apply", "-f", file)).toBe("configmap/applied configured\n");
    expect(await kubectl("apply", "--server-side", "-f", file)).toBe("configmap/applied serverside-applied\n");
    expect(await kubectl("get", "cm", "applied", "-n", "web", "-o", "jsonpath={.data.value}")).toBe("2");
    expect(await kubectl("wait", "--for=jsonpath={.data.value}=2", "cm/applied", "-n", "web", "--timeout=10s")).toContain("condition met");
  });

  test("shows tables, describes, explains and lists resources", async () => {
    expect(await kubectl("get", "namespaces")).toMatch(/^NAME +STATUS +AGE\ndefault +Active/);
    expect(await kubectl("describe", "namespace", "web")).toMatch(/^Name: +web\n/);
    expect(await kubectl("explain", "configmap.data")).toContain("FIELD: data <map[string]string>");
    expect(await kubectl("api-resources", "-o", "name")).toContain("deployments.apps\n");
  });

  test("deletes, and waits until it is gone", async () => {
    await kubectl("create", "configmap", "gone", "-n", "web");
    expect(await kubectl("delete", "configmap", "gone", "-n", "web")).toBe('configmap "gone" deleted\n');
    expect(await kubectl("get", "configmap", "gone", "-n", "web", "--ignore-not-found")).toBe("");
  });
});
