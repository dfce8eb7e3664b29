// SPDX-License-Identifier: Apache-2.0
import { parseDuration } from "@flux-ts/kube-core";
import type { Flag } from "./command.ts";
import { CommandError } from "./command.ts";

/** The values of all flags a command knows, given or default. Asking for one it does not know is a bug and throws. */
export class FlagValues {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(flags: ReadonlyMap<string, Flag>, given: ReadonlyMap<string, readonly string[]>) {
    this.#flags = flags;
    this.#given = given;
  }

  /** Whether it stood on the command line. */
  changed(name: string): boolean {
    return this.#given.has(name);
  }

  /** Whether the command knows it: for what several commands share. */
  has(name: string): boolean {
    return this.#flags.has(name);
  }

  string(name: string): string {
    return this.#last(name) ?? "";
  }

  bool(name: string): boolean {
    return isTrue(this.#last(name) ?? "false");
  }

  int(name: string): number {
    return Number(this.#last(name) ?? "0");
  }

  durationMs(name: string): number {
    return parseDuration(this.#last(name) ?? "0s");
  }

  /** All values: a slice is split at commas, an array is not. */
  strings(name: string): readonly string[] {
    const flag = this.#flag(name);
    const given = this.#given.get(name) ?? (flag.default === undefined || flag.default === "" ? [] : [flag.default]);
    return flag.type === "stringSlice" ? given.flatMap((value) => (value === "" ? [] : splitCsv(value))) : given;
  }

  #last(name: string): string | undefined {
    const flag = this.#flag(name);
    return this.#given.get(name)?.at(-1) ?? flag.default;
  }

  #flag(name: string): Flag {
    const flag = this.#flags.get(name);
    if (flag === undefined) throw new Error(`the command reads the flag --${name}, which it does not declare`);
    return flag;
  }
}

export interface ParsedArguments {
  readonly args: readonly string[];
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Parses what follows a command's name, flags and arguments mixed; `--` ends the flags.
 *
 * @throws {CommandError} in pflag's words: `unknown flag: --x`, `unknown shorthand flag: 'o' in -o`, `flag needs an argument: --x`,
 * `invalid argument "x" for "-n, --name" flag: …`
 * @see spf13/pflag FlagSet.Parse
 */
export function parseFlags(flags: readonly Flag[], argv: readonly string[]): ParsedArguments {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const byShort = new Map(flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag] as const])));
  const given = new Map<string, string[]>();
  const args: string[] = [];

  const give = (flag: Flag, value: string): void => {
    checkValue(flag, value);
    const values = given.get(flag.name);
    if (values === undefined) given.set(flag.name, [value]);
    else values.push(value);
  };

  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (word === "--") {
      args.push(...argv.slice(index + 1));
      break;
    }
    if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      if (name === "" || name.startsWith("-")) throw new CommandError(`bad flag syntax: ${word}`);
      const flag = byName.get(name);
      if (flag === undefined) throw new CommandError(`unknown flag: --${name}`);
      if (equals >= 0) give(flag, word.slice(equals + 1));
      else if (flag.type === "bool") give(flag, "true");
      else {
        index += 1;
        const value = argv[index];
        if (value === undefined) throw new CommandError(`flag needs an argument: --${name}`);
        give(flag, value);
      }
    } else if (word.startsWith("-") && word.length > 1) {
      index = parseShorthands(word, argv, index, byShort, give);
    } else {
      args.push(word);
    }
  }
  return { args, given };
}

/** `-An web`: booleans may be joined, the last may take a value. Returns the index of the last word used. */
function parseShorthands(
  word: string,
  argv: readonly string[],
  index: number,
  byShort: ReadonlyMap<string, Flag>,
  give: (flag: Flag, value: string) => void,
): number {
  let rest = word.slice(1);
  while (rest !== "") {
    const letter = rest[0] as string;
    const flag = byShort.get(letter);
    if (flag === undefined) throw new CommandError(`unknown shorthand flag: '${letter}' in -${rest}`);
    rest = rest.slice(1);
    if (rest.startsWith("=")) {
      give(flag, rest.slice(1));
      return index;
    }
    if (flag.type === "bool") {
      give(flag, "true");
    } else if (rest !== "") {
      give(flag, rest);
      return index;
    } else {
      const value = argv[index + 1];
      if (value === undefined) throw new CommandError(`flag needs an argument: '${letter}' in -${letter}`);
      give(flag, value);
      return index + 1;
    }
  }
  return index;
}

/** @see strconv.ParseBool */
function isBool(text: string): boolean {
  return isTrue(text) || /^(0|f|F|false|FALSE|False)$/.test(text);
}

function isTrue(text: string): boolean {
  return /^(1|t|T|true|TRUE|True)$/.test(text);
}

/** One line of CSV, as pflag reads slices: a field in double quotes may hold commas, and quotes that are doubled. */
function splitCsv(text: string): readonly string[] {
  const fields = text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

function checkValue(flag: Flag, value: string): void {
  const problem = problemOf(flag, value);
  if (problem === undefined) return;
  const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  throw new CommandError(`invalid argument ${JSON.stringify(value)} for "${name}" flag: ${problem}`);
}

function problemOf(flag: Flag, value: string): string | undefined {
  const problem = flag.check?.(value);
  if (problem !== undefined) return problem;
  switch (flag.type) {
    case "bool":
      return isBool(value) ? undefined : `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
    case "int":
      return /^[+-]?\d+$/.test(value) ? undefined : `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
    case "float":
      return Number.isFinite(Number(value)) && value.trim() !== ""
        ? undefined
        : `strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`;
    case "duration":
      try {
        parseDuration(value);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    case "string":
    case "stringSlice":
    case "stringArray":
      return flag.choices === undefined || flag.choices.includes(value) ? undefined : `must be one of: ${flag.choices.join(", ")}`;
  }
}
