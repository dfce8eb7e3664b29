// SPDX-License-Identifier: Apache-2.0
// Releases that the real helm 3 and 4 of npm store on the embedded API server, read by ours, and the other way round.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { type Client, connect, createClient, loadKubeconfig, ownKubeconfig, selectFrom, systemClock } from "@flux-ts/kube-client";
import { type Cluster, recordJson, ReleaseStorage, storedChart, type StoredFile } from "@flux-ts/helm/release";
import { loadChart } from "@flux-ts/helm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedKubernetes } from "../../kubernetes/embedded-kubernetes.ts";
import { kubectlBinaries, type KubectlVersion } from "../../kubernetes/kubectl-binaries.ts";

const CHART = {
  "Chart.yaml":
    'apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: "7"\nannotations: {b: "2", a: "<1>"}\nmaintainers: [{name: Ann}]\nkeywords: [x]\n' +
    "dependencies:\n- name: db\n  version: 0.1.0\n  condition: db.enabled\n  import-values: [{child: port, parent: db.port}]\n",
  "Chart.lock": 'dependencies:\n- name: db\n  repository: ""\n  version: 0.1.0\ndigest: sha256:1\ngenerated: "2026-01-02T03:04:05.600Z"\n',
  "values.yaml":
    'name: "<a> & b"\nbig: 12345678901234567890\nfloat: 1.0\nsmall: 0.0000001\nnothing:\n"10": a\n"9": b\ndb: {enabled: true}\n',
  "values.schema.json": '{"type": "object"}',
  "README.md": "# web\n",
  "templates/NOTES.txt": "Notes of {{ .Release.Name }} <&>\n",
  "templates/empty.yaml": "",
  "templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  name: {{ .Values.name | quote }}\n",
  "templates/hook.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations:\n    helm.sh/hook: pre-install,pre-upgrade\n" +
    '    helm.sh/hook-weight: "-5"\n    helm.sh/hook-delete-policy: before-hook-creation\n',
  "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 0.1.0\n",
  "charts/db/values.yaml": "port: 5432\n",
  "charts/db/templates/db.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\n",
};

const execute = promisify(execFile);

function clusterOf(client: Client): Cluster {
  return {
    get: (ref) => client.find(ref),
    list: async ({ apiVersion, kind, namespace, labels }) => {
      const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      return (await client.list({ apiVersion, kind }, { namespace, labelSelector: labelSelector.join(",") })).items;
    },
    write: (object, mode) => (mode === "create" ? client.create(object) : client.update(object)),
    delete: async (ref) => void (await client.delete(ref)),
  };
}

