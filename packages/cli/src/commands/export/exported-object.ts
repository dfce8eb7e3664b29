// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { parseApiVersion, stringifyYaml } from "@flux-ts/kube-core";
import { withoutZeros } from "./without-zeros.ts";

/**
 * An object as it would be committed: its name, labels and annotations, and its spec without what is as good as absent.
 * @see cmd/flux/export.go: upstream prints its Go structs, which leave out zero values
 */
export function exportedObject(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const { group } = parseApiVersion(object.apiVersion);
  const definition = fluxKinds.find((kind) => kind.kind === object.kind && kind.group === group);
  const spec: unknown = Reflect.get(object, "spec");
  const exported = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(isEmpty(labels) ? {} : { labels }),
      ...(isEmpty(annotations) ? {} : { annotations }),
    },
    ...(spec === undefined ? {} : { spec: definition === undefined ? spec : withoutZeros(spec, definition.spec) }),
  };
  // The metadata of an object that was read is what it was read as.
  return exported as KubeObject;
}

function isEmpty(map: Readonly<Record<string, string>> | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0;
}

/** A YAML document that begins with `---`. */
export function renderManifest(object: unknown): string {
  return `---\n${stringifyYaml(object)}`;
}
