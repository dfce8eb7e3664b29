// SPDX-License-Identifier: Apache-2.0

/** How the value of a flag is read. */
export type FlagKind =
  | "boolean"
  | "text"
  /** May stand several times, each with one value. */
  | "list"
  /** May stand several times, each with values by commas. */
  | "commas";

export interface FlagSpec {
  readonly kind: FlagKind;
  readonly short?: string;
  /** What the flag means without a value, for flags of text that may go without. */
  readonly bare?: string;
  readonly help: string;
}

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** What was given. */
export interface ParsedFlags {
  readonly args: readonly string[];
  has(name: string): boolean;
  isOn(name: string): boolean;
  /** The last value. */
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** Reads arguments as pflag does. @throws {Error} with its messages */
export function parseFlags(words: readonly string[], table: FlagTable): ParsedFlags {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  const specOf = (name: string): FlagSpec | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
  const set = (name: string, spec: FlagSpec, value: string): void => {
    if (spec.kind === "boolean" && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
      throw new Error(
        `invalid argument ${JSON.stringify(value)} for ${shown(name, spec)} flag: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
    const given = spec.kind === "commas" ? value.split(",") : [value];
    values.set(name, spec.kind === "list" || spec.kind === "commas" ? [...(values.get(name) ?? []), ...given] : given);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      args.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      continue;
    }
    for (const { name, spec, value } of split(word, table, specOf)) {
      if (value !== undefined) set(name, spec, value);
      else if (spec.kind === "boolean") set(name, spec, "true");
      else if (spec.bare !== undefined) set(name, spec, spec.bare);
      else {
        const next = words[++at];
        if (next === undefined)
          throw new Error(`flag needs an argument: ${word.startsWith("--") ? `--${name}` : `'${spec.short ?? ""}' in ${word}`}`);
        set(name, spec, next);
      }
    }
  }
  return {
    args,
    has: (name) => values.has(name),
    isOn: (name) => /^(?:1|t)/i.test(values.get(name)?.at(-1) ?? ""),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

function shown(name: string, { short }: FlagSpec): string {
  return short === undefined ? `"--${name}"` : `"-${short}, --${name}"`;
}

interface Given {
  readonly name: string;
  readonly spec: FlagSpec;
  readonly value: string | undefined;
}

/** The flags of one word: one, or several of one letter. */
function split(word: string, table: FlagTable, specOf: (name: string) => FlagSpec | undefined): Given[] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const spec = specOf(name);
    if (spec === undefined) throw new Error(`unknown flag: --${name}`);
    return [{ name, spec, value: equals < 0 ? undefined : word.slice(equals + 1) }];
  }
  const given: Given[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const found = Object.entries(table).find(([, { short }]) => short === letter);
    if (found === undefined) throw new Error(`unknown shorthand flag: '${letter}' in ${word}`);
    const [name, spec] = found;
    const rest = word.slice(at + 1);
    if (spec.kind === "boolean" && !rest.startsWith("=")) given.push({ name, spec, value: undefined });
    else return [...given, { name, spec, value: rest === "" ? undefined : rest.replace(/^=/, "") }];
  }
  return given;
}

/** The flags of a command, as its help shows them. */
export function describeFlags(table: FlagTable): string {
  const rows = Object.entries(table)
    .filter(([, { help }]) => help !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { short, kind, help }]) => {
      const type = kind === "boolean" ? "" : kind === "text" ? " string" : kind === "list" ? " stringArray" : " strings";
      return [`${short === undefined ? "    " : `-${short}, `}--${name}${type}`, help] as const;
    });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows.map(([flag, help]) => `  ${flag.padEnd(width)}   ${help}\n`).join("");
}
