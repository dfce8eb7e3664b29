// SPDX-License-Identifier: Apache-2.0
import { parseYaml, stringifyYaml, YamlError } from "@flux-ts/kube-core";
import { joinPath } from "../clean-path.ts";
import { outermost } from "../decode.ts";
import type { FileSystem } from "../file-system.ts";
import type { BuildCache } from "../incremental/build-cache.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Image, Kustomization, Patch } from "../kustomization.ts";
import { decodeKustomization, kustomizationApiVersion, pluginMode, selector } from "../kustomization.ts";
import { encodeKustomization } from "./encode-kustomization.ts";
import { isLocalRelativePath } from "./local-path.ts";
import { withFile } from "./overlay-file-system.ts";
import type { IsIgnored } from "./scan-manifests.ts";
import { exists, findKustomization, scanManifests } from "./scan-manifests.ts";

/** What a Flux Kustomization says about the kustomization that it builds. */
export interface FluxOverlay {
  readonly targetNamespace?: string | undefined;
  readonly namePrefix?: string | undefined;
  readonly nameSuffix?: string | undefined;
  readonly patches?: readonly { readonly patch: string; readonly target?: FluxSelector | undefined }[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly ignoreMissingComponents?: boolean | undefined;
  readonly images?:
    | readonly {
        readonly name: string;
        readonly newName?: string | null | undefined;
        readonly newTag?: string | null | undefined;
        readonly digest?: string | null | undefined;
      }[]
    | undefined;
  readonly buildMetadata?: readonly string[] | undefined;
}

export interface FluxSelector {
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly annotationSelector?: string | undefined;
}

export interface GenerateOptions {
  /** Leaves files out (`.sourceignore`, `--ignore-paths` of the CLI): of a scan, and of resources, components and crds. */
  readonly isIgnored?: IsIgnored;
  /** Shares parsed files with the build. */
  readonly cache?: BuildCache;
}

export interface GeneratedKustomization {
  /** The file system with the generated file in it. */
  readonly fs: FileSystem;
  /** The path of the kustomization file. */
  readonly path: string;
  /** Its content. */
  readonly manifest: string;
  /** Whether there was none. */
  readonly isCreated: boolean;
}

/**
 * The kustomization file that Flux builds: that of the folder, or one made of the folder's manifests, with what the Flux
 * Kustomization adds to it. Fields that kustomize does not know are left out of an existing file, as upstream.
 *
 * @throws {KustomizeError} with the stage `generate`
 * @see fluxcd/pkg kustomize, Generator.GenerateManifest
 */
export function generateKustomization(
  fs: FileSystem,
  folder: string,
  overlay: FluxOverlay,
  options: GenerateOptions = {},
): GeneratedKustomization {
  try {
    return generate(fs, folder, overlay, options);
  } catch (error) {
    throw error instanceof KustomizeError ? error.inStage("generate") : error;
  }
}

function generate(fs: FileSystem, folder: string, overlay: FluxOverlay, { isIgnored, cache }: GenerateOptions): GeneratedKustomization {
  const existing = findKustomization(fs, folder);
  const path = existing ?? joinPath(folder, "kustomization.yaml");
  const found = existing === undefined ? scanned(fs, folder, isIgnored, cache) : withNames(read(fs, existing));
  if (existing === undefined && fs.isDirectory(path)) throw new KustomizeError("NOT_FOUND", `open ${path}: is a directory`, { path });
  const kept = isIgnored === undefined ? found : filtered(fs, folder, found, isIgnored);
  const manifest = stringifyYaml(encodeKustomization(withOverlay(fs, folder, kept, overlay, existing !== undefined)));
  return { fs: withFile(fs, path, manifest), path, manifest, isCreated: existing === undefined };
}

function read(fs: FileSystem, path: string): Kustomization {
  const content = fs.read(path);
  try {
    const source = typeof content === "string" ? content : new TextDecoder().decode(content);
    return decodeKustomization(parseYaml(source, { severalDocuments: "first" }), pluginMode);
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `error converting YAML to JSON: ${cause.message}`, {
      path,
      ...(cause.line === undefined ? {} : { line: cause.line }),
      cause,
    });
  }
}

