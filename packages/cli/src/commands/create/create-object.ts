// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { refOf } from "@flux-ts/kube-core";
import { isDeepStrictEqual } from "node:util";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { Progress } from "../../output/progress.ts";
import { progressOn } from "../../output/progress.ts";
import { isObjectReady } from "../../readiness.ts";
import { waitUntil } from "../../wait-until.ts";
import { renderManifest } from "../export/exported-object.ts";
import type { FluxObject } from "../kinds.ts";
import { kindOf } from "../kinds.ts";
import type { Creation } from "./creation.ts";

/** What differs between the kinds when an object is applied and waited for. */
export interface Plan {
  readonly object: KubeObject;
  /** `GitRepository source`: what is generated, applied and waited for. */
  readonly noun: string;
  /** What is created or updated, where it is called something else. */
  readonly createdNoun?: string;
  /** When `✚ generating …` is said. Absent: it has been, or never is. */
  readonly generates?: boolean;
  /** An object that is as wanted already is left alone, and nothing said of it. */
  readonly keepsEqual?: boolean;
  /** Makes what the object refers to, such as a Secret. @returns the object that refers to it */
  readonly prepare?: (client: Client, progress: Progress, signal: AbortSignal) => Promise<KubeObject>;
  /** What is said of the object when it is ready. @throws {CommandError} when it lacks what it should have */
  readonly conclude: (object: FluxObject) => readonly string[];
}

/**
 * Prints an object (`--export`), or applies it and waits until it is ready.
 * @throws {ApiError} when the server refuses it
 * @throws {CommandError} when it does not become ready in time
 */
export async function createObject({ flags, io }: Creation, plan: Plan): Promise<void> {
  if (flags.bool("export")) {
    io.stdout(renderManifest(plan.object));
    return;
  }
  using deadline = deadlineOf(flags, io);
  const { signal } = deadline;
  await using connection = await connect(flags, io);
  const { client } = connection;
  const progress = progressOn(io);
  if (plan.generates === true) progress.generate(`generating ${plan.noun}`);
  const object = plan.prepare === undefined ? plan.object : await plan.prepare(client, progress, signal);
  progress.action(`applying ${plan.noun}`);
  const outcome = await upsert(client, object, plan.keepsEqual === true, signal);
  if (outcome !== "unchanged") progress.success(`${plan.createdNoun ?? plan.noun} ${outcome}`);
  progress.waiting(`waiting for ${plan.noun} reconciliation`);
  const kind = kindOf(object.kind);
  const isReady = (seen: FluxObject): boolean => isObjectReady(seen, kind.isStatic(seen));
  const ready = await waitUntil<FluxObject>(client, refOf(object), isReady, { signal, clock: io.clock });
  for (const line of plan.conclude(ready)) progress.success(line);
}

/** Labels and spec are replaced as a whole. */
async function upsert(
  client: Client,
  object: KubeObject,
  keepsEqual: boolean,
  signal: AbortSignal,
): Promise<"created" | "updated" | "unchanged"> {
  const existing = await client.find<KubeObject>(refOf(object), { signal });
  if (existing === undefined) {
    await client.create(object, { signal });
    return "created";
  }
  const { labels: _, ...metadata } = existing.metadata;
  const { labels } = object.metadata;
  const spec: unknown = Reflect.get(object, "spec");
  const wanted = { ...existing, metadata: { ...metadata, ...(labels === undefined ? {} : { labels }) }, spec };
  if (keepsEqual && isDeepStrictEqual(plain(wanted), plain(existing))) return "unchanged";
  await client.update(wanted as KubeObject, { signal });
  return "updated";
}

/** Objects of the server may have no prototype, which is no difference. */
function plain(value: unknown): unknown {
  return structuredClone(value);
}
