// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "../command.ts";
import type { KindGroup, KindNames, Verb } from "./kind-names.ts";
import { kindNames } from "./kind-names.ts";

/** How the group of a verb is named and described. */
export interface GroupCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly persistentFlags?: readonly Flag[];
  /** Commands besides those of the kinds. */
  readonly children?: readonly Command[];
}

/**
 * The commands of a verb: one for each kind that has it, those of sources, images and artifacts below a word of their own.
 * @param leaf of one kind, without its name
 */
export function kindTree(
  verb: Verb,
  leaf: (names: KindNames) => Omit<Command, "name" | "aliases">,
  group: (name: KindGroup) => GroupCommand,
): readonly Command[] {
  const having = kindNames.filter((names) => names.verbs.includes(verb));
  const command = (names: KindNames): Command => {
    const [name, aliases] = verb === "get" ? [names.listName, names.listAliases] : [names.name, names.aliases];
    return {
      name,
      ...(aliases.length === 0 ? {} : { aliases }),
      completes: { apiVersion: names.apiVersion, kind: names.kind },
      ...leaf(names),
    };
  };
  const groups: readonly KindGroup[] = ["source", "image", "artifact"];
  return [
    ...having.filter((names) => names.group === undefined).map(command),
    ...groups.flatMap((name) => {
      const children = having.filter((names) => names.group === name).map(command);
      if (children.length === 0) return [];
      const { children: others = [], persistentFlags, ...about } = group(name);
      return [{ ...about, ...(persistentFlags === undefined ? {} : { persistentFlags }), children: [...others, ...children] }];
    }),
  ];
}

/** `flux suspend source git`: how a kind's command is typed. */
export function spell(verb: Verb, names: KindNames): string {
  const name = verb === "get" ? names.listName : names.name;
  const group = names.group === undefined ? "" : `${verb === "get" ? `${names.group}s` : names.group} `;
  return `flux ${verb} ${group}${name}`;
}