describe.each<KubectlVersion>(["1.32", "1.35"])("stored releases, beside the helm that comes with kubectl %s (G-HEL-2)", (version) => {
  const binaries = kubectlBinaries(version);
  if ("missing" in binaries) {
    test.skip(`skipped: ${binaries.missing}`, () => undefined);
    return;
  }
  const program = binaries.helm;
  const folder = mkdtempSync(join(tmpdir(), "stored-releases-"));
  const opened: AsyncDisposable[] = [];
  let client: Client;
  let storage: ReleaseStorage;
  let kubeconfigPath = "";

  beforeAll(async () => {
    const kubernetes = await startEmbeddedKubernetes({ level: "controllers" });
    opened.push(kubernetes);
    ({ kubeconfigPath } = kubernetes);
    for (const [path, text] of Object.entries(CHART)) {
      mkdirSync(dirname(join(folder, "web", path)), { recursive: true });
      writeFileSync(join(folder, "web", path), text);
    }
    const transport = await connect(selectFrom(await loadKubeconfig({ path: kubeconfigPath, env: {}, home: folder })), {
      clock: systemClock(),
      trust: ownKubeconfig,
      env: {},
    });
    client = createClient(transport, { userAgent: "stored-releases/1" });
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    storage = new ReleaseStorage({ cluster: clusterOf(client), namespace: "shop", clock: systemClock() });
  }, 60_000);
  afterAll(async () => {
    for (const one of opened) await one[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function helm(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, KUBECONFIG: kubeconfigPath, TZ: "UTC" };
    const { stdout } = await execute(program, ["-n", "shop", ...args], { cwd: folder, env, timeout: 60_000 });
    return stdout;
  }

  async function storedJson(name: string): Promise<string> {
    const secret = await client.get({ apiVersion: "v1", kind: "Secret", namespace: "shop", name });
    const { release } = secret["data"] as { readonly release: string };
    return gunzipSync(Buffer.from(Buffer.from(release, "base64").toString(), "base64")).toString();
  }

  test("what helm stores is read, and written again byte for byte", { timeout: 60_000 }, async () => {
    await helm("install", "web", "./web", "--set", "a.b=1,list={x,y},big=9007199254740991", "--set-string", "s=<1>");
    const record = await storage.get("web", 1);
    expect(record).toMatchObject({ name: "web", namespace: "shop", version: 1, info: { status: "deployed", notes: "Notes of web <&>\n" } });
    expect(record.config).toEqual({ a: { b: 1 }, list: ["x", "y"], big: 9007199254740991, s: "<1>" });
    expect(record.hooks[0]).toMatchObject({ name: "hook", weight: -5, events: ["pre-install", "pre-upgrade"] });
    const theirs = await storedJson("sh.helm.release.v1.web.v1");
    // Helm 3 writes times that are not set, and knows no time of the schema.
    const plain = (json: string): string => json.replaceAll('"deleted":"",', "").replaceAll(/"schemamodtime":"[^"]*",/g, "");
    expect(plain(recordJson(record))).toBe(plain(theirs));
  });

  test("a chart is stored as helm stores it, but for the times of its files", { timeout: 60_000 }, async () => {
    const theirs = (await storage.get("web", 1)).chart;
    const ours = storedChart(loadChart(join(folder, "web")));
    const timeless = (files: readonly StoredFile[] | undefined): unknown =>
      files?.map(({ name, data }) => [name, Buffer.from(data ?? []).toString()]);
    expect(ours.lock).toEqual(theirs?.lock);
    expect(timeless(ours.templates)).toEqual(timeless(theirs?.templates));
    expect(timeless(ours.files)).toEqual(timeless(theirs?.files));
    expect(Buffer.from(ours.schema ?? [])).toEqual(Buffer.from(theirs?.schema ?? []));
    // Helm marks dependencies that were enabled.
    const { metadata } = ours;
    expect({ ...metadata, dependencies: metadata?.dependencies?.map((one) => ({ ...one, enabled: true })) }).toEqual(theirs?.metadata);
  });

  test("what ours stores is a release to helm: list, history, get, upgrade, rollback", { timeout: 120_000 }, async () => {
    const record = await storage.get("web", 1);
    await storage.delete("web", 1);
    await storage.create({ ...record, labels: { team: "red" } });
    expect(JSON.parse(await helm("list", "-o", "json", "--selector", "team=red"))).toMatchObject([
      { name: "web", namespace: "shop", revision: "1", status: "deployed", chart: "web-1.0.0", app_version: "7" },
    ]);
    expect((await helm("get", "manifest", "web")).trim()).toBe(record.manifest.trim());
    expect(JSON.parse(await helm("get", "values", "web", "-o", "json"))).toEqual(record.config);
    await helm("upgrade", "web", "./web", "--set", "name=two");
    await helm("rollback", "web", "1");
    expect((await storage.history("web")).map(({ version: revision, info }) => [revision, info.status, info.description])).toEqual([
      [1, "superseded", "Install complete"],
      [2, "superseded", "Upgrade complete"],
      [3, "deployed", "Rollback to 1"],
    ]);
    expect((await storage.deployed("web")).config).toEqual(record.config);
    await storage.update({ ...record, info: { ...record.info, status: "failed", description: "by ours" } });
    const history = JSON.parse(await helm("history", "web", "-o", "json")) as readonly object[];
    expect(history[0]).toMatchObject({ revision: 1, status: "failed", chart: "web-1.0.0", description: "by ours" });
  });
});
