// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import type { Change } from "@flux-ts/toolkit/apply";
import { applyObjects, stage } from "@flux-ts/toolkit/apply";
import { isCurrent } from "../assess-deployments.ts";
import type { Io } from "../io.ts";
import { waitUntil } from "../wait-until.ts";

/**
 * Applies objects as the command line owns them: definitions and namespaces first, and waits until these are usable.
 *
 * @returns what was done, in the order in which it was
 * @throws {ApplyError} when the API server refuses an object
 * @see flux2 internal/utils Apply
 */
export async function applyManifests(
  client: Client,
  objects: readonly KubeObject[],
  { clock, signal }: Pick<Io, "clock" | "signal">,
): Promise<readonly Change[]> {
  const owner = { fieldManager: "flux", group: "fluxcd.io" };
  const changes: Change[] = [];
  for (const { objects: staged, isAwaited } of stage(objects)) {
    const applied = await applyObjects(client, staged, {
      owner,
      signal,
      awaitDeletion: (object) => awaitGone(client, object, clock, signal),
    });
    changes.push(...applied.map(({ change }) => change));
    if (!isAwaited) continue;
    const live = applied.flatMap((each) => (each.live === undefined ? [] : [each.live]));
    await Promise.all(live.map((object) => waitUntil(client, refOf(object), isCurrent, { clock, signal })));
    client.forgetDiscovery();
  }
  return changes;
}

async function awaitGone(client: Client, object: KubeObject, clock: Io["clock"], signal: AbortSignal): Promise<void> {
  try {
    await waitUntil(client, refOf(object), (found) => found.metadata.uid !== object.metadata.uid, { clock, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
