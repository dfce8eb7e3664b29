// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { VariableSource } from "@flux-ts/toolkit/substitute";
import { collectVariables } from "@flux-ts/toolkit/substitute";
import { CommandError } from "../command.ts";

/**
 * What `spec.postBuild` substitutes: the values of `substituteFrom` in their order, then those that stand in the spec.
 *
 * @param client undefined: nothing is read, as in a dry run
 * @throws {CommandError} when an object that is not optional is not there
 * @see fluxcd/pkg kustomize LoadVariables; spec G-SUB-2
 */
export async function loadVariables(
  { metadata, spec }: Kustomization,
  client: Client | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const sources: VariableSource[] = [];
  const namespace = metadata.namespace ?? "";
  for (const { kind, name, optional } of (client === undefined ? undefined : spec.postBuild?.substituteFrom) ?? []) {
    const object = await client?.find({ apiVersion: "v1", kind, namespace, name }, { signal }).catch((error: unknown) => {
      throw new CommandError(`substitute from '${kind}/${name}' error: ${(error as Error).message}`, { cause: error });
    });
    if (object === undefined) {
      if (optional === true) continue;
      const resource = kind === "Secret" ? "secrets" : "configmaps";
      throw new CommandError(`substitute from '${kind}/${name}' error: ${resource} "${name}" not found`);
    }
    sources.push(textsOf(object, kind === "Secret"));
  }
  return collectVariables([...sources, spec.postBuild?.substitute ?? {}]);
}

function textsOf({ data }: KubeObject, isEncoded: boolean): VariableSource {
  if (typeof data !== "object" || data === null) return {};
  const texts = Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([name, value]) => [name, isEncoded ? Buffer.from(value, "base64").toString("utf8") : value]));
}
