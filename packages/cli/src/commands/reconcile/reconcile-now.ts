// SPDX-License-Identifier: Apache-2.0
import { FORCE_REQUESTED_AT, RECONCILE_REQUESTED_AT, RESET_REQUESTED_AT } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { Clock } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import type { Progress } from "../../output/progress.ts";
import { isCurrent } from "../../readiness.ts";
import { waitUntil } from "../../wait-until.ts";
import type { FluxKind, FluxObject } from "../kinds.ts";
import { kindOf, referTo } from "../kinds.ts";
import { sourceToReconcile } from "./source-to-reconcile.ts";

/** What a reconciliation that is asked for needs of its surroundings. */
export interface ReconcileContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** The object to reconcile. */
export interface Target {
  readonly kind: FluxKind;
  readonly name: string;
  readonly namespace: string;
}

export interface ReconcileOptions {
  readonly withSource?: boolean;
  /** Of a HelmRelease: install or upgrade once in any case. */
  readonly force?: boolean;
  /** Of a HelmRelease: forget its failures. */
  readonly reset?: boolean;
}

/** Kinds that can be reconciled after their source; upstream quotes the message of the others' failures. */
const kindsWithSource = new Set(["Kustomization", "HelmRelease", "HelmChart"]);

/**
 * Asks for a reconciliation, waits until it has been handled, and tells what came of it.
 *
 * @throws {ApiError} when the object is not there
 * @throws {CommandError} when it is suspended, has failed, or the time is up
 * @see cmd/flux/reconcile.go, reconcile_with_source.go
 */
export async function reconcileNow(context: ReconcileContext, target: Target, options: ReconcileOptions = {}): Promise<void> {
  const { client, clock, signal, progress } = context;
  const { kind, name, namespace } = target;
  const ref = referTo(kind, namespace, name);
  const before = await client.get<FluxObject>(ref, { signal });
  if (kind.isStatic(before)) {
    progress.success("reconciliation not supported by the object");
    return;
  }
  if (kind.isSuspended(before)) throw new CommandError("resource is suspended");
  if (options.withSource === true) await reconcileSource(context, target, before);

  progress.action(`annotating ${kind.kind} ${name} in ${namespace} namespace`);
  const annotations = annotationsOf(kind, timestamp(clock.now()), options);
  await client.patch(ref, { metadata: { annotations } }, { type: "merge", signal });
  progress.success(`${kind.kind} annotated`);

  progress.waiting(`waiting for ${kind.kind} reconciliation`);
  const handledBefore = before.status?.lastHandledReconcileAt ?? "";
  const isHandled = (object: FluxObject): boolean => (object.status?.lastHandledReconcileAt ?? "") !== handledBefore && isCurrent(object);
  const after = await waitUntil<FluxObject>(client, ref, isHandled, { signal, clock });

  const ready = after.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready === undefined) throw new CommandError("status can't be determined");
  if (ready.status !== "True") {
    const message = kindsWithSource.has(kind.kind) ? ready.message : `'${ready.message}'`;
    throw new CommandError(`${kind.kind} reconciliation failed: ${message}`);
  }
  progress.success(kind.successMessage(after));
}

async function reconcileSource(context: ReconcileContext, { namespace }: Target, object: FluxObject): Promise<void> {
  const source = sourceToReconcile(object);
  if (source === undefined) return;
  if (!source.isReconcilable) throw new CommandError(`cannot reconcile source of kind ${source.kind}`);
  const target = { kind: kindOf(source.kind), name: source.name, namespace: source.namespace === "" ? namespace : source.namespace };
  await reconcileNow(context, target, { withSource: source.kind === "HelmChart" });
}

function annotationsOf(kind: FluxKind, token: string, { force, reset }: ReconcileOptions): Readonly<Record<string, string>> {
  return {
    [RECONCILE_REQUESTED_AT]: token,
    ...(kind.kind === "HelmRelease" && force === true ? { [FORCE_REQUESTED_AT]: token } : {}),
    ...(kind.kind === "HelmRelease" && reset === true ? { [RESET_REQUESTED_AT]: token } : {}),
  };
}

/** Any new value asks for a reconciliation; people read it as a time. */
function timestamp(now: number): string {
  return new Date(now).toISOString();
}
