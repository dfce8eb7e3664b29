// SPDX-License-Identifier: Apache-2.0
import { parseGates, type Flag, type FlagSet, type FlagValues } from "./flag.ts";

/** Flags by component, `kustomize-controller` and so on; the empty name holds those of the process. */
export type FlagSets = Readonly<Record<string, FlagSet>>;

/** The values of all flags, by component and name. */
export type ValuesOfSets<S extends FlagSets> = { readonly [C in keyof S]: FlagValues<S[C]> };

/** A command line that cannot be used. The message names the flag. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/**
 * Reads flags for several components at once: `--concurrent=8` is for every component that has it,
 * `--kustomize-controller.concurrent=8` for one, and wins, wherever it stands. Values may follow after a space;
 * `--flag` alone is true where a flag is a boolean. Gates go to every component that has them.
 *
 * @param notBuilt flags that Flux has and we do not yet: refused by name rather than ignored
 * @throws {FlagError}
 * @see spf13/pflag for the grammar
 */
export function parseFlags<const S extends FlagSets>(argv: readonly string[], sets: S, notBuilt: readonly string[] = []): ValuesOfSets<S> {
  const values = new Map<string, Map<string, unknown>>(Object.keys(sets).map((component) => [component, new Map()]));
  // Two passes: what is for one component wins over what is for all.
  const uses = readUses(argv, sets, notBuilt);
  for (const isForOne of [false, true]) {
    // The first use for one component replaces what was said to all, also in a list.
    const seen = new Set<string>();
    for (const use of uses) {
      if ((use.component !== undefined) !== isForOne) continue;
      const components =
        use.component === undefined
          ? Object.keys(sets).filter((component) => flagOf(sets, component, use.name) !== undefined)
          : [use.component];
      for (const component of components) {
        const flag = flagOf(sets, component, use.name);
        const given = values.get(component);
        if (flag === undefined || given === undefined) continue;
        const key = `${component} ${use.name}`;
        const isGates = "gates" in flag;
        const before = isForOne && !seen.has(key) && !isGates ? undefined : given.get(use.name);
        seen.add(key);
        given.set(use.name, parseOne(flag, use, before));
      }
    }
  }
  requireKnownGates(uses, sets);
  const result: Record<string, Record<string, unknown>> = Object.create(null);
  for (const [component, flags] of Object.entries(sets)) {
    const given = values.get(component);
    result[component] = Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [name, given?.has(name) ? given.get(name) : flag.default]),
    );
  }
  // Built flag by flag from the sets.
  return result as ValuesOfSets<S>;
}

interface Use {
  /** As it was written, without its value. */
  readonly written: string;
  readonly component: string | undefined;
  readonly name: string;
  readonly text: string;
}

function readUses(argv: readonly string[], sets: FlagSets, notBuilt: readonly string[]): readonly Use[] {
  const uses: Use[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? "";
    if (!argument.startsWith("--") || argument === "--")
      throw new FlagError(`unexpected argument ${JSON.stringify(argument)}: only flags are taken`);
    const equals = argument.indexOf("=");
    const written = equals < 0 ? argument : argument.slice(0, equals);
    const { component, name } = splitName(written.slice(2), sets);
    const flag =
      component === undefined
        ? Object.keys(sets).flatMap((candidate) => flagOf(sets, candidate, name) ?? [])[0]
        : flagOf(sets, component, name);
    if (flag === undefined) {
      if (notBuilt.includes(name)) throw new FlagError(`flag ${written}: Flux has it, flux-ts does not yet; remove it to go on without`);
      throw new FlagError(`unknown flag: ${written}${component === undefined ? "" : ` (${component} has no flag --${name})`}`);
    }
    let text = equals < 0 ? undefined : argument.slice(equals + 1);
    if (text === undefined && flag.takes === "bool") text = "true";
    if (text === undefined) {
      at += 1;
      text = argv[at];
      if (text === undefined) throw new FlagError(`flag needs an argument: ${written}`);
    }
    uses.push({ written, component, name, text });
  }
  return uses;
}

function splitName(name: string, sets: FlagSets): { readonly component: string | undefined; readonly name: string } {
  const dot = name.indexOf(".");
  if (dot < 0) return { component: undefined, name };
  const component = name.slice(0, dot);
  if (component === "" || !Object.hasOwn(sets, component))
    throw new FlagError(`unknown flag: --${name} (no controller of the name ${JSON.stringify(component)} runs here)`);
  return { component, name: name.slice(dot + 1) };
}

function flagOf(sets: FlagSets, component: string, name: string): Flag<unknown> | undefined {
  const flags = Object.hasOwn(sets, component) ? sets[component] : undefined;
  return flags !== undefined && Object.hasOwn(flags, name) ? flags[name] : undefined;
}

function parseOne(flag: Flag<unknown>, use: Use, before: unknown): unknown {
  try {
    return flag.parse(use.text, before);
  } catch (error) {
    throw new FlagError(
      `invalid argument ${JSON.stringify(use.text)} for ${JSON.stringify(use.written)} flag: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** A gate that nobody has is refused: a misspelt one would be silently off. @see fluxcd/pkg runtime/features */
function requireKnownGates(uses: readonly Use[], sets: FlagSets): void {
  for (const use of uses) {
    const flags = (use.component === undefined ? Object.keys(sets) : [use.component]).flatMap(
      (component) => flagOf(sets, component, use.name) ?? [],
    );
    const known = flags.filter((flag): flag is Flag<unknown> & { readonly gates: Readonly<Record<string, boolean>> } => "gates" in flag);
    if (known.length === 0) continue;
    for (const [name] of parseGates(use.text)) {
      if (!known.some(({ gates }) => Object.hasOwn(gates, name))) throw new FlagError(`feature-gate '${name}' not supported`);
    }
  }
}
