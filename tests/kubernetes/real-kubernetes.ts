// SPDX-License-Identifier: Apache-2.0
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, httpTransport, systemClock, type HttpTransport } from "@flux-ts/kube-client";
import { createPki, issueClient, issueServer, kubeconfig, writeKubeconfig, type KeyPair } from "@flux-ts/kube-server";
import { findBinaries } from "./binaries.ts";
import { STAGES } from "./stages.ts";
import { supervise, type Supervised } from "./supervised.ts";

export interface RealKubernetesOptions {
  /**
   * What runs beside the API server, as for the embedded one: `none`, `controllers` (kube-controller-manager), or `nodes`
   * (the default: nodes, a scheduler and simulated pods too).
   */
  readonly level?: "none" | "controllers" | "nodes";
  /** Default 1. */
  readonly nodes?: number;
}

/** A running Kubernetes of the upstream binaries, for one test file. Close it with `await using`. */
export interface RealKubernetes extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** The authority's certificate in PEM. */
  readonly ca: string;
  /** Of a cluster administrator: user `admin` in `system:masters`. */
  readonly client: KeyPair;
  readonly kubeconfigPath: string;
  /** As the administrator. Closed with the cluster. */
  readonly transport: HttpTransport;
  /** The end of a component's log. */
  log(component: string): string;
}

const START_TIMEOUT_MS = 90_000;
const POLL_MS = 100;

/**
 * Starts etcd and a real kube-apiserver, with an authority, keys and ports of their own; resolves once they answer.
 *
 * @throws {Error} when the binaries are missing, or a component ends or does not answer in time; with its log
 */
