// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import { createEngine, sprigFunctions } from "@flux-ts/gotemplate";
import { type Chart, type UserValuesOptions, type ValuesLayer, userValueLayers } from "@flux-ts/helm";
import { loadChart, nodeTemplatePorts } from "@flux-ts/helm/node";
import type { ParsedFlags } from "./flags.ts";
import type { Surroundings } from "./run.ts";

/** The release's name and the chart, of the arguments. @throws {Error} with Helm's messages @see helm.sh/helm/v4 pkg/action Install.NameAndChart */
export async function nameAndChart(
  flags: ParsedFlags,
  fallback: string | undefined,
  now: number,
): Promise<{ readonly name: string; readonly chart: string }> {
  const [first = "", second, ...more] = flags.args;
  const isGenerated = flags.isOn("generate-name");
  const template = flags.text("name-template") ?? "";
  if (more.length > 0) throw new Error(`expected at most two arguments, unexpected arguments: ${more.join(", ")}`);
  if (second !== undefined) {
    if (isGenerated) throw new Error("cannot set --generate-name and also specify a name");
    if (template !== "") throw new Error("cannot set --name-template and also specify a name");
    return { name: first, chart: second };
  }
  if (template !== "") return { name: await renderName(template), chart: first };
  if (fallback !== undefined && !isGenerated) return { name: fallback, chart: first };
  if (fallback !== undefined) return { name: fallback, chart: first };
  if (!isGenerated) throw new Error("must either provide a name or specify --generate-name");
  const base = basename(first).split(".", 1)[0] ?? "";
  return { name: `${base === "" ? "chart" : base}-${Math.floor(now / 1000)}`, chart: first };
}

async function renderName(template: string): Promise<string> {
  const { now, random, crypto } = await nodeTemplatePorts();
  const engine = createEngine({ functions: sprigFunctions({ now, random, ...(crypto === undefined ? {} : { crypto }) }) });
  engine.parse("name-template", template);
  return engine.execute("name-template", undefined);
}

/** Loads the chart at a path. @throws {Error} with Helm's messages */
export function chartAt(given: string, { cwd }: Surroundings): Chart {
  const name = given.trim();
  const path = resolve(cwd, name);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return loadChart(path, { links: "followed" });
  if (isAbsolute(name) || name.startsWith(".")) throw new Error(`path ${JSON.stringify(name)} not found`);
  throw new Error(`${JSON.stringify(name)} is no chart on disk: fetch it first (helm-ts renders charts from folders and .tgz files)`);
}

/** What a message of the system says where Go's would. */
function readText(path: string, { cwd, stdin }: Surroundings): string {
  if (path.trim() === "-") return stdin();
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw new Error(`open ${path}: no such file or directory`, { cause: error });
    if (code === "EISDIR") throw new Error(`read ${path}: is a directory`, { cause: error });
    throw error;
  }
}

/** The values that flags give, a layer for each. @throws {Error} with Helm's messages */
export function valueLayers(flags: ParsedFlags, surroundings: Surroundings): readonly ValuesLayer[] {
  const options: UserValuesOptions = {
    files: flags.list("values").map((path) => ({ name: path, text: readText(path, surroundings) })),
    set: flags.list("set"),
    setString: flags.list("set-string"),
    setJson: flags.list("set-json"),
    setFile: flags.list("set-file"),
    setLiteral: flags.list("set-literal"),
    readFile: (path) => readText(path, surroundings),
  };
  return userValueLayers(options);
}
