// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "./command.ts";

const HELP_FLAG = (name: string): Flag => ({ name: "help", short: "h", type: "bool", usage: `help for ${name}` });

/** A command and those above it, from the root. */
export type CommandPath = readonly [Command, ...Command[]];

/**
 * The text of `--help`, laid out as cobra lays it out.
 * @see spf13/cobra usage and help templates
 */
export function renderHelp(path: CommandPath): string {
  const command = path.at(-1) as Command;
  const description = (command.long ?? command.short).trim();
  return `${description}\n\n${renderUsage(path)}`;
}

/** `Usage:` and all below it. */
export function renderUsage(path: CommandPath): string {
  const command = path.at(-1) as Command;
  const full = path.map((one) => one.name).join(" ");
  const children = (command.children ?? []).filter((child) => !child.hidden).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts: string[] = [];

  const usage: string[] = [];
  if (command.load !== undefined) usage.push(`  ${full}${command.argumentsUsage ? ` ${command.argumentsUsage}` : ""} [flags]`);
  if (children.length > 0) usage.push(`  ${full} [command]`);
  parts.push(`Usage:\n${usage.join("\n")}`);

  if (command.aliases !== undefined && command.aliases.length > 0) {
    parts.push(`Aliases:\n  ${[command.name, ...command.aliases].join(", ")}`);
  }
  if (command.example !== undefined) parts.push(`Examples:\n${command.example.replace(/^\n+|\s+$/g, "")}`);
  if (children.length > 0) {
    const width = Math.max(11, ...children.map((child) => child.name.length));
    parts.push(`Available Commands:\n${children.map((child) => `  ${child.name.padEnd(width)} ${child.short}`).join("\n")}`);
  }
  const own = [...(command.flags ?? []), ...(command.persistentFlags ?? []), HELP_FLAG(command.name)];
  if (path.length === 1 && command.version !== undefined) {
    own.push({ name: "version", short: "v", type: "bool", usage: `version for ${command.name}` });
  }
  parts.push(`Flags:\n${renderFlags(own)}`);
  const inherited = path
    .slice(0, -1)
    .flatMap((one) => one.persistentFlags ?? [])
    .filter(({ name }) => !own.some((flag) => flag.name === name));
  if (inherited.length > 0) parts.push(`Global Flags:\n${renderFlags(inherited)}`);
  if (children.length > 0) parts.push(`Use "${full} [command] --help" for more information about a command.`);
  return `${parts.join("\n\n")}\n`;
}

function renderFlags(flags: readonly Flag[]): string {
  const rows = flags
    .filter((flag) => !flag.hidden && flag.deprecated === undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const short = flag.short === undefined ? "      " : `  -${flag.short}, `;
      const type = typeName(flag);
      return { head: `${short}--${flag.name}${type === "" ? "" : ` ${type}`}`, flag };
    });
  const width = Math.max(...rows.map((row) => row.head.length));
  return rows.map(({ head, flag }) => `${head.padEnd(width)}   ${flag.usage}${renderDefault(flag)}`).join("\n");
}

function typeName(flag: Flag): string {
  if (flag.typeLabel !== undefined) return flag.typeLabel;
  switch (flag.type) {
    case "bool":
      return "";
    case "stringSlice":
      return "strings";
    case "float":
      return "float32";
    default:
      return flag.type;
  }
}

function renderDefault(flag: Flag): string {
  const { default: value } = flag;
  if (value === undefined || value === "" || value === "false" || value === "0") return "";
  if (flag.type === "duration" && value === "0s") return "";
  return flag.type === "string" && flag.typeLabel === undefined
    ? ` (default ${JSON.stringify(value)})`
    : ` (default ${flag.type === "stringSlice" ? `[${value}]` : value})`;
}
