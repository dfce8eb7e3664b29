// SPDX-License-Identifier: Apache-2.0
import type { Kubeconfig } from "@flux-ts/kube-client";
import { CommandError } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";

/**
 * What `--namespace` means: the flag; else, when asked for, the namespace of the kubeconfig's context; else `FLUX_SYSTEM_NAMESPACE`;
 * else `flux-system`. @see spec §4.0
 *
 * @param contextNamespace absent where no cluster is asked: the context then does not count
 * @throws {CommandError} when it cannot be the name of a namespace
 */
export function namespaceOf(flags: FlagValues, io: Io, contextNamespace = ""): string {
  if (flags.changed("namespace")) return checked(flags.string("namespace"));
  const follows = flags.bool("ns-follows-kube-context") || (io.env["FLUX_NS_FOLLOWS_KUBE_CONTEXT"] ?? "") !== "";
  if (follows && contextNamespace !== "") return checked(contextNamespace);
  const fromEnvironment = io.env["FLUX_SYSTEM_NAMESPACE"] ?? "";
  if (fromEnvironment === "") return checked(flags.string("namespace"));
  if (isLabel(fromEnvironment)) return fromEnvironment;
  // The variable may have been set by somebody else, for something else.
  io.stderr(`⚠️  ignoring invalid FLUX_SYSTEM_NAMESPACE: ${JSON.stringify(fromEnvironment)}\n`);
  return checked(flags.string("namespace"));
}

/**
 * The namespace that a context of a kubeconfig names, `""` when there is none.
 * @param context absent: the current one
 */
export function contextNamespaceOf(config: Kubeconfig, context: string | undefined): string {
  return config.contexts.get(context ?? config.currentContext)?.namespace ?? "";
}

function checked(namespace: string): string {
  if (isLabel(namespace)) return namespace;
  throw new CommandError(`namespace must be a valid DNS label: ${JSON.stringify(namespace)}`);
}

function isLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);
}
