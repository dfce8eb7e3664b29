// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@flux-ts/kube-client";
import {
  createApiServer,
  createPki,
  issueClient,
  issueServer,
  kubeconfig,
  serveHttps,
  startControlPlane,
  writeKubeconfig,
  type PlaneLevel,
} from "@flux-ts/kube-server";

/** The embedded Kubernetes behind HTTPS, started as the real one is. Close it with `await using`. */
export interface EmbeddedKubernetes extends AsyncDisposable {
  readonly url: string;
  readonly kubeconfigPath: string;
  /** What its controllers failed with. */
  readonly errors: readonly string[];
}

export async function startEmbeddedKubernetes({
  level = "nodes",
  nodes = 1,
}: { readonly level?: PlaneLevel; readonly nodes?: number } = {}): Promise<EmbeddedKubernetes> {
  const folder = mkdtempSync(join(tmpdir(), "embedded-kubernetes-"));
  const clock = systemClock();
  const now = clock.now();
  const { authority, serviceAccountKey } = createPki(now);
  const server = createApiServer({ clock, serviceAccountKey, serviceCidr: "10.0.0.0/24" });
  const errors: string[] = [];
  const plane = await startControlPlane(server, {
    level,
    nodes,
    caPem: authority.certificate,
    podReadyAfterMs: 0,
    podRules: [{ hasLabels: ["never"], outcome: "pending" }],
    onError: (controller, key, error) => errors.push(`${controller} ${key}: ${String(error)}`),
  });
  const tls = { ...issueServer(authority, ["localhost", "127.0.0.1"], now), clientCa: authority.certificate };
  const front = await serveHttps(server, { tls });
  const client = issueClient(authority, { user: "admin", groups: ["system:masters"] }, now);
  const kubeconfigPath = join(folder, "kubeconfig");
  writeKubeconfig(kubeconfigPath, kubeconfig({ server: front.url, caCertificate: authority.certificate, client }));
  return {
    url: front.url,
    kubeconfigPath,
    errors,
    async [Symbol.asyncDispose]() {
      await front.close();
      await plane.stop();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
