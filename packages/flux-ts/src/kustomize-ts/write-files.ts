// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import type { KubeObject } from "@flux-ts/kube-core";
import { gvkOf } from "@flux-ts/kube-core";
import { toYaml } from "@flux-ts/kustomize";

/** Writes each object into its own file, named `group_version_kind_name.yaml`, after the namespace when there are several. */
export function writeFiles(objects: readonly KubeObject[], folder: string): void {
  const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? "default"));
  for (const object of objects) {
    const { group, version, kind } = gvkOf(object);
    const { name = "", namespace } = object.metadata;
    const parts = [
      ...(namespaces.size > 1 && namespace !== undefined ? [namespace] : []),
      ...[group, version, kind].filter((part) => part !== ""),
      name,
    ];
    // Names of Kubernetes objects hold no slash but in RBAC, where kustomize would fail to write.
    writeFileSync(join(folder, `${parts.join("_").toLowerCase().replaceAll("/", "_")}.yaml`), toYaml([object]));
  }
}
