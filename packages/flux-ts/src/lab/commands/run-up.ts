// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { Invocation, Run } from "@flux-ts/cli";
import { progressOn } from "@flux-ts/cli";
import { requireOwnContext } from "../context/lab-context.ts";
import { parseFailRule } from "../fail-rule.ts";
import { LabError } from "../lab-error.ts";
import { labProcess, launchLab } from "../launch-lab.ts";
import type { LabPlaces } from "../state/lab-places.ts";
import { contextNameOf, labsFolder } from "../state/lab-places.ts";
import type { LabSpec } from "../state/lab-record.ts";
import { LAB_LEVELS, readLabRun, readLabSpec, writeLabSpec } from "../state/lab-record.ts";
import { filesOf, labOf, mergeInto, tellPlaces } from "./lab-of.ts";

/** `flux lab up`: the program runs in the background. */
export function runUp(program: readonly string[]): Run {
  return async (invocation) => {
    const { io, flags } = invocation;
    const { name, controllerFlags } = splitArguments(invocation.args);
    const places = labOf(name, io);
    const progress = progressOn(io);
    const before = readLabSpec(places);
    const spec = specOf(invocation, places, before, controllerFlags);
    const merges = !flags.bool("no-merge");
    if (merges) requireOwnContext(filesOf(io), { name: contextNameOf(places.name), owner: places.folder });
    const pid = labProcess(places);
    if (pid !== undefined) {
      requireSame(places, before, spec);
      progress.success(`lab ${places.name} runs already, as process ${pid}`);
    } else {
      writeLabSpec(places, spec);
      const begun = io.clock.now();
      progress.action(`starting lab ${places.name}`);
      await start(places, spec, { program, io, began: begun });
    }
    const run = readLabRun(places);
    if (merges) progress.success(`current context is ${contextNameOf(places.name)}, in ${await mergeInto(places, io)}`);
    tellPlaces(places, run?.url ?? "", io);
  };
}

/** Starts the process, on the port it had where that is still free. */
async function start(
  places: LabPlaces,
  spec: LabSpec,
  { program, io, began }: { readonly program: readonly string[]; readonly io: Invocation["io"]; readonly began: number },
): Promise<void> {
  const progress = progressOn(io);
  await launchLab(places, {
    program,
    labs: labsFolder(io.env, io.home),
    env: io.env,
    signal: io.signal,
    onListening: (url) => progress.success(`the API server answers at ${url} after ${io.clock.now() - began} ms`),
  });
  if (spec.withControllers) progress.success(`the controllers run after ${io.clock.now() - began} ms`);
}

function splitArguments(args: readonly string[]): { readonly name: readonly string[]; readonly controllerFlags: readonly string[] } {
  const first = args.findIndex((word) => word.startsWith("-"));
  const name = first < 0 ? args : args.slice(0, first);
  if (name.length > 1) throw new LabError("BAD_FLAGS", `flux lab up takes one name, not ${name.length}: ${name.join(" ")}`);
  return { name, controllerFlags: first < 0 ? [] : args.slice(first) };
}

/** What is not given stays as it was, or is as usual. @throws {LabError} BAD_FLAGS, BAD_RULE */
function specOf({ flags, io }: Invocation, places: LabPlaces, before: LabSpec | undefined, controllerFlags: readonly string[]): LabSpec {
  const pick = <T>(flag: string, given: () => T, kept: T | undefined): T => (flags.changed(flag) || kept === undefined ? given() : kept);
  const withControllers = pick("with-controllers", () => flags.bool("with-controllers"), before?.withControllers);
  if (controllerFlags.length > 0 && !withControllers)
    throw new LabError(
      "BAD_FLAGS",
      `${controllerFlags.join(" ")}: flags after -- are those of the controllers, which --with-controllers starts`,
    );
  const level = pick("level", () => flags.string("level"), before?.level);
  const spec: LabSpec = {
    dataFolder: pick(
      "data",
      () => (flags.string("data") === "" ? places.folder : resolve(io.cwd, flags.string("data"))),
      before?.dataFolder,
    ),
    port: pick("port", () => number("--port", flags.int("port"), 0, 65_535), before?.port),
    nodes: pick("nodes", () => number("--nodes", flags.int("nodes"), 0, 1000), before?.nodes),
    level: LAB_LEVELS.find((known) => known === level) ?? "nodes",
    fail: pick("fail", () => flags.strings("fail"), before?.fail),
    delayMs: pick("delay", () => number("--delay", flags.durationMs("delay"), 0, 86_400_000), before?.delayMs),
    withControllers,
    controllerFlags: controllerFlags.length > 0 || before === undefined ? controllerFlags : before.controllerFlags,
  };
  for (const rule of spec.fail) parseFailRule(rule);
  return spec;
}

function number(flag: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new LabError("BAD_FLAGS", `${flag} takes a value from ${least} to ${most}, not ${value}`);
}

function requireSame(places: LabPlaces, before: LabSpec | undefined, spec: LabSpec): void {
  if (before === undefined) return;
  const changed = (Object.keys(spec) as (keyof LabSpec)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(spec[key]));
  if (changed.length === 0) return;
  throw new LabError(
    "RUNNING",
    `lab ${places.name} runs already, with another ${changed.join(", ")}. Stop it first: flux lab down ${places.name}`,
  );
}
