// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TestClock } from "@flux-ts/testbed/clock";
import { connect, ownKubeconfig } from "../connect.ts";
import { ExecPlugin } from "../auth/exec-plugin.ts";
import { tokenFile } from "../auth/token-file.ts";
import type { ExecConfig } from "./kubeconfig.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";
import { selectFrom } from "./select.ts";

const text = `
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes
    proxy-url: socks5://127.0.0.1:1080
- name: dev
  cluster: { server: "http://localhost:8001", insecure-skip-tls-verify: true }
users:
- name: admin
  user: { client-certificate-data: Q0VSVA==, client-key-data: S0VZ, as: jane, as-groups: [devs], as-uid: u1, as-user-extra: { scopes: [a] } }
- name: plugin
  user:
    exec: { apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [-x], env: [{ name: A, value: b }], interactiveMode: Never }
- name: basic
  user: { username: u, password: p }
contexts:
- { name: prod, context: { cluster: prod, user: admin, namespace: apps } }
- { name: dev, context: { cluster: dev, user: basic } }
`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("a kubeconfig is read with paths from its own folder and data decoded", () => {
  const config = parseKubeconfig(text, "/home/me/.kube/config");
  const { cluster, user, namespace, contextName } = selectFrom(config);
  expect({ contextName, namespace }).toEqual({ contextName: "prod", namespace: "apps" });
  expect(cluster).toMatchObject({
    server: "https://10.0.0.1:6443",
    caFile: "/home/me/.kube/pki/ca.crt",
    tlsServerName: "kubernetes",
    proxyUrl: "socks5://127.0.0.1:1080",
  });
  expect(Buffer.from(user.certData ?? []).toString()).toBe("CERT");
  expect(user).toMatchObject({ impersonate: "jane", impersonateGroups: ["devs"], impersonateUid: "u1" });
  expect(config.users.get("plugin")?.exec).toMatchObject({ command: "/home/me/.kube/bin/login", args: ["-x"], interactiveMode: "Never" });
});

test("flags win over the context", () => {
  const config = parseKubeconfig(text, "/c");
  const { cluster, user, namespace } = selectFrom(config, {
    context: "dev",
    namespace: "x",
    server: "10.1.1.1",
    token: "t",
    as: "root",
    insecureSkipTlsVerify: false,
  });
  expect(namespace).toBe("x");
  expect(cluster).toMatchObject({ server: "https://10.1.1.1", insecureSkipTlsVerify: false });
  expect(user).toMatchObject({ token: "t", impersonate: "root" });
  expect(user.username).toBeUndefined();
});

test.each([
  ["a context that is not there", { context: "nope" }, 'context "nope" does not exist'],
  ["a cluster that is not there", { cluster: "nope" }, 'cluster "nope" does not exist'],
  ["a user that is not there", { user: "nope" }, 'auth info "nope" does not exist'],
])("refuses %s", (_, selection, message) => {
  expect(() => selectFrom(parseKubeconfig(text, "/c"), selection)).toThrow(message);
});

test("no kubeconfig at all is told with what to do", async () => {
  const config = await loadKubeconfig({ env: {}, home: await folder() });
  expect(() => selectFrom(config)).toThrow("try setting KUBECONFIG");
});

test.each([
  ["not YAML", "a: [", "it is not YAML"],
  ["a list", "- a", "it is not a mapping"],
  ["another kind", "kind: Pod", 'its kind is "Pod"'],
  ["a token that is a number", "users: [{name: a, user: {token: 12345}}]", "token is not a string"],
  ["data that is no base64", "users: [{name: a, user: {client-key-data: 'geheim!'}}]", "client-key-data is not base64"],
])("refuses %s, without a value of the file in the message", (_, content, message) => {
  expect(() => parseKubeconfig(content, "/c")).toThrow(message);
  try {
    parseKubeconfig(content, "/c");
  } catch (error) {
    expect(String(error)).not.toMatch(/12345|geheim/);
  }
});

test("of several files in KUBECONFIG the first that names something wins, missing ones are skipped", async () => {
  const path = await folder();
  await writeFile(
    join(path, "a"),
    "current-context: one\ncontexts: [{name: one, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://first'}}]",
  );
  await writeFile(
    join(path, "b"),
    "current-context: two\nclusters: [{name: c, cluster: {server: 'https://second'}}]\nusers: [{name: u, user: {token: t}}]",
  );
  const config = await loadKubeconfig({ env: { KUBECONFIG: ["missing", "a", "b"].map((name) => join(path, name)).join(":") }, home: path });
  expect(selectFrom(config)).toMatchObject({ contextName: "one", cluster: { server: "https://first" }, user: { token: "t" } });
  await expect(loadKubeconfig({ path: join(path, "missing"), env: {}, home: path })).rejects.toMatchObject({ code: "UNREADABLE_FILE" });
});

