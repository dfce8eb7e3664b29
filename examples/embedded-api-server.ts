// SPDX-License-Identifier: Apache-2.0
// A Kubernetes API in this process, for any client: kubectl, a test, a tool. Nothing is downloaded.
import { systemClock } from "@flux-ts/kube-runtime";
import {
  createApiServer,
  createPki,
  issueClient,
  issueServer,
  kubeconfig,
  serveHttps,
  startControlPlane,
  writeKubeconfig,
} from "@flux-ts/kube-server";

export interface EmbeddedCluster extends AsyncDisposable {
  /** `https://127.0.0.1:1234` */
  readonly url: string;
}

/**
 * Starts an API server with simulated workloads on loopback, and writes a kubeconfig for its administrator.
 *
 * @param kubeconfigPath for `KUBECONFIG=…`; only its owner can read it
 */
export async function startEmbeddedCluster(kubeconfigPath: string): Promise<EmbeddedCluster> {
  const clock = systemClock();
  const { authority, serviceAccountKey } = createPki(clock.now());
  const server = createApiServer({ clock, serviceAccountKey });
  // `nodes`: Deployments make ReplicaSets, and their Pods become ready. `controllers` and `none` do less.
  const plane = await startControlPlane(server, { level: "nodes", caPem: authority.certificate, podReadyAfterMs: 100 });
  const tls = issueServer(authority, ["localhost", "127.0.0.1"], clock.now());
  const front = await serveHttps(server, { tls: { ...tls, clientCa: authority.certificate } });

  const admin = issueClient(authority, { user: "admin", groups: ["system:masters"] }, clock.now());
  writeKubeconfig(kubeconfigPath, kubeconfig({ server: front.url, caCertificate: authority.certificate, client: admin }));
  return {
    url: front.url,
    async [Symbol.asyncDispose]() {
      await plane.stop();
      await front.close();
      server.close();
    },
  };
}
