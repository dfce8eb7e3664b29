// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "./command.ts";
import { find, flagsOf } from "./find.ts";
import { FlagValues, parseFlags } from "./flags.ts";
import type { Io } from "./io.ts";

/** What cobra's shell scripts understand after the colon: bits that may be added. */
const DEFAULT = 0;
const FAILED = 1;
const NO_FILES = 4;

interface Answer {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

type Candidate = readonly [name: string, about?: string];

/** What was typed, as far as it could be read. */
interface Typed {
  readonly command: Command;
  readonly flags: readonly Flag[];
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly args: readonly string[];
  /** The beginning of the word that is asked for. */
  readonly prefix: string;
}

/**
 * Answers `__complete`: one candidate a line, a tab and its description, then a line with a directive. Names of objects,
 * namespaces and contexts are asked of the cluster and the kubeconfig that the flags before name; what goes wrong is told to
 * standard error, and answers nothing.
 *
 * @param words what stands after the program's name; the last one is being typed
 * @see spf13/cobra completions.go
 */
export async function complete(root: Command, words: readonly string[], hasDescriptions: boolean, io: Io): Promise<string> {
  const { candidates, directive } = await answer(root, words, io).catch((error: unknown): Answer => {
    io.stderr(`[Error] ${(error as Error).message}\n`);
    return { candidates: [], directive: FAILED };
  });
  const meaning = directive === FAILED ? "Error" : directive === NO_FILES ? "NoFileComp" : "Default";
  io.stderr(`Completion ended with directive: ShellCompDirective${meaning}\n`);
  const lines = candidates.map(([name, about]) => (hasDescriptions && about !== undefined ? `${name}\t${about}` : name));
  return `${[...lines, `:${directive}`].join("\n")}\n`;
}

async function answer(root: Command, words: readonly string[], io: Io): Promise<Answer> {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { path, rest } = find(root, before);
  const command = path.at(-1) as Command;
  const flags = flagsOf(path);
  const asked = flagOfValue(flags, rest, last);
  let parsed: Pick<Typed, "args" | "given">;
  try {
    parsed = parseFlags(flags, asked?.isSeparate === true ? rest.slice(0, -1) : rest);
  } catch (error) {
    io.stderr(`[Error] Error while parsing flags from args [${rest.join(" ")}]: ${(error as Error).message}\n`);
    return { candidates: [], directive: DEFAULT };
  }
  const typed = { command, flags, ...parsed, prefix: asked?.prefix ?? last };
  if (asked !== undefined) return flagValues(asked.flag, typed, io);
  if (last.startsWith("-")) {
    if (!last.includes("=")) return flagNames(typed);
    const [name = ""] = last.replace(/^--?/, "").split("=");
    io.stderr(`[Error] Subcommand '${command.name}' does not support flag '${name}'\n`);
    return { candidates: [], directive: DEFAULT };
  }
  return argumentsOf(typed, io);
}

/** The flag whose value is being typed: `--name val`, `-n val`, `-An val` or `--name=val`. */
function flagOfValue(
  flags: readonly Flag[],
  rest: readonly string[],
  last: string,
): { readonly flag: Flag; readonly prefix: string; readonly isSeparate: boolean } | undefined {
  const named = (word: string): Flag | undefined =>
    word.startsWith("--") ? flags.find(({ name }) => name === word.slice(2)) : flags.find(({ short }) => short === word.at(-1));
  if (last.startsWith("-")) {
    const equals = last.indexOf("=");
    const flag = equals < 0 ? undefined : named(last.slice(0, equals));
    return flag === undefined ? undefined : { flag, prefix: last.slice(equals + 1), isSeparate: false };
  }
  const previous = rest.at(-1) ?? "";
  if (!previous.startsWith("-") || previous.length < 2 || previous.includes("=") || rest.includes("--")) return undefined;
  const flag = named(previous);
  return flag === undefined || flag.type === "bool" ? undefined : { flag, prefix: last, isSeparate: true };
}

async function flagValues(flag: Flag, typed: Typed, io: Io): Promise<Answer> {
  if (flag.completes !== undefined) {
    const { completeContexts, completeNames } = await import("./complete-names.ts");
    const values = new FlagValues(new Map(typed.flags.map((one) => [one.name, one])), typed.given);
    const names = flag.completes === "contexts" ? await completeContexts(values, io) : await completeNames(flag.completes, values, io);
    return beginning(
      typed.prefix,
      names.map((name) => [name]),
    );
  }
  if (flag.choices === undefined) return { candidates: [], directive: DEFAULT };
  return beginning(
    typed.prefix,
    flag.choices.map((choice) => [choice]),
  );
}

/** Those that may still be given, in both spellings. */
function flagNames({ flags, given, prefix }: Typed): Answer {
  const open = flags.filter(
    ({ name, type, hidden, deprecated }) =>
      !hidden && deprecated === undefined && (!given.has(name) || type === "stringSlice" || type === "stringArray"),
  );
  const sorted = open.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return beginning(
    prefix,
    sorted.flatMap(({ name, short, usage }): readonly Candidate[] => [
      [`--${name}`, usage],
      ...(short === undefined ? [] : [[`-${short}`, usage] as const]),
    ]),
  );
}

async function argumentsOf(typed: Typed, io: Io): Promise<Answer> {
  const { command, args, flags, given, prefix } = typed;
  if (command.children !== undefined && args.length === 0) {
    const children = command.children.filter((child) => !child.hidden).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return beginning(
      prefix,
      children.map(({ name, short }) => [name, short]),
    );
  }
  if (command.completes === undefined) return { candidates: [], directive: command.children === undefined ? DEFAULT : NO_FILES };
  const { completeNames } = await import("./complete-names.ts");
  const names = await completeNames(command.completes, new FlagValues(new Map(flags.map((flag) => [flag.name, flag])), given), io);
  return beginning(
    prefix,
    names.map((name) => [name]),
  );
}

function beginning(prefix: string, candidates: readonly Candidate[]): Answer {
  return { candidates: candidates.filter(([name]) => name.startsWith(prefix)), directive: NO_FILES };
}
