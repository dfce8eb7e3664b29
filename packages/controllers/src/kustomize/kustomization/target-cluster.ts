// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { Identity } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import { readKubeconfig, RemoteClusterError, type RemoteClusters } from "@flux-ts/toolkit/remote-cluster";
import { serviceAccountOf } from "./owner.ts";
import type { KustomizationContext } from "./types.ts";

/**
 * The client that applies: on our own cluster or that of `kubeConfig`, in the name of the Kustomization's ServiceAccount,
 * which on another cluster is the one of that name there.
 *
 * @throws {Failure} ReconciliationFailed
 * @see fluxcd/pkg runtime/client Impersonator.GetClient; spec §2.10
 */
export async function targetCluster(ks: Kustomization, remotes: RemoteClusters, ctx: KustomizationContext): Promise<Client> {
  const account = serviceAccountOf(ks, ctx);
  const { namespace = "", uid = "" } = ks.metadata;
  const identity: Identity | undefined = account === undefined ? undefined : { user: `system:serviceaccount:${namespace}:${account}` };
  const { kubeConfig } = ks.spec;
  if (kubeConfig === undefined) {
    remotes.forget(uid);
    return identity === undefined ? ctx.cluster : ctx.clusterFor(identity);
  }
  try {
    const { text, secret } = await readKubeconfig(ctx.cluster, namespace, kubeConfig, ctx.signal);
    return await remotes.use({ user: uid, kubeconfig: text, origin: secret, identity });
  } catch (cause) {
    ctx.signal.throwIfAborted();
    const { message } = cause as Error;
    throw new Failure("ReconciliationFailed", message, { event: `failed to build kube client: ${message}`, cause });
  }
}

/** Whether the failure is that there is no kubeconfig any more. */
export function lacksKubeconfig(error: unknown): boolean {
  return error instanceof Failure && error.cause instanceof RemoteClusterError && error.cause.code === "SECRET_NOT_FOUND";
}
