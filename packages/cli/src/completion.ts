// SPDX-License-Identifier: Apache-2.0
import type { Command } from "./command.ts";
import { find, flagsOf } from "./find.ts";

/** What cobra's shell scripts understand: file names are not wanted. */
const NO_FILES = 4;
const DEFAULT = 0;

/**
 * Answers `__complete`: one candidate a line, a tab and its description, then a line with a directive.
 * @param words what stands after the program's name; the last one is being typed
 * @see spf13/cobra completions.go
 */
export function complete(root: Command, words: readonly string[], descriptions: boolean): string {
  const typed = words.at(-1) ?? "";
  const { path } = find(root, words.slice(0, -1));
  const command = path.at(-1) as Command;
  const line = (name: string, about: string): string => (descriptions ? `${name}\t${about}` : name);

  const flags = flagsOf(path);
  const previous = words.at(-2) ?? "";
  const valued = flags.find((flag) => flag.type !== "bool" && (previous === `--${flag.name}` || previous === `-${flag.short ?? ""}`));
  if (valued !== undefined) {
    const choices = (valued.choices ?? []).filter((choice) => choice.startsWith(typed));
    return `${[...choices, `:${valued.choices === undefined ? DEFAULT : NO_FILES}`].join("\n")}\n`;
  }
  if (typed.startsWith("-")) {
    const matching = flags.filter((flag) => !flag.hidden && flag.deprecated === undefined && `--${flag.name}`.startsWith(typed));
    return `${[...matching.map((flag) => line(`--${flag.name}`, flag.usage)), `:${NO_FILES}`].join("\n")}\n`;
  }
  const children = (command.children ?? []).filter((child) => !child.hidden && child.name.startsWith(typed));
  const directive = command.children === undefined ? DEFAULT : NO_FILES;
  return `${[...children.map((child) => line(child.name, child.short)), `:${directive}`].join("\n")}\n`;
}
