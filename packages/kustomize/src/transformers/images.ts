// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, wrongKind } from "../fieldspecs/apply-field-spec.ts";
import type { FieldSpec, Image } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { get, isMapping, isNull, scalarText, setKey } from "../mapping.ts";
import { compileMatch } from "../selector.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Changes name, tag or digest of an image: in every list of `containers` and `initContainers`, however deep, and where
 * the field specs say. CustomResourceDefinitions are left alone.
 *
 * @see kustomize filters/imagetag
 */
export function setImage(image: Image, fieldSpecs: readonly FieldSpec[]): Transformer {
  const set = imageSetter(image);
  return (resources) => {
    for (const resource of resources.list) {
      if (resource.kind === "CustomResourceDefinition") continue;
      resource.object = inContainers(resource.object, set) as Mapping;
    }
    for (const resource of resources.list) {
      if (resource.kind === "CustomResourceDefinition") continue;
      for (const spec of fieldSpecs) resource.object = applyFieldSpec(resource.object, spec, set);
    }
  };
}

type SetImage = (value: unknown) => unknown;

function imageSetter(image: Image): SetImage {
  // The name is a pattern upstream too. One that is not valid matches nothing there and is an error here.
  const isOf = compileMatch(["^", image.name, "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$"]);
  return (value) => {
    if (isNull(value)) return value;
    if (Array.isArray(value) || isMapping(value)) throw wrongKind("ScalarNode", value);
    const text = scalarText(value);
    return isOf(text) ? changedImage(text, image) : value;
  };
}

function changedImage(text: string, image: Image): string {
  const old = splitImage(text);
  const name = image.newName === "" ? old.name : image.newName;
  let { tag, digest } = old;
  if (image.newTag !== "") {
    tag = image.newTag;
    digest = image.digest;
  } else if (image.digest !== "") {
    tag = "";
    digest = image.digest;
  } else if (image.tagSuffix !== "") {
    tag += image.tagSuffix;
    digest = "";
  }
  return `${name}${tag === "" ? "" : `:${tag}`}${digest === "" ? "" : `@${digest}`}`;
}

/** `host:port/name:tag@digest` in its parts. */
export function splitImage(text: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  // Before the first slash a colon is a port's.
  const start = Math.max(text.indexOf("/"), 0);
  const at = text.indexOf("@", start);
  const colon = text.indexOf(":", start);
  if (at >= 0 && (colon < 0 || at < colon)) return { name: text.slice(0, at), tag: "", digest: text.slice(at + 1) };
  if (colon < 0) return { name: text, tag: "", digest: "" };
  if (at < 0) return { name: text.slice(0, colon), tag: text.slice(colon + 1), digest: "" };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1, at), digest: text.slice(at + 1) };
}

function inContainers(value: unknown, set: SetImage): unknown {
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const changed = inContainers(value[index], set);
      if (changed !== value[index]) {
        copy ??= [...(value as unknown[])];
        copy[index] = changed;
      }
    }
    return copy ?? value;
  }
  if (!isMapping(value)) return value;
  let out = value;
  for (const key of Object.keys(value)) {
    let changed = inContainers(value[key], set);
    if ((key === "containers" || key === "initContainers") && Array.isArray(changed)) changed = withImages(changed, set);
    if (changed !== value[key]) out = setKey(out, key, changed);
  }
  return out;
}

function withImages(containers: readonly unknown[], set: SetImage): readonly unknown[] {
  let hasChanged = false;
  const out = containers.map((container) => {
    if (isNull(container)) return container;
    if (!isMapping(container)) throw wrongKind("MappingNode", container);
    const image = get(container, "image");
    const changed = set(image);
    if (changed === image) return container;
    hasChanged = true;
    return setKey(container, "image", changed);
  });
  return hasChanged ? out : containers;
}
