// SPDX-License-Identifier: Apache-2.0
import { resolve, sep } from "node:path";
import { stringifyYaml } from "@flux-ts/kube-core";
import { buildFlux, confineFileSystem, toExplainedYaml } from "@flux-ts/kustomize";
import type { OriginNode } from "@flux-ts/kustomize";
import { optsOut, substitute } from "@flux-ts/toolkit/substitute";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { nodeFileSystem } from "../../node-file-system.ts";

/** `flux build dir DIRECTORY`: what kustomize-controller would build, printed as YAML documents. */
export const runBuildDir: Run = async ({ args, flags, io }) => {
  const root = resolve(io.cwd, flags.string("root"));
  const folder = resolve(io.cwd, args[0] ?? ".");
  if (folder !== root && !folder.startsWith(root + sep)) {
    throw new CommandError(`cannot build ${folder}: it is outside ${root}. Name the root of the source with --root`);
  }
  const given = (name: string): string | undefined => (flags.string(name) === "" ? undefined : flags.string(name));
  const overlay = { targetNamespace: given("target-namespace"), namePrefix: given("name-prefix"), nameSuffix: given("name-suffix") };
  const explains = flags.bool("explain");
  const { objects, warnings, origins } = buildFlux(confineFileSystem(nodeFileSystem(), root), folder, overlay, { traceOrigins: explains });
  for (const warning of warnings) io.stderr(`⚠️ ${warning}\n`);
  const variables = parseVariables(flags.strings("substitute"));
  const strict = flags.bool("strict-substitute");
  const fills = variables.size > 0 || strict;
  const filled = objects.map((object) => (fills && !optsOut(object) ? substitute(object, variables, { strict }) : object));
  if (explains) {
    const originsOf = (_: unknown, index: number): OriginNode | undefined => {
      const object = objects[index];
      return object === undefined ? undefined : origins?.get(object);
    };
    io.stdout(toExplainedYaml(filled, originsOf, { relativeTo: io.cwd }));
    return;
  }
  const documents = filled.map((object) => stringifyYaml(object));
  io.stdout(documents.map((document) => `---\n${document}`).join(""));
};

function parseVariables(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 1) throw new CommandError(`--substitute takes NAME=VALUE, not ${JSON.stringify(pair)}`);
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
    }),
  );
}
