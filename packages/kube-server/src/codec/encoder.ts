// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { stringifyJson } from "@flux-ts/kube-core";

/** The JSON of objects, made once for each and kept as long as the object lives. */
export class Encoder {
  #whole = new WeakMap<object, Buffer>();
  #items = new WeakMap<object, Buffer>();

  /** The JSON of a frozen object. */
  encode(object: object): Buffer {
    let bytes = this.#whole.get(object);
    if (!bytes) {
      bytes = Buffer.from(stringifyJson(object), "utf8");
      if (Object.isFrozen(object)) this.#whole.set(object, bytes);
    }
    return bytes;
  }

  /** The JSON of a built-in object as lists show it: without kind and apiVersion. */
  encodeItem(object: KubeObject): Buffer {
    let bytes = this.#items.get(object);
    if (!bytes) {
      bytes = Buffer.from(stringifyJson(withoutKind(object)), "utf8");
      if (Object.isFrozen(object)) this.#items.set(object, bytes);
    }
    return bytes;
  }
}

export function withoutKind(object: KubeObject): Omit<KubeObject, "kind" | "apiVersion"> {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}
