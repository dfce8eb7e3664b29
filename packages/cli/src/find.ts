// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "./command.ts";
import type { CommandPath } from "./help.ts";

export interface Found {
  readonly path: CommandPath;
  /** The words that are not names of commands: flags and arguments, in order. */
  readonly rest: readonly string[];
}

/** Walks down the tree by the words that are not flags; flags before a subcommand are allowed. */
export function find(root: Command, argv: readonly string[]): Found {
  const path: [Command, ...Command[]] = [root];
  const rest: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] as string;
    const command = path.at(-1) as Command;
    if (word === "--") {
      rest.push(...argv.slice(index));
      break;
    }
    if (word.startsWith("-")) {
      rest.push(word);
      if (takesNextWord(word, flagsOf(path)) && index + 1 < argv.length) {
        index += 1;
        rest.push(argv[index] as string);
      }
      continue;
    }
    const child = command.children?.find((one) => one.name === word || one.aliases?.includes(word));
    if (child === undefined) {
      rest.push(...argv.slice(index));
      break;
    }
    path.push(child);
  }
  return { path, rest };
}

/** All flags that may be given at this command; of several with one name the one that stands nearest. */
export function flagsOf(path: CommandPath): readonly Flag[] {
  const byName = new Map<string, Flag>();
  for (const flag of allFlags(path)) if (!byName.has(flag.name)) byName.set(flag.name, flag);
  return [...byName.values()];
}

function allFlags(path: CommandPath): readonly Flag[] {
  const own = path.at(-1) as Command;
  return [
    ...(own.flags ?? []),
    ...path.toReversed().flatMap((command) => command.persistentFlags ?? []),
    ...(path.length === 1 && own.version !== undefined
      ? [{ name: "version", short: "v", type: "bool", usage: `version for ${own.name}` } as const]
      : []),
    { name: "help", short: "h", type: "bool", usage: `help for ${own.name}` },
  ];
}

function takesNextWord(word: string, flags: readonly Flag[]): boolean {
  if (word.includes("=")) return false;
  const flag = word.startsWith("--")
    ? flags.find((one) => one.name === word.slice(2))
    : word.length === 2
      ? flags.find((one) => one.short === word[1])
      : undefined;
  return flag !== undefined && flag.type !== "bool";
}