export async function startRealKubernetes({ level = "nodes", nodes = 1 }: RealKubernetesOptions = {}): Promise<RealKubernetes> {
  const binaries = findBinaries();
  if ("missing" in binaries) throw new Error(`Cannot start a real Kubernetes: ${binaries.missing}`);
  const folder = mkdtempSync(join(tmpdir(), "real-kubernetes-"));
  const started: Supervised[] = [];
  const start = (name: string, args: readonly string[]): void => {
    started.push(supervise(name, join(binaries.folder, name), args, join(folder, `${name}.log`)));
  };
  let transport: HttpTransport | undefined;
  const stop = async (): Promise<void> => {
    await transport?.close();
    for (const child of started.toReversed()) await child[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const now = Date.now();
    const { authority, serviceAccountKey } = createPki(now);
    const [port, etcdPort, peerPort] = (await freePorts(3)) as [number, number, number]; // as many as were asked for
    const url = `https://127.0.0.1:${port}`;
    const write = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const ca = write("ca.crt", authority.certificate);
    const caKey = write("ca.key", authority.key);
    const accountKey = write("sa.key", serviceAccountKey);
    const server = issueServer(authority, ["localhost", "127.0.0.1", "kubernetes.default.svc", "10.0.0.1"], now);
    const client = issueClient(authority, { user: "admin", groups: ["system:masters"] }, now);
    const kubeconfigPath = join(folder, "kubeconfig");
    writeKubeconfig(kubeconfigPath, kubeconfig({ server: url, caCertificate: authority.certificate, client }));
    const kubeconfigOf = (user: string): string => {
      const path = join(folder, `${user}.kubeconfig`);
      const own = issueClient(authority, { user: `system:${user}`, groups: [] }, now);
      writeKubeconfig(path, kubeconfig({ server: url, caCertificate: authority.certificate, client: own }));
      return path;
    };

    start("etcd", etcdFlags(join(folder, "etcd"), etcdPort, peerPort));
    start("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      `--secure-port=${port}`,
      "--bind-address=127.0.0.1",
      `--tls-cert-file=${write("server.crt", server.certificate)}`,
      `--tls-private-key-file=${write("server.key", server.key)}`,
      `--client-ca-file=${ca}`,
      `--service-account-key-file=${write("sa.pub", publicKeyOf(serviceAccountKey))}`,
      `--service-account-signing-key-file=${accountKey}`,
      ...API_SERVER_FLAGS,
    ]);
    const running = httpTransport({
      server: url,
      clock: systemClock(),
      ca: authority.certificate,
      cert: client.certificate,
      key: client.key,
    });
    transport = running;
    await until("the API server", started, () => exists(running, "/readyz"));
    if (level !== "none") {
      start("kube-controller-manager", [
        `--kubeconfig=${kubeconfigOf("kube-controller-manager")}`,
        `--service-account-private-key-file=${accountKey}`,
        `--root-ca-file=${ca}`,
        `--cluster-signing-cert-file=${ca}`,
        `--cluster-signing-key-file=${caKey}`,
        ...CONTROLLER_FLAGS,
      ]);
      await until("the default service account", started, () => exists(running, "/api/v1/namespaces/default/serviceaccounts/default"));
    }
    if (level === "nodes") {
      start("kube-scheduler", [
        `--kubeconfig=${kubeconfigOf("kube-scheduler")}`,
        "--secure-port=0",
        "--leader-elect=false",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
      ]);
      start("kwok", [`--kubeconfig=${kubeconfigPath}`, `--config=${write("stages.yaml", STAGES)}`, ...KWOK_FLAGS]);
      await addNodes(running, nodes);
      await until("the nodes", started, () => nodesAreReady(running, nodes));
    }
    return {
      url,
      ca: authority.certificate,
      client,
      kubeconfigPath,
      transport: running,
      log: (component) => started.find(({ name }) => name === component)?.log() ?? "",
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

/** Durability is of no use to a test. */
function etcdFlags(data: string, port: number, peerPort: number): readonly string[] {
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  return [
    `--data-dir=${data}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

const API_SERVER_FLAGS = [
  "--service-cluster-ip-range=10.0.0.0/24",
  "--authorization-mode=Node,RBAC",
  "--allow-privileged=true",
  "--endpoint-reconciler-type=none",
  "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
];

const CONTROLLER_FLAGS = [
  "--use-service-account-credentials=true",
  "--horizontal-pod-autoscaler-sync-period=2s",
  "--secure-port=0",
  "--leader-elect=false",
  "--kube-api-qps=500",
  "--kube-api-burst=1000",
];

const KWOK_FLAGS = ["--manage-all-nodes=true", "--node-ip=127.0.0.1", "--cidr=10.244.0.1/16", "--node-lease-duration-seconds=40"];

async function freePorts(count: number): Promise<readonly number[]> {
  // All are held until all are known: none is given twice.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.on("error", reject).listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port); // TCP, so not a path
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function until(what: string, started: readonly Supervised[], isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const ended = started.find(({ exit }) => exit !== undefined);
    if (ended !== undefined) throw new Error(`${ended.name} ended (${ended.exit}) before ${what} was there:\n${ended.log()}`);
    if (await isSo()) return;
    if (Date.now() > end) {
      const logs = started.map((child) => `--- ${child.name}\n${child.log()}`).join("\n");
      throw new Error(`${what} was not there within ${START_TIMEOUT_MS / 1000} s:\n${logs}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function exists(transport: HttpTransport, path: string): Promise<boolean> {
  try {
    return (await transport({ method: "GET", path })).status === 200;
  } catch {
    return false; // It does not listen yet.
  }
}

/** As the embedded plane's nodes have. */
const ROOM = { cpu: "32", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "1000" };

async function addNodes(transport: HttpTransport, count: number): Promise<void> {
  const client = createClient(transport, { userAgent: "test" });
  for (let index = 1; index <= count; index += 1) {
    const name = `node-${index}`;
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" } },
      status: {
        allocatable: ROOM,
        capacity: ROOM,
      },
    };
    await client.create(node);
  }
}

interface NodeList {
  readonly items: readonly { readonly status?: { readonly conditions?: readonly { type: string; status: string }[] } }[];
}

async function nodesAreReady(transport: HttpTransport, count: number): Promise<boolean> {
  const { object } = await transport({ method: "GET", path: "/api/v1/nodes" });
  const { items } = object as NodeList;
  const ready = items.filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"));
  return ready.length >= count;
}
