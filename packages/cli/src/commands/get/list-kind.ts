// SPDX-License-Identifier: Apache-2.0
import type { Client, ListOptions } from "@flux-ts/kube-client";
import { parseLabelSelector } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import type { FluxKind, FluxObject } from "../kinds.ts";

/**
 * Which objects the flags of `flux get` ask for.
 * @throws {CommandError} for labels that cannot be read
 */
export function getQuery(flags: FlagValues, namespace: string, name: string | undefined, signal: AbortSignal): ListOptions {
  const labelSelector = flags.string("label-selector");
  try {
    parseLabelSelector(labelSelector);
  } catch (error) {
    const problem = `couldn't parse the selector string "${labelSelector}": ${(error as Error).message}`;
    throw new CommandError(`unable to parse label selector: ${problem}`, { cause: error });
  }
  // Flux takes what the selectors in its own specs can say.
  const other = /(?:^|,)\s*[^\s,()!=<>]+\s*(!=|>|<)/.exec(labelSelector)?.[1];
  if (other !== undefined) {
    const problem =
      other === "!="
        ? `"!=" is not a valid label selector operator`
        : `"${other === ">" ? "gt" : "lt"}" isn't supported in label selectors`;
    throw new CommandError(`unable to parse label selector: ${problem}`);
  }
  return {
    signal,
    ...(flags.bool("all-namespaces") ? {} : { namespace }),
    ...(labelSelector === "" ? {} : { labelSelector }),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
  };
}

/** The objects of a kind, as the server orders them. */
export async function listKind(kind: FluxKind, client: Client, query: ListOptions): Promise<readonly FluxObject[]> {
  const { items } = await client.list<FluxObject>({ apiVersion: kind.apiVersion, kind: kind.kind }, query);
  return items;
}
