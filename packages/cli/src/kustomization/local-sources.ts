// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from "node:path";
import type { Kustomization } from "@flux-ts/flux-api";
import { CommandError } from "../command.ts";

/**
 * What `--local-sources` gives: `Kind/namespace/name=path`, several separated by commas.
 * @throws {CommandError} for a pair without `=`
 */
export function parseLocalSources(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 0)
        throw new CommandError(
          `invalid argument ${JSON.stringify(pair)} for "--local-sources" flag: ${pair} must be formatted as key=value`,
        );
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}

/**
 * The folder that a Kustomization would build, of a checkout of its source.
 * @throws {CommandError} when no checkout was named for the source
 */
export function localFolder({ metadata, spec }: Kustomization, sources: ReadonlyMap<string, string>, cwd: string): string {
  const { kind, namespace, name } = spec.sourceRef;
  const source = `${kind}/${namespace === undefined || namespace === "" ? (metadata.namespace ?? "") : namespace}/${name}`;
  const path = sources.get(source);
  if (path === undefined) throw new CommandError(`cannot get local path for ${source} of kustomization ${metadata.name}`);
  return join(resolve(cwd, path), spec.path ?? "");
}
