// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { loadKubeconfig } from "@flux-ts/kube-client";
import { CommandError } from "./command.ts";
import { connect } from "./connect.ts";
import type { FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";

/** Nobody waits longer for a shell to complete a word. */
const PATIENCE_MS = 10_000;

/**
 * The names of all objects of a kind; those of a kind in namespaces in the namespace that the flags name.
 * @throws {Error} when the cluster cannot be asked
 * @see cmd/flux/completion.go resourceNamesCompletionFunc
 */
export async function completeNames(
  kind: { readonly apiVersion: string; readonly kind: string },
  flags: FlagValues,
  io: Io,
): Promise<readonly string[]> {
  const timer = new AbortController();
  const cancel = io.clock.after(Math.min(PATIENCE_MS, flags.durationMs("timeout")), () =>
    timer.abort(new CommandError("context deadline exceeded")),
  );
  try {
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const { namespaced } = await client.resourceFor(kind);
    const signal = AbortSignal.any([timer.signal, io.signal]);
    const { items } = await client.list(kind, { signal, ...(namespaced ? { namespace } : {}) });
    return items.map(({ metadata }) => metadata.name ?? "");
  } finally {
    cancel();
  }
}

/** The names of the contexts of the kubeconfig, sorted. @throws {KubeClientError} when it cannot be read */
export async function completeContexts(flags: FlagValues, io: Io): Promise<readonly string[]> {
  const path = flags.string("kubeconfig");
  const config = await loadKubeconfig({ path: path === "" ? undefined : resolve(io.cwd, path), env: io.env, home: io.home });
  return [...config.contexts.keys()].toSorted();
}
