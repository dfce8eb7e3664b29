// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import {
  type Chart,
  CompiledChart,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  type KubeVersion,
  type PostRenderStrategy,
  type PostRenderer,
} from "@flux-ts/helm";
import { nodePortsFor } from "@flux-ts/helm/node";
import { type JsonObject, isJsonObject, parseYamlDocuments, stringifyJson } from "@flux-ts/kube-core";
import { MemoryFileSystem, build, toYaml } from "@flux-ts/kustomize";
import { fieldAt, listAt, textAt } from "./release-files.ts";
import { releaseValues } from "./release-values.ts";

export interface HelmReleaseBuild {
  readonly release: JsonObject;
  /** Where valuesFrom is looked up. */
  readonly objects: readonly JsonObject[];
  readonly chart: Chart;
  readonly kubeVersion?: KubeVersion;
  readonly apiVersions?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface BuiltHelmRelease {
  /** CRDs, then everything in install order, hooks last. */
  readonly objects: readonly JsonObject[];
  readonly warnings: readonly string[];
  /** Texts of the values that came from Secrets. */
  readonly secretTexts: ReadonlySet<string>;
}

/** Renders a HelmRelease as helm-controller would release it. @throws {HelmError} @throws {CommandError} @throws {KustomizeError} */
export async function buildHelmRelease({
  release,
  objects,
  chart,
  kubeVersion,
  apiVersions = [],
  now,
}: HelmReleaseBuild): Promise<BuiltHelmRelease> {
  const { layers, values, secretTexts } = releaseValues(release, objects);
  const rendered = new CompiledChart(chart, { ports: await nodePortsFor(chart, values, now) }).render({
    release: { name: releaseName(release), namespace: targetNamespace(release) },
    values,
    layers,
    capabilities: { kubeVersion: kubeVersion ?? DEFAULT_KUBE_VERSION, apiVersions: [...DEFAULT_API_VERSIONS, ...apiVersions] },
    skipSchemaValidation: fieldAt(release, "spec", "install", "disableSchemaValidation") === true,
    postRenderer: postRendererOf(release),
    postRenderStrategy: strategyOf(release),
  });
  const crds = textAt(release, "spec", "install", "crds") === "Skip" ? [] : rendered.crds.map(({ content }) => content);
  const hooks = fieldAt(release, "spec", "install", "disableHooks") === true ? [] : rendered.hooks;
  const texts = [...crds, ...[...rendered.manifests, ...hooks].map(({ content }) => content)];
  return { objects: texts.flatMap((text) => parseYamlDocuments(text).filter(isJsonObject)), warnings: rendered.warnings, secretTexts };
}

function targetNamespace(release: JsonObject): string {
  return textAt(release, "spec", "targetNamespace") || textAt(release, "metadata", "namespace") || "default";
}

/** As told, or target namespace and name; a longer name than Helm takes is cut, and told apart by its digest. */
function releaseName(release: JsonObject): string {
  const given = textAt(release, "spec", "releaseName");
  if (given !== "") return given;
  const name = [textAt(release, "spec", "targetNamespace"), textAt(release, "metadata", "name")].filter((part) => part !== "").join("-");
  if (name.length <= 53) return name;
  return `${name.slice(0, 40)}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

function strategyOf(release: JsonObject): PostRenderStrategy {
  const given = textAt(release, "spec", "postRenderStrategy");
  return given === "separate" || given === "nohooks" ? given : "combined";
}

/** The release's own post-renderers, common metadata, and the labels that tell which HelmRelease an object is of. */
function postRendererOf(release: JsonObject): PostRenderer {
  const own = listAt(release, "spec", "postRenderers").flatMap((step) => {
    const overlay = fieldAt(step, "kustomize");
    return isJsonObject(overlay) ? [overlay] : [];
  });
  const labels = {
    ...textsAt(release, "spec", "commonMetadata", "labels"),
    "helm.toolkit.fluxcd.io/name": textAt(release, "metadata", "name"),
    "helm.toolkit.fluxcd.io/namespace": textAt(release, "metadata", "namespace"),
  };
  const annotations = textsAt(release, "spec", "commonMetadata", "annotations");
  const last = {
    labels: [{ pairs: labels, includeSelectors: false }],
    ...(Object.keys(annotations).length === 0 ? {} : { commonAnnotations: annotations }),
  };
  return (stream) => (stream.trim() === "" ? stream : [...own, last].reduce<string>(runKustomize, stream));
}

function textsAt(release: JsonObject, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const value = fieldAt(release, ...path);
  return isJsonObject(value) ? value : {};
}

function runKustomize(stream: string, overlay: JsonObject): string {
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: ["all.yaml"], ...overlay };
  const files = new MemoryFileSystem([
    ["kustomization.yaml", stringifyJson(kustomization)],
    ["all.yaml", stream],
  ]);
  return toYaml(build(files, "/", { reorder: "none" }).objects);
}
