// SPDX-License-Identifier: Apache-2.0
import type { ServedRepository } from "./repository.ts";

/** What a person can do next, as commands that work as they stand. */
export function whatToTry(lab: {
  /** The folder of the project: `npx flux` is its command only there. */
  readonly root: string;
  readonly kubeconfig: string;
  readonly repository: ServedRepository;
  readonly isSample: boolean;
}): string {
  const { root, kubeconfig, repository, isSample } = lab;
  const lines = [
    "Look at it, from another terminal:",
    `  cd ${quote(root)}`,
    `  export KUBECONFIG=${quote(kubeconfig)}`,
    "  npx flux get kustomizations",
    isSample ? "  kubectl get pods --all-namespaces" : "  kubectl get all --all-namespaces",
    "",
    "Change something, and watch it arrive here:",
    `  cd ${quote(repository.workTree)}`,
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

/** As a word of a POSIX shell. */
function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
