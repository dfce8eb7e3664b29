// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import { baseName } from "../clean-path.ts";
import type { Decoder } from "../decode.ts";
import { integer, list, optional, outermost, struct, text } from "../decode.ts";
import { created, editPath } from "../field-path.ts";
import { wrongKind } from "../fieldspecs/apply-field-spec.ts";
import { splitPath } from "../fieldspecs/split-path.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Selector } from "../kustomization.ts";
import { pluginMode, selector } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { isMapping, scalarText } from "../mapping.ts";
import { selectResources } from "../selector.ts";
import { setNamespace } from "./namespace.ts";
import { textAs } from "./scalar-text.ts";
import type { Transformer } from "./transformer.ts";
import { ResourceMap } from "../resource-map.ts";

interface ValueTarget {
  readonly selector?: Selector | undefined;
  readonly fieldPath: string;
  readonly filePathPosition: number;
}

interface ValueAddArgs {
  readonly value: string;
  readonly targets: readonly ValueTarget[] | undefined;
  readonly targetFilePath: string;
}

const target: Decoder<ValueTarget> = struct("Target", {
  selector: optional(selector),
  fieldPath: text,
  filePathPosition: integer,
}) as Decoder<ValueTarget>;
const targets = list(target);
const args: Decoder<ValueAddArgs> = struct("ValueAddTransformer", { value: text, targets, targetFilePath: text }) as Decoder<ValueAddArgs>;

function readTargets(path: string, loader: Loader): readonly ValueTarget[] {
  const source = loader.readText(path);
  try {
    return targetFile(parseYaml(source), outermost, pluginMode).targets ?? [];
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `error converting YAML to JSON: ${cause.message}`, {
      path,
      ...(cause.line === undefined ? {} : { line: cause.line }),
      cause,
    });
  }
}

/** Puts a value into fields, or into the paths of files that they hold. @see kustomize ValueAddTransformer */
export function addValues(config: unknown, loader: Loader): Transformer {
  const { value: given, targets: own = [], targetFilePath } = args(config, outermost, pluginMode);
  const value = given.trim() === "" ? baseName(loader.root) : given.trim();
  const more = targetFilePath === "" ? [] : readTargets(targetFilePath, loader);
  const all = [...own, ...more];
  if (all.length === 0) throw new KustomizeError("INVALID_KUSTOMIZATION", "must specify at least one target");
  for (const { fieldPath, filePathPosition } of all) {
    if (fieldPath === "") throw new KustomizeError("INVALID_KUSTOMIZATION", "fieldPath cannot be empty");
    if (filePathPosition < 0) {
      throw new KustomizeError("INVALID_KUSTOMIZATION", `value of FilePathPosition (${filePathPosition}) cannot be negative`);
    }
  }
  return (resources) => {
    for (const one of all) {
      const selected = one.selector === undefined ? resources.list : selectResources(resources.list, one.selector);
      for (const resource of selected) {
        if (one.fieldPath === "metadata/namespace") {
          const single = new ResourceMap([resource]);
          const { previous } = resource;
          setNamespace({ namespace: value, fieldSpecs: [] })(single);
          // The field is set, and the resource not renamed.
          resource.previous = previous;
          continue;
        }
        const set = (old: unknown): unknown => {
          if (isMapping(old) || Array.isArray(old)) throw wrongKind("ScalarNode", old);
          const text = typeof old === "symbol" ? "" : scalarText(old);
          const added = one.filePathPosition > 0 ? insertPart(text, one.filePathPosition - 1, value) : value;
          // Only the quotes stay of what was there: text without any gives way to whatever the value looks like.
          return typeof old === "string" && textAs(old, created) !== old ? added : textAs(added, created);
        };
        const path = splitPath(one.fieldPath).filter((part) => part !== "");
        const edited = editPath(resource.object, { path, create: "scalar", set }).value;
        if (isMapping(edited)) resource.object = edited;
      }
    }
  };
}

const targetFile = struct<{ targets: readonly ValueTarget[] | undefined }>("", { targets });

/** Inserts a part into a path; beyond its end, at the end. @see kyaml filesys, InsertPathPart */
function insertPart(path: string, position: number, part: string): string {
  const isAbsolute = path.startsWith("/");
  const parts = path.split("/").filter((one) => one !== "");
  parts.splice(Math.min(position, parts.length), 0, part);
  return `${isAbsolute ? "/" : ""}${parts.join("/")}`;
}
