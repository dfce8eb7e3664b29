// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";
import { escapeHtml, listJson, mapJson, mapNumbers, type StructField, structJson, textJson } from "@flux-ts/helm/release";
import { type ExactNumber, type JsonObject, stringifyYaml } from "@flux-ts/kube-core";
import { type DigestAlgorithm, digestOf, parseDigest } from "@flux-ts/toolkit/artifact";

type PostRenderers = NonNullable<HelmRelease["spec"]["postRenderers"]>;
type Overlay = NonNullable<PostRenderers[number]["kustomize"]>;
type Patch = NonNullable<Overlay["patches"]>[number];
type Image = NonNullable<Overlay["images"]>[number];
type CommonMetadata = NonNullable<HelmRelease["spec"]["commonMetadata"]>;

/**
 * The digest of values: of their YAML with the keys in the order of their bytes; no values have that of nothing.
 *
 * @see fluxcd/pkg chartutil DigestValues; spec G-HEL-6
 */
export function valuesDigest(values: JsonObject, algorithm: DigestAlgorithm = "sha256"): string {
  const text = Object.keys(values).length === 0 ? "" : stringifyYaml(mapNumbers(values, asHelmHas), { sortKeys: "bytes" });
  return digestOf(Buffer.from(text), algorithm);
}

/** Numbers of YAML are float64; a bigint is the int64 that a path into the values sets. */
function asHelmHas(number: ExactNumber | bigint): number | bigint {
  return typeof number === "bigint" ? number : number.valueOf();
}

/** Whether values have a digest, which may be of any algorithm. False for what is no digest. */
export function hasValuesDigest(digest: string, values: JsonObject): boolean {
  const algorithm = algorithmOf(digest);
  return algorithm !== undefined && valuesDigest(values, algorithm) === digest;
}

/** Undefined for what is no digest. */
export function algorithmOf(digest: string): DigestAlgorithm | undefined {
  try {
    return parseDigest(digest).algorithm;
  } catch {
    return undefined;
  }
}

/** The digest of Go's JSON of a value, as an encoder writes it: with a line break at the end. */
export function jsonDigest(json: string, algorithm: DigestAlgorithm = "sha256"): string {
  return digestOf(Buffer.from(`${escapeHtml(json)}\n`), algorithm);
}

/** The digest of `spec.postRenderers`; `""` for none. @see helm-controller internal/postrender Digest */
export function postRenderersDigest(postRenderers: PostRenderers | undefined): string {
  if (postRenderers === undefined) return "";
  return jsonDigest(listJson(postRenderers.map(({ kustomize }) => structJson([["kustomize", kustomize && overlayJson(kustomize)]]))));
}

/** The digest of `spec.commonMetadata`; `""` for none. @see helm-controller internal/postrender CommonMetadataDigest */
export function commonMetadataDigest(metadata: CommonMetadata | undefined): string {
  if (metadata === undefined) return "";
  return jsonDigest(
    structJson([
      ["annotations", filledMap(metadata.annotations)],
      ["labels", filledMap(metadata.labels)],
    ]),
  );
}

function overlayJson({ patches = [], images = [] }: Overlay): string {
  return structJson([
    ["patches", patches.length === 0 ? undefined : listJson(patches.map(patchJson))],
    ["images", images.length === 0 ? undefined : listJson(images.map(imageJson))],
  ]);
}

const SELECTOR = ["group", "version", "kind", "namespace", "name", "annotationSelector", "labelSelector"] as const;

function patchJson({ patch, target }: Patch): string {
  const selector = target && structJson(SELECTOR.map((name): StructField => [name, filledText(target[name])]));
  return structJson([
    ["patch", textJson(patch)],
    ["target", selector],
  ]);
}

function imageJson({ name, newName, newTag, digest }: Image): string {
  return structJson([
    ["name", textJson(name)],
    ["newName", filledText(newName)],
    ["newTag", filledText(newTag)],
    ["digest", filledText(digest)],
  ]);
}

function filledText(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : textJson(text);
}

function filledMap(map: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : mapJson(map);
}
