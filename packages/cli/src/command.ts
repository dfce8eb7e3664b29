// SPDX-License-Identifier: Apache-2.0
import type { FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";

export type FlagType = "bool" | "string" | "int" | "float" | "duration" | "stringSlice" | "stringArray";

/** One flag, with pflag's meaning of types: a slice splits at commas, an array does not. Durations are Go strings. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  /** As it would be typed; absent is the zero value of the type. */
  readonly default?: string;
  readonly usage: string;
  /** Only these are accepted; they are also what the shell completes. */
  readonly choices?: readonly string[];
  /** What the shell completes as its value: names of objects of a kind, or the contexts of the kubeconfig. */
  readonly completes?: { readonly apiVersion: string; readonly kind: string } | "contexts";
  /** What is wrong with a value, in the words that follow `invalid argument "x" for "--flag" flag: `; undefined when nothing is. */
  readonly check?: (value: string) => string | undefined;
  /** What help calls the type of its value, where that is not its type. */
  readonly typeLabel?: string;
  readonly hidden?: boolean;
  /** It is accepted and not shown; giving it prints this. */
  readonly deprecated?: string;
}

/** What a command may be given after its name. */
export type ArgumentRule = { readonly min: number; readonly max: number } | "any" | "none";

export interface Invocation {
  /** Names from the root: `["flux", "build", "dir"]`. */
  readonly path: readonly string[];
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly io: Io;
}

/** Runs a command; resolves with the exit code, 0 when it gives none. A throw is printed as `✗ <message>` and ends in 1. */
export type Run = (invocation: Invocation) => Promise<number | void>;

/**
 * A command as data. Its folder and file are its place in the tree: `commands/build/dir.ts` is `flux build dir`.
 * What it runs is loaded only when it runs, so that `flux --version` costs no more than it must.
 */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  /** Lines of a shell session, indented by two. */
  readonly example?: string;
  /** Shown in the usage line: `dir DIRECTORY`. */
  readonly argumentsUsage?: string;
  readonly arguments?: ArgumentRule;
  /** The kind whose objects' names the shell completes as arguments. */
  readonly completes?: { readonly apiVersion: string; readonly kind: string };
  readonly flags?: readonly Flag[];
  /** Flags of this command and all below it. */
  readonly persistentFlags?: readonly Flag[];
  readonly children?: readonly Command[];
  readonly load?: () => Promise<Run>;
  readonly hidden?: boolean;
  /** Of the root: what `--version` prints. */
  readonly version?: string;
}

/** How a command ended that did not do what was asked of it. */
export interface CommandErrorOptions extends ErrorOptions {
  /** Of the process. Default 1. */
  readonly exitCode?: number;
  /** Printed with `⚠️` in place of `✗`: what was found is bad news, not a failure. */
  readonly isWarning?: boolean;
}

/** An error whose text is all there is to say. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;
  readonly isWarning: boolean;

  constructor(message: string, { exitCode = 1, isWarning = false, ...options }: CommandErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.isWarning = isWarning;
  }
}