test("a tenant's kubeconfig may not run programs, read files or skip verification", async () => {
  const clock = new TestClock();
  const trust = { exec: false, files: false, insecureTls: false };
  const of = (yaml: string): ReturnType<typeof connect> => connect(selectFrom(parseKubeconfig(yaml, "/c")), { clock, trust, env: {} });
  const base = "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n";
  const cluster = "clusters: [{name: c, cluster: {server: 'https://10.0.0.1'}}]\n";
  await expect(
    of(`${base}${cluster}users: [{name: u, user: {exec: {command: id, apiVersion: client.authentication.k8s.io/v1}}}]`),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(of(`${base}${cluster}users: [{name: u, user: {tokenFile: /etc/passwd}}]`)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(
    of(`${base}clusters: [{name: c, cluster: {server: 'https://10.0.0.1', insecure-skip-tls-verify: true}}]\nusers: [{name: u}]`),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(of(`${base}${cluster}users: [{name: u, user: {auth-provider: {name: gcp}}}]`)).rejects.toMatchObject({
    code: "UNSUPPORTED",
  });
});

test("a token file is read anew every minute, and the last good token is kept", async () => {
  const path = join(await folder(), "token");
  const clock = new TestClock();
  const credentials = tokenFile(path, clock);
  await expect(credentials.headers()).rejects.toMatchObject({ code: "UNREADABLE_FILE" });
  await writeFile(path, "one\n");
  expect(await credentials.headers()).toEqual({ authorization: "Bearer one" });
  await writeFile(path, "two");
  expect(await credentials.headers()).toEqual({ authorization: "Bearer one" });
  clock.advanceTo(clock.now() + 60_000);
  expect(await credentials.headers()).toEqual({ authorization: "Bearer two" });
  await rm(path);
  clock.advanceTo(clock.now() + 60_000);
  expect(await credentials.headers()).toEqual({ authorization: "Bearer two" });
});

/** A plugin that counts its runs in a file, and answers with what it was given. */
async function plugin(script: string, more: Partial<ExecConfig> = {}): Promise<{ plugin: ExecPlugin; clock: TestClock }> {
  const path = join(await folder(), "plugin.mjs");
  await writeFile(path, script);
  const clock = new TestClock();
  const config: ExecConfig = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: [path],
    env: { GREETING: "hi" },
    provideClusterInfo: true,
    interactiveMode: "Never",
    ...more,
  };
  const cluster = { server: "https://10.0.0.1", insecureSkipTlsVerify: false, disableCompression: false };
  return {
    plugin: new ExecPlugin(config, cluster, Buffer.from("CA"), { clock, env: { PATH: process.env["PATH"] }, isInteractive: false }),
    clock,
  };
}

test("an exec plugin learns of the cluster, and its token is kept until shortly before it expires", async () => {
  const { plugin: exec, clock } = await plugin(`
    import { readFileSync, writeFileSync } from "node:fs";
    const file = process.argv[1] + ".count";
    let count = 0; try { count = Number(readFileSync(file, "utf8")); } catch {}
    writeFileSync(file, String(count + 1));
    const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
    console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: "ExecCredential",
      status: { token: [process.env.GREETING, info.spec.interactive, info.spec.cluster.server, info.spec.cluster["certificate-authority-data"], count].join(" "), expirationTimestamp: "2026-01-01T00:10:00Z" } }));
  `);
  expect((await exec.credential()).token).toBe("hi false https://10.0.0.1 Q0E= 0");
  clock.advanceTo(Date.UTC(2026, 0, 1, 0, 9, 49));
  expect((await exec.credential()).token).toMatch(/ 0$/);
  clock.advanceTo(Date.UTC(2026, 0, 1, 0, 9, 51));
  expect((await exec.credential()).token).toMatch(/ 1$/);
});

test.each([
  ["fails", "process.exit(3)", "exit code 3"],
  ["writes no JSON", "console.log('secret-token')", "not JSON"],
  [
    "answers in another version",
    `console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", status: { token: "secret-token" } }))`,
    "another apiVersion",
  ],
  [
    "gives nothing",
    `console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: {} }))`,
    "neither a token nor a certificate",
  ],
])("an exec plugin that %s is told, without its output", async (_, script, message) => {
  const { plugin: exec } = await plugin(script);
  const error = await exec.credential().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "EXEC_FAILED", message: expect.stringContaining(message) as string });
  expect(String(error)).not.toContain("secret-token");
});

test("an exec plugin that is not there is told with its hint", async () => {
  const { plugin: exec } = await plugin("", { command: "/nonexistent/login", installHint: "Install it from example.com" });
  await expect(exec.credential()).rejects.toThrow(/ENOENT[\s\S]*Install it from example.com/);
});

test("one's own kubeconfig may do all of it", async () => {
  const transport = await connect(selectFrom(parseKubeconfig(text, "/c"), { context: "dev" }), {
    clock: new TestClock(),
    trust: ownKubeconfig,
    env: {},
  });
  await transport.close();
});
