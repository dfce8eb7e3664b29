// SPDX-License-Identifier: Apache-2.0
import { setKey, type KubeObject } from "@flux-ts/kube-core";

type Metadata = Readonly<Record<string, string>>;

/** Annotations of an object that go with its events. */
const ofEvents = "event.toolkit.fluxcd.io/";

/** The same with keys that carry the group of the object's kind; those with a prefix of their own keep it, empty values go (G-EVT-3). */
export function withGroup(metadata: Metadata, group: string): Metadata {
  const prefixed: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata))
    if (value !== "") setKey(prefixed, key.includes("/") ? key : `${group}/${key}`, value);
  return prefixed;
}

/** The same with what the object's own annotations add to its events; they win (G-EVT-3). */
export function withAnnotationsOf(object: KubeObject, metadata: Metadata): Metadata {
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => key.startsWith(ofEvents));
  return annotations.length === 0 ? metadata : { ...metadata, ...Object.fromEntries(annotations) };
}
