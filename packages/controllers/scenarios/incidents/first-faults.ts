// SPDX-License-Identifier: Apache-2.0
// Twenty faults that were written down before there was any code that explains them. They are not changed any more: how many
// of them are found tells how good the explanations are on what they were not made for.
import type { Fault } from "./fault.ts";
import { resources, settings, web } from "./fleet-files.ts";

const soon = { do: "advance", duration: "2m" } as const;

export const firstFaults: readonly Fault[] = [
  {
    name: "the password of the git server is wrong",
    kind: "source",
    steps: [
      { do: "protect", username: "flux", password: "right" },
      {
        do: "apply",
        objects: [
          {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "git-auth", namespace: "flux-system" },
            stringData: { username: "flux", password: "s3cr3t-but-wrong" },
          },
        ],
      },
      { do: "patch", object: "GitRepository/flux-system/fleet", with: { spec: { secretRef: { name: "git-auth" } } } },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "GitRepository/flux-system/fleet", reason: "GitOperationFailed", says: "authentication required" },
  },
  {
    name: "the Secret with the git credentials is not there",
    kind: "source",
    steps: [{ do: "patch", object: "GitRepository/flux-system/fleet", with: { spec: { secretRef: { name: "git-auth" } } } }, soon],
    ask: "GitRepository/flux-system/fleet",
    culprit: { object: "Secret/flux-system/git-auth", reason: "NotFound" },
  },
  {
    name: "the branch does not exist",
    kind: "source",
    steps: [{ do: "patch", object: "GitRepository/flux-system/fleet", with: { spec: { ref: { branch: "production" } } } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: {
      object: "GitRepository/flux-system/fleet",
      reason: "GitOperationFailed",
      says: `couldn't find remote ref "refs/heads/production"`,
    },
  },
  {
    name: "the git server cannot be reached",
    kind: "source",
    steps: [{ do: "patch", object: "GitRepository/flux-system/fleet", with: { spec: { url: "http://127.0.0.1:1/fleet.git" } } }, soon],
    ask: "Kustomization/flux-system/infra",
    culprit: { object: "GitRepository/flux-system/fleet", reason: "GitOperationFailed", says: "127.0.0.1:1" },
  },
  {
    name: "the path is not in the repository",
    kind: "artifact",
    steps: [{ do: "patch", object: "Kustomization/flux-system/apps", with: { spec: { path: "./application" } } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Kustomization/flux-system/apps", reason: "ArtifactFailed", says: "kustomization path not found" },
  },
  {
    name: "a manifest is not YAML",
    kind: "build",
    steps: [{ do: "commit", files: { "apps/web.yaml": "apiVersion: apps/v1\nkind: Deployment\n  metadata: {\n" } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Kustomization/flux-system/apps", reason: "BuildFailed", file: "apps/web.yaml" },
  },
  {
    name: "a variable is not set",
    kind: "build",
    steps: [
      {
        do: "patch",
        object: "Kustomization/flux-system/apps",
        with: { spec: { postBuild: { substitute: { environment: "lab" } } } },
      },
      { do: "commit", files: { "apps/web.yaml": web({ image: "ghcr.io/example/web:${web_tag}" }) } },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: {
      object: "Kustomization/flux-system/apps",
      reason: "BuildFailed",
      says: `variable not set (strict mode): "web_tag"`,
      file: "apps/web.yaml",
    },
  },
  {
    name: "the ConfigMap with the variables is not there",
    kind: "build",
    steps: [
      {
        do: "patch",
        object: "Kustomization/flux-system/apps",
        with: { spec: { postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "cluster-config" }] } } },
      },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "ConfigMap/flux-system/cluster-config", reason: "NotFound" },
  },
  {
    name: "the cluster does not know a kind",
    kind: "apply",
    steps: [
      {
        do: "commit",
        files: {
          "apps/kustomization.yaml": resources("web.yaml", "settings.yaml", "certificate.yaml"),
          "apps/certificate.yaml":
            "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: web-tls\n  namespace: default\nspec:\n  secretName: web-tls\n",
        },
      },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: {
      object: "Certificate/default/web-tls",
      reason: "ReconciliationFailed",
      says: `no matches for kind "Certificate" in version "cert-manager.io/v1"`,
      file: "apps/certificate.yaml",
    },
  },
  {
    name: "a namespace is not there",
    kind: "apply",
    steps: [
      {
        do: "commit",
        files: {
          "apps/kustomization.yaml": resources("web.yaml", "settings.yaml", "other.yaml"),
          "apps/other.yaml": settings("other", "one", "nowhere"),
        },
      },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Namespace/nowhere", reason: "NotFound", file: "apps/other.yaml" },
  },
  {
    name: "a field that cannot be changed is changed",
    kind: "apply",
    steps: [{ do: "commit", files: { "apps/web.yaml": web().replaceAll("{ app: web }", "{ app: site }") } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Deployment/default/web", reason: "ReconciliationFailed", says: "immutable", file: "apps/web.yaml" },
  },
  {
    name: "the ServiceAccount may not write",
    kind: "apply",
    steps: [
      { do: "apply", objects: [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "flux-system" } }] },
      { do: "patch", object: "Kustomization/flux-system/apps", with: { spec: { serviceAccountName: "deployer" } } },
      { do: "commit", files: { "apps/settings.yaml": settings("web-settings", "two") } },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "ServiceAccount/flux-system/deployer", reason: "Forbidden", says: "system:serviceaccount:flux-system:deployer" },
  },
  {
    name: "the dependency does not exist",
    kind: "dependency",
    steps: [{ do: "patch", object: "Kustomization/flux-system/apps", with: { spec: { dependsOn: [{ name: "database" }] } } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Kustomization/flux-system/database", reason: "NotFound" },
  },
  {
    name: "the dependency names a file that is not there",
    kind: "dependency",
    steps: [{ do: "commit", files: { "infra/kustomization.yaml": resources("settings.yaml", "ingress.yaml") } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Kustomization/flux-system/infra", reason: "BuildFailed", says: "ingress.yaml", file: "infra/kustomization.yaml" },
  },
  {
    name: "two Kustomizations depend on each other",
    kind: "dependency",
    steps: [
      { do: "patch", object: "Kustomization/flux-system/infra", with: { spec: { dependsOn: [{ name: "apps" }] } } },
      { do: "commit", files: { "infra/settings.yaml": settings("infra-settings", "two") } },
      soon,
    ],
    ask: "Kustomization/flux-system/infra",
    culprit: { object: "Kustomization/flux-system/apps", reason: "DependencyCycle" },
  },
  {
    name: "the image cannot be pulled",
    kind: "pods",
    steps: [{ do: "commit", files: { "apps/web.yaml": web({ image: "ghcr.io/example/no-such-image:1.0.0" }) } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Pod/default/web-*", reason: "ImagePullBackOff", says: "no-such-image", file: "apps/web.yaml" },
  },
  {
    name: "the container ends again and again",
    kind: "pods",
    steps: [{ do: "commit", files: { "apps/web.yaml": web({ image: "ghcr.io/example/crashing:1.0.0" }) } }, soon],
    ask: "Deployment/default/web",
    culprit: { object: "Pod/default/web-*", reason: "CrashLoopBackOff", file: "apps/web.yaml" },
  },
  {
    name: "the source is suspended, and a commit does not arrive",
    kind: "suspended",
    steps: [
      { do: "patch", object: "GitRepository/flux-system/fleet", with: { spec: { suspend: true } } },
      { do: "commit", files: { "apps/settings.yaml": settings("web-settings", "two") } },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "GitRepository/flux-system/fleet", reason: "Suspended" },
  },
  {
    name: "a Job fails",
    kind: "health",
    steps: [
      {
        do: "commit",
        files: {
          "apps/kustomization.yaml": resources("web.yaml", "settings.yaml", "migrate.yaml"),
          "apps/migrate.yaml": [
            "apiVersion: batch/v1",
            "kind: Job",
            "metadata:",
            "  name: migrate",
            "  namespace: default",
            "spec:",
            "  backoffLimit: 0",
            "  template:",
            "    spec:",
            "      restartPolicy: Never",
            "      containers:",
            "        - name: migrate",
            "          image: ghcr.io/example/failing:1.0.0",
            "",
          ].join("\n"),
        },
      },
      soon,
    ],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Pod/default/migrate-*", reason: "Error", file: "apps/migrate.yaml" },
  },
  {
    name: "no node may take the pods",
    kind: "pods",
    steps: [{ do: "commit", files: { "apps/web.yaml": web({ pod: ["nodeSelector: { disk: fast }"] }) } }, soon],
    ask: "Kustomization/flux-system/apps",
    culprit: { object: "Pod/default/web-*", reason: "Unschedulable", says: "nodes are available", file: "apps/web.yaml" },
  },
];
