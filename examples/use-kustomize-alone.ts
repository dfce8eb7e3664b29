// SPDX-License-Identifier: Apache-2.0
// kustomize build inside a program: no kustomize binary, no files, no cluster.
import { build, MemoryFileSystem, toYaml } from "@flux-ts/kustomize";

/** The manifests of one environment, as the YAML that `kustomize build` prints. */
export function manifestsFor(environment: string, replicas: number): string {
  const fs = new MemoryFileSystem([
    ["base/kustomization.yaml", "resources: [web.yaml]"],
    [
      "base/web.yaml",
      `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "nginx:1.25" }] }
`,
    ],
    [
      `${environment}/kustomization.yaml`,
      `
resources: [../base]
namespace: ${environment}
replicas: [{ name: web, count: ${replicas} }]
images: [{ name: nginx, newTag: "1.27" }]
`,
    ],
  ]);
  const { objects, warnings } = build(fs, `/${environment}`);
  if (warnings.length > 0) throw new Error(warnings.join("\n"));
  return toYaml(objects);
}
