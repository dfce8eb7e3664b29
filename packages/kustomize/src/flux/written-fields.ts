// SPDX-License-Identifier: Apache-2.0
import { parseYaml } from "@flux-ts/kube-core";
import type { FieldPath, WrittenFields } from "../explain/kustomization-places.ts";
import type { FileSystem } from "../file-system.ts";
import { get, scalarText } from "../mapping.ts";
import type { FluxOverlay, GeneratedKustomization } from "./generate-kustomization.ts";

const names: ReadonlyMap<string, keyof FluxOverlay> = new Map([
  ["namespace", "targetNamespace"],
  ["namePrefix", "namePrefix"],
  ["nameSuffix", "nameSuffix"],
]);

/** Which fields of the kustomization come from the Flux Kustomization, and where the others stand in the file. */
export function writtenFields(fs: FileSystem, { path, isCreated }: GeneratedKustomization, overlay: FluxOverlay): WrittenFields {
  const content = isCreated ? undefined : fs.read(path);
  const source = typeof content === "object" ? new TextDecoder().decode(content) : content;
  const own = source === undefined ? {} : parseYaml(source, { severalDocuments: "first" });
  const listOf = (field: string): readonly unknown[] => {
    const list = get(own, field);
    return Array.isArray(list) ? (list as unknown[]) : [];
  };
  const addedBy = ([field, index]: FieldPath): string | undefined => {
    const name = names.get(String(field));
    if (name !== undefined) return overlay[name] === undefined ? undefined : `spec.${name}`;
    if (typeof index !== "number") return undefined;
    const before = listOf(String(field));
    if (field === "patches" && index >= before.length) return `spec.patches[${index - before.length}]`;
    if (field !== "images") return undefined;
    return imageOf(before, index, overlay.images ?? []);
  };
  return { path, source, addedBy };
}

/** An image of the Flux Kustomization changes the entry of its name; one with a new name is added. */
function imageOf(before: readonly unknown[], index: number, images: NonNullable<FluxOverlay["images"]>): string | undefined {
  const name = before[index] === undefined ? undefined : scalarText(get(before[index], "name"));
  const added = images.filter((image) => !before.some((one) => scalarText(get(one, "name")) === image.name));
  const wanted = name ?? [...new Set(added.map((image) => image.name))][index - before.length];
  const found = images.findLastIndex((image) => image.name === wanted);
  return found < 0 ? undefined : `spec.images[${found}]`;
}
