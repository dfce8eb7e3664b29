// SPDX-License-Identifier: Apache-2.0
import type { FluxFlagValues } from "@flux-ts/controllers";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import { FlagError, parseFlags } from "@flux-ts/kube-runtime";

/** The controllers of Flux by the names of their Deployments, images and programs. */
export const COMPONENTS: readonly string[] = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
  "image-reflector-controller",
  "image-automation-controller",
  "source-watcher",
];

/** The program that runs those whose names follow it, else all. */
export const ALL_COMPONENTS = "flux-controllers";

/** Those that there is code for. */
export const builtComponents: readonly string[] = Object.keys(fluxFlags).filter((name) => name !== "");

/** What a command line asks for. */
export interface ControllersCommand {
  /** Those to run, of which there is code; none where only others are asked for. */
  readonly components: readonly string[];
  /** Those that were asked for, and that this version has no code for. */
  readonly missing: readonly string[];
  readonly values: FluxFlagValues;
}

/**
 * Reads `[COMPONENT…] [--FLAG=VALUE…]`; without a name everything runs.
 *
 * A flag must be one of a component that runs: a typing error must not pass because another component knows the word. Only
 * where some component is missing, what it would know cannot be told from an error, and passes.
 *
 * @throws {FlagError} for an unknown flag or component
 */
export function parseControllersCommand(argv: readonly string[]): ControllersCommand {
  const first = argv.findIndex((word) => word.startsWith("-"));
  const names = first < 0 ? argv : argv.slice(0, first);
  const flags = first < 0 ? [] : argv.slice(first);
  const unknown = names.find((name) => !COMPONENTS.includes(name));
  if (unknown !== undefined)
    throw new FlagError(`unexpected argument ${JSON.stringify(unknown)}: only names of controllers and flags are taken`);
  const components = names.length === 0 ? builtComponents : builtComponents.filter((name) => names.includes(name));
  const missing = names.filter((name) => !builtComponents.includes(name));
  if (components.length === 0) return { components, missing, values: parseFlags([], fluxFlags, flagsNotBuilt) };
  if (missing.length === 0) {
    const own = Object.fromEntries(Object.entries(fluxFlags).filter(([name]) => name === "" || components.includes(name)));
    parseFlags(flags, own, flagsNotBuilt);
  }
  return { components, missing, values: parseFlags(flags, fluxFlags, flagsNotBuilt) };
}
