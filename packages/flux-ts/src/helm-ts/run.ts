// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "@flux-ts/helm";
import { FLAG_TABLES, type CommandName } from "./flag-tables.ts";
import { describeFlags, parseFlags, type ParsedFlags } from "./flags.ts";
import { runInstall } from "./install-command.ts";
import { runLint } from "./lint-command.ts";
import { runShow } from "./show-command.ts";
import { runTemplate } from "./template-command.ts";

/** Where the program reads and writes. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** All of standard input, for `-f -`. */
  readonly stdin: () => string;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const COMMANDS: Readonly<
  Record<
    CommandName,
    {
      readonly run: (flags: ParsedFlags, surroundings: Surroundings) => void | Promise<void>;
      readonly usage: string;
      readonly about: string;
    }
  >
> = {
  install: { run: runInstall, usage: "[NAME] CHART --dry-run=client", about: "show what would be installed" },
  lint: { run: runLint, usage: "PATH…", about: "examine a chart for possible issues" },
  show: { run: runShow, usage: "all|chart|crds|readme|values CHART", about: "show information of a chart" },
  template: { run: runTemplate, usage: "[NAME] CHART", about: "render a chart" },
};

const VERSION_TEXT = "helm-ts agrees with Helm 4.2.4\n";

function usage(): string {
  const rows = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}\n`);
  return `Renders Helm charts, from folders and .tgz files, without a cluster.\n\nUsage:\n  helm-ts COMMAND [flags]\n\nCommands:\n${rows.join("")}\nEach command has --help.\n`;
}

/** Runs `helm-ts` with these arguments. @returns the exit code */
export async function runHelm(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const [name = "", ...rest] = words;
  if (name === "" || name === "help" || name === "--help" || name === "-h") {
    stdout(usage());
    return 0;
  }
  if (name === "version") {
    stdout(VERSION_TEXT);
    return 0;
  }
  const known = name === "inspect" ? "show" : name;
  if (!isCommand(known)) {
    stderr(`Error: unknown command ${JSON.stringify(name)} for "helm-ts"\nRun 'helm-ts --help' for usage.\n`);
    return 1;
  }
  const { run, usage: arguments_, about } = COMMANDS[known];
  try {
    const flags = parseFlags(rest, FLAG_TABLES[known]);
    if (flags.isOn("help"))
      stdout(`${about}\n\nUsage:\n  helm-ts ${known} ${arguments_} [flags]\n\nFlags:\n${describeFlags(FLAG_TABLES[known])}`);
    else await run(flags, surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Any other error is a fault of ours, of which the stack says more.
    const isExpected = error instanceof HelmError || error.constructor === Error || error.name === "TemplateError" || "code" in error;
    stderr(`Error: ${isExpected ? error.message : (error.stack ?? error.message)}\n`);
    for (const note of notesOf(error)) stderr(`  ${note}\n`);
    return 1;
  }
}

/** What is known beside Helm's message. */
function notesOf(error: unknown): readonly string[] {
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    if (current instanceof HelmError && current.notes.length > 0) return current.notes;
  return [];
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
