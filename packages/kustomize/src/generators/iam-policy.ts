// SPDX-License-Identifier: Apache-2.0
import { exact, outermost, struct, text } from "../decode.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { pluginMode } from "../kustomization.ts";
import { Resource } from "../resource.ts";

const args = exact(
  struct("IAMPolicyGenerator", {
    cloud: text,
    kubernetesService: struct("KubernetesService", { name: text, namespace: text }),
    serviceAccount: struct("ServiceAccount", { name: text, projectId: text }),
  }),
);

/** The service account that GKE ties to one of its own. @see kustomize filters/iampolicygenerator */
export function generateIamPolicy(config: unknown): Resource {
  const { cloud, kubernetesService, serviceAccount } = args(config, outermost, pluginMode);
  if (cloud !== "gke") throw new KustomizeError("UNSUPPORTED", `cloud provider ${cloud} not supported yet`);
  return new Resource({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: {
      annotations: { "iam.gke.io/gcp-service-account": `${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com` },
      name: kubernetesService.name,
      ...(kubernetesService.namespace === "" ? {} : { namespace: kubernetesService.namespace }),
    },
  });
}
