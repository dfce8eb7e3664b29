// SPDX-License-Identifier: Apache-2.0

/** The Deployment of the fleet, with its image and more of its pods. */
export function web({
  image = "ghcr.io/example/web:1.0.0",
  pod = [],
  container = [],
}: {
  readonly image?: string;
  /** More lines of the pod's spec. */
  readonly pod?: readonly string[];
  /** More lines of its container. */
  readonly container?: readonly string[];
} = {}): string {
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    "  name: web",
    "  namespace: default",
    "spec:",
    "  replicas: 1",
    "  progressDeadlineSeconds: 40",
    "  selector:",
    "    matchLabels: { app: web }",
    "  template:",
    "    metadata:",
    "      labels: { app: web }",
    "    spec:",
    ...pod.map((line) => `      ${line}`),
    "      containers:",
    "        - name: web",
    `          image: ${image}`,
    ...container.map((line) => `          ${line}`),
    "",
  ].join("\n");
}

/** A ConfigMap in `default`. */
export function settings(name: string, value: string, namespace = "default"): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n  value: ${value}\n`;
}

/** `kustomization.yaml` with its resources. */
export function resources(...names: readonly string[]): string {
  return `resources:\n${names.map((name) => `  - ${name}\n`).join("")}`;
}

/** What the repository holds while nothing is wrong. */
export const fleetFiles: Readonly<Record<string, string>> = {
  "infra/kustomization.yaml": resources("settings.yaml"),
  "infra/settings.yaml": settings("infra-settings", "one"),
  "apps/kustomization.yaml": resources("web.yaml", "settings.yaml"),
  "apps/web.yaml": web(),
  "apps/settings.yaml": settings("web-settings", "one"),
};
