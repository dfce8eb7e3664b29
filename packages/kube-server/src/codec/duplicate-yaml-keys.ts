// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";

/** `yaml: unmarshal errors:\n  line 7: key "x" already set in map` for text with a key that stands twice in one mapping, else nothing. */
export function duplicateYamlKeys(text: string): readonly string[] {
  try {
    parseYaml(text, { duplicateKeys: "error" });
    return [];
  } catch (error) {
    if (!(error instanceof YamlError) || error.code !== "DUPLICATE_KEY" || error.line === undefined) return [];
    const line = text.split("\n")[error.line - 1] ?? "";
    const key = /^[\s\-?]*(?:"([^"]*)"|'([^']*)'|([^:]*?))\s*:/.exec(line);
    return [
      `yaml: unmarshal errors:\n  line ${error.line}: key ${JSON.stringify(key?.[1] ?? key?.[2] ?? key?.[3] ?? "")} already set in map`,
    ];
  }
}
