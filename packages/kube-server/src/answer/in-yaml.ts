// SPDX-License-Identifier: Apache-2.0
import { stringifyYaml } from "@flux-ts/kube-core";
import type { Answer } from "./answer.ts";

/** The same answer as YAML text; watches and texts stay as they are. */
export function inYaml({ object, encoded: _encoded, ...answer }: Answer): Answer {
  if (object === undefined || answer.watch) return { ...answer, ...(object === undefined ? {} : { object }) };
  return { ...answer, text: stringifyYaml(object), contentType: "application/yaml" };
}
