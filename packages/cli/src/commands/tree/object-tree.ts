// SPDX-License-Identifier: Apache-2.0
import { stringifyJson, stringifyYaml } from "@flux-ts/kube-core";
import type { ObjectId } from "@flux-ts/toolkit/apply";
import { subjectOf } from "@flux-ts/toolkit/apply";

/** An object and those that it manages, in the order of its inventory. */
export interface ObjectTree {
  readonly id: ObjectId;
  readonly children: readonly ObjectTree[];
}

/** The tree as `-o` asks for it: a drawing unless it is `json` or `yaml`. @see flux2 internal/tree */
export function printTree(tree: ObjectTree, output: string): string {
  // Two line breaks after YAML and drawings, as upstream.
  if (output === "json") return `${JSON.stringify(JSON.parse(stringifyJson(toData(tree))), null, 2)}\n`;
  if (output === "yaml") return `${stringifyYaml(toData(tree))}\n`;
  return `${subjectOf(tree.id)}\n${draw(tree.children, "")}\n`;
}

function draw(children: readonly ObjectTree[], indent: string): string {
  return children
    .map(({ id, children: below }, index) => {
      const isLast = index === children.length - 1;
      return `${indent}${isLast ? "└── " : "├── "}${subjectOf(id)}\n${draw(below, `${indent}${isLast ? "    " : "│   "}`)}`;
    })
    .join("");
}

/** The names of fields are those of Go's structs. */
function toData({ id, children }: ObjectTree): Readonly<Record<string, unknown>> {
  const { namespace, name, group, kind } = id;
  const resource = { Namespace: namespace, Name: name, GroupKind: { Group: group, Kind: kind } };
  return { resource, ...(children.length === 0 ? {} : { resources: children.map(toData) }) };
}