function withNames(kustomization: Kustomization): Kustomization {
  const { apiVersion, kind } = kustomization;
  return {
    ...kustomization,
    apiVersion: apiVersion === "" ? kustomizationApiVersion : apiVersion,
    kind: kind === "" ? "Kustomization" : kind,
  };
}

function scanned(fs: FileSystem, folder: string, isIgnored: IsIgnored | undefined, cache: BuildCache | undefined): Kustomization {
  const resources = scanManifests(fs, folder, isIgnored ?? (() => false), cache);
  const blank = withNames(decodeKustomization({}, pluginMode));
  // kustomize takes no empty file.
  return resources.length === 0 ? { ...blank, namespace: "_placeholder" } : { ...blank, resources };
}

function filtered(fs: FileSystem, folder: string, kustomization: Kustomization, isIgnored: IsIgnored): Kustomization {
  const keep = (paths: readonly string[] | undefined): readonly string[] | undefined =>
    paths?.filter((path) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return true;
      const absolute = joinPath(folder, path);
      return !isIgnored(absolute, fs.isDirectory(absolute));
    });
  const [resources, components, crds] = [keep(kustomization.resources), keep(kustomization.components), keep(kustomization.crds)];
  return {
    ...kustomization,
    ...(resources === undefined ? {} : { resources }),
    ...(components === undefined ? {} : { components }),
    ...(crds === undefined ? {} : { crds }),
  };
}

function withOverlay(fs: FileSystem, folder: string, own: Kustomization, overlay: FluxOverlay, isExisting: boolean): Kustomization {
  const { targetNamespace, namePrefix, nameSuffix, patches = [], images = [], buildMetadata = [] } = overlay;
  // Without resources kustomize takes a file for empty, unless it says something else.
  const metadata = isExisting && (own.resources ?? []).length === 0 ? ["originAnnotations"] : (own.buildMetadata ?? []);
  return {
    ...own,
    ...(targetNamespace === undefined ? {} : { namespace: targetNamespace }),
    ...(namePrefix === undefined ? {} : { namePrefix }),
    ...(nameSuffix === undefined ? {} : { nameSuffix }),
    patches: [...(own.patches ?? []), ...patches.map(toPatch)],
    components: [...(own.components ?? []), ...componentsOf(fs, folder, overlay)],
    images: images.reduce<readonly Image[]>(withImage, own.images ?? []),
    buildMetadata: buildMetadata.length > 0 ? buildMetadata : metadata,
  };
}

function toPatch({ patch, target }: NonNullable<FluxOverlay["patches"]>[number]): Patch {
  return { path: "", patch, ...(target === undefined ? {} : { target: selector(target, outermost, pluginMode) }) };
}

function componentsOf(
  fs: FileSystem,
  folder: string,
  { components = [], ignoreMissingComponents = false }: FluxOverlay,
): readonly string[] {
  return components.filter((component) => {
    if (!isLocalRelativePath(component)) {
      throw new KustomizeError("INVALID_KUSTOMIZATION", `component path '${component}' must be local and relative`, { path: component });
    }
    return !ignoreMissingComponents || exists(fs, joinPath(folder, component));
  });
}

/** Merged by name: a new tag or digest replaces both. */
function withImage(
  images: readonly Image[],
  { name, newName, newTag, digest }: NonNullable<FluxOverlay["images"]>[number],
): readonly Image[] {
  const change = { newName: newName ?? "", newTag: newTag ?? "", digest: digest ?? "" };
  const index = images.findIndex((image) => image.name === name);
  const old = images[index];
  if (old === undefined) return [...images, { name, tagSuffix: "", ...change }];
  const named = change.newName === "" ? old : { ...old, newName: change.newName };
  const merged = change.newTag === "" && change.digest === "" ? named : { ...named, newTag: change.newTag, digest: change.digest };
  return images.with(index, merged);
}
