// SPDX-License-Identifier: Apache-2.0
import type { Command } from "./command.ts";
import { CommandError } from "./command.ts";
import { complete } from "./completion.ts";
import { find, flagsOf } from "./find.ts";
import { FlagValues, parseFlags } from "./flags.ts";
import type { CommandPath } from "./help.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";

/**
 * Finds the command that the words name, parses its flags and runs it.
 *
 * @param argv without the program's name
 * @returns the exit code; errors are printed to standard error as `✗ <message>`
 */
export async function runCommand(root: Command, argv: readonly string[], io: Io): Promise<number> {
  try {
    return await executeCommand(root, argv, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.stderr(`${error instanceof CommandError && error.isWarning ? "⚠️" : "✗"} ${message}\n`);
    return error instanceof CommandError ? error.exitCode : 1;
  }
}

/**
 * As `runCommand`, but what goes wrong is thrown.
 * @throws {CommandError} and whatever the command throws
 */
export async function executeCommand(root: Command, argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === "__complete" || argv[0] === "__completeNoDesc") {
    io.stdout(await complete(root, argv.slice(1), argv[0] === "__complete", io));
    return 0;
  }
  if (argv[0] === "help") return help(find(root, argv.slice(1)), io);
  const found = find(root, argv);
  const command = found.path.at(-1) as Command;
  const flags = flagsOf(found.path);
  const { args, given } = parseFlags(flags, found.rest);
  if (given.get("help")?.at(-1) === "true") return help(found, io);
  if (given.get("version")?.at(-1) === "true" && command === root) {
    io.stdout(`${root.name} version ${root.version ?? "unknown"}\n`);
    return 0;
  }
  if (command.load === undefined) {
    if (found.path.length === 1 && args.length > 0) throw unknownCommand(root, args[0] as string);
    return help(found, io);
  }
  for (const { name, deprecated } of flags) {
    if (deprecated !== undefined && given.has(name)) io.stdout(`Flag --${name} has been deprecated, ${deprecated}\n`);
  }
  checkArguments(command, found.path, args);
  const run = await command.load();
  const code = await run({
    path: found.path.map((one) => one.name),
    args,
    flags: new FlagValues(new Map(flags.map((flag) => [flag.name, flag])), given),
    io,
  });
  return code ?? 0;
}

function help(found: { readonly path: CommandPath }, io: Io): number {
  io.stdout(renderHelp(found.path));
  return 0;
}

function checkArguments(command: Command, path: CommandPath, args: readonly string[]): void {
  const rule = command.arguments ?? "any";
  if (rule === "any") return;
  const full = path.map((one) => one.name).join(" ");
  if (rule === "none") {
    if (args.length > 0) throw new CommandError(`unknown command ${JSON.stringify(args[0])} for ${JSON.stringify(full)}`);
    return;
  }
  if (args.length < rule.min || args.length > rule.max) {
    const wanted = rule.min === rule.max ? `accepts ${rule.min} arg(s)` : `accepts between ${rule.min} and ${rule.max} arg(s)`;
    throw new CommandError(`${wanted}, received ${args.length}`);
  }
}

function unknownCommand(root: Command, word: string): CommandError {
  const near = (root.children ?? []).filter((child) => !child.hidden && distance(child.name, word) <= 2).map((child) => child.name);
  const hint = near.length === 0 ? "" : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join("")}`;
  return new CommandError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(root.name)}${hint}`);
}

/** Levenshtein distance; names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
