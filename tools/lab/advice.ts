// SPDX-License-Identifier: Apache-2.0
import type { ServedRepository } from "./repository.ts";

/** What a person can do next, as commands that work as they stand. */
export function whatToTry(lab: { readonly kubeconfig: string; readonly repository: ServedRepository; readonly isSample: boolean }): string {
  const { kubeconfig, repository, isSample } = lab;
  const lines = [
    "Look at it, from another terminal:",
    `  export KUBECONFIG=${kubeconfig}`,
    "  npx flux get kustomizations",
    isSample ? "  kubectl get pods --all-namespaces" : "  kubectl get all --all-namespaces",
    "",
    "Change something, and watch it arrive here:",
    `  cd ${repository.workTree}`,
    ...(isSample
      ? [
          `  sed -i.bak 's/podinfo_replicas: "2"/podinfo_replicas: "3"/' clusters/lab/settings.yaml`,
          `  git commit -m "Three podinfo pods" clusters/lab/settings.yaml`,
        ]
      : ["  git commit …"]),
    ...(repository.needsPush ? ["  git push"] : []),
    "",
    ...(isSample
      ? [
          "Break something by hand, and see it mended within its interval, or at once:",
          "  kubectl -n podinfo delete service podinfo",
          `  kubectl -n flux-system annotate kustomization apps reconcile.fluxcd.io/requestedAt="$(date)" --overwrite`,
          "",
        ]
      : []),
    "Ctrl-C ends it.",
    "",
  ];
  return lines.join("\n");
}
