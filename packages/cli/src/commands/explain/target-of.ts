// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { Client, ResourceInfo } from "@flux-ts/kube-client";
import type { ObjectRef } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";

/**
 * The object that `KIND/NAME` or `KIND NAME` names. The kind is told by its name, plural, singular or short name, with its group
 * behind a dot where several groups have one: `deployment`, `ks`, `helmcharts.source.toolkit.fluxcd.io`.
 *
 * @throws {CommandError} for words that name nothing, or a kind that the server does not have
 */
export async function targetOf(args: readonly string[], client: Client, namespace: string): Promise<ObjectRef> {
  const { kind, name } = readArguments(args);
  const flux = fluxKinds.find((each) => isCalled(kind, each));
  if (flux !== undefined) return { apiVersion: toApiVersion(flux.group, flux.version), kind: flux.kind, namespace, name };
  const info = (await client.resources()).find((each) => isCalled(kind, each));
  if (info === undefined) throw new CommandError(`the server doesn't have a resource type "${kind}"`);
  return { apiVersion: toApiVersion(info.group, info.version), kind: info.kind, name, ...(info.namespaced ? { namespace } : {}) };
}

function readArguments(args: readonly string[]): { readonly kind: string; readonly name: string } {
  const words = args.length === 1 ? (args[0] ?? "").split("/") : args;
  const [kind = "", name = ""] = words;
  if (words.length === 2 && kind !== "" && name !== "" && !name.includes("/")) return { kind, name };
  throw new CommandError(`an object is required as KIND/NAME, like kustomization/apps; got ${JSON.stringify(args.join(" "))}`);
}

function isCalled(
  word: string,
  { kind, plural, singular, shortNames, group }: Pick<ResourceInfo, "kind" | "plural" | "singular" | "shortNames" | "group">,
): boolean {
  const text = word.toLowerCase();
  const names = [kind.toLowerCase(), plural, singular];
  return [...names, ...shortNames].includes(text) || (group !== "" && names.some((each) => text === `${each}.${group}`));
}
