// SPDX-License-Identifier: Apache-2.0
import type { PostRenderer } from "@flux-ts/helm";
import { stringifyJson, type JsonObject } from "@flux-ts/kube-core";
import { build, MemoryFileSystem, toYaml } from "@flux-ts/kustomize";

/** What a HelmRelease's `postRenderers[].kustomize` holds, and other fields of a kustomization. */
export interface PostRenderOverlay {
  readonly patches?: readonly JsonObject[];
  readonly images?: readonly JsonObject[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly labels?: readonly JsonObject[];
}

/**
 * A post-renderer that is a kustomization over what a chart makes.
 *
 * @throws {KustomizeError} when it is run, with kustomize's messages
 */
export function kustomizePostRenderer(overlay: PostRenderOverlay): PostRenderer {
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: ["all.yaml"], ...overlay };
  return (stream) => {
    const files = new MemoryFileSystem([
      ["kustomization.yaml", stringifyJson(kustomization)],
      ["all.yaml", stream],
    ]);
    return toYaml(build(files, "/", { reorder: "none" }).objects);
  };
}
