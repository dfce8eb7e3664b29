// SPDX-License-Identifier: Apache-2.0
import type { Client, ListOptions } from "@flux-ts/kube-client";
import type { Invocation, Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import { isObjectReady } from "../../readiness.ts";
import { waitUntil } from "../../wait-until.ts";
import { listKind } from "../get/list-kind.ts";
import type { FluxKind, FluxObject } from "../kinds.ts";
import { kindOf, referTo } from "../kinds.ts";

/** How the wait for one object ended. */
interface Outcome {
  readonly object: FluxObject;
  readonly error?: Error;
}

/** `flux resume <kind> NAME…`. @see cmd/flux/resume.go */
export function resumeKind(name: string): Run {
  return async (invocation) => {
    const { args, flags, io } = invocation;
    const kind = kindOf(name);
    if (args.length === 0 && !flags.bool("all")) throw new CommandError(`${kind.humanName} name is required`);
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const { signal } = deadline;
    const objects = await resumeAll(kind, invocation, client, { namespace, signal });
    if (!flags.bool("wait") && (flags.changed("wait") || args.length !== 1)) return;

    const progress = progressOn(io);
    const wait = async (object: FluxObject): Promise<Outcome> => {
      progress.waiting(`waiting for ${kind.kind} reconciliation`);
      try {
        const done = (seen: FluxObject): boolean => isObjectReady(seen, kind.isStatic(seen));
        return { object: await waitUntil(client, referTo(kind, namespace, nameOf(object)), done, { signal, clock: io.clock }) };
      } catch (error) {
        return { object, error: error as Error };
      }
    };
    const outcomes = (await Promise.all(objects.map(wait))).toSorted((a, b) => (nameOf(a.object) <= nameOf(b.object) ? -1 : 1));
    for (const { object, error } of outcomes) {
      if (error !== undefined) {
        progress.failure(`${kind.kind} ${nameOf(object)} reconciliation failed: ${error.message}`);
        continue;
      }
      progress.success(`${kind.kind} ${nameOf(object)} reconciliation completed`);
      progress.success(kind.successMessage(object));
    }
    const failed = outcomes.filter(({ error }) => error !== undefined).length;
    if (failed > 0) throw new CommandError(`reconciliation failed for ${failed} ${kind.kind}(s)`);
  };
}

function nameOf(object: FluxObject): string {
  return object.metadata.name ?? "";
}

async function resumeAll(
  kind: FluxKind,
  { args, io }: Invocation,
  client: Client,
  query: ListOptions & { readonly namespace: string },
): Promise<readonly FluxObject[]> {
  const progress = progressOn(io);
  const { namespace, signal } = query;
  const resume = async (wanted: ListOptions, missing: string): Promise<readonly FluxObject[]> => {
    const objects = await listKind(kind, client, wanted);
    if (objects.length === 0) progress.failure(missing);
    for (const object of objects) {
      progress.action(`resuming ${kind.humanName} ${nameOf(object)} in ${namespace} namespace`);
      const patch = object.spec?.suspend === true ? { spec: { suspend: null } } : {};
      await client.patch(referTo(kind, namespace, nameOf(object)), patch, { type: "merge", ...(signal === undefined ? {} : { signal }) });
      progress.success(`${kind.humanName} resumed`);
    }
    return objects;
  };

  if (args.length === 0) {
    try {
      return await resume(query, `no ${kind.kind} objects found in ${namespace} namespace`);
    } catch (error) {
      throw new CommandError(`failed patching objects: ${(error as Error).message}`, { cause: error });
    }
  }
  const resumed: FluxObject[] = [];
  for (const wanted of new Set(args)) {
    // Upstream names the first object that was asked for, whichever is missing: this names the missing one.
    const missing = `${kind.kind} object '${wanted}' not found in ${namespace} namespace`;
    resumed.push(...(await resume({ ...query, fieldSelector: `metadata.name=${wanted}` }, missing)));
  }
  return resumed;
}
