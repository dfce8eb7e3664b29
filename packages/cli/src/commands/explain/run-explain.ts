// SPDX-License-Identifier: Apache-2.0
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ObjectRef } from "@flux-ts/kube-core";
import { explain, gatherFacts, queryKey, renderExplanation, type Facts } from "@flux-ts/toolkit/explain";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { parseLocalSources } from "../../kustomization/local-sources.ts";
import { localBuild } from "./local-build.ts";
import { targetOf } from "./target-of.ts";

/** `flux explain KIND/NAME`. */
export const runExplain: Run = async ({ args, flags, io }) => {
  const checkouts = { cwd: io.cwd, path: flags.string("path") || undefined, bySource: parseLocalSources(flags.strings("local-sources")) };
  for (const path of [checkouts.path, ...checkouts.bySource.values()]) await requireFolder(path, io.cwd);
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const target = await targetOf(args, client, namespace);
  const hasFiles = checkouts.path !== undefined || checkouts.bySource.size > 0;
  const facts = await gatherFacts(target, {
    client,
    clock: io.clock,
    signal: deadline.signal,
    ...(hasFiles ? { build: (object) => Promise.resolve(localBuild(object, checkouts)) } : {}),
  });
  const isThere = requireTarget(target, facts);
  const explanation = explain(facts);
  io.stdout(flags.string("output") === "json" ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation));
  return isThere ? 0 : 1;
};

async function requireFolder(path: string | undefined, cwd: string): Promise<void> {
  if (path === undefined) return;
  const isFolder = (await stat(resolve(cwd, path)).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder) throw new CommandError(`invalid path ${JSON.stringify(path)}: it is no folder; name a checkout of the source`);
}

/**
 * Whether the object is there.
 * @throws {CommandError} when it could not be read
 */
function requireTarget(target: ObjectRef, facts: Facts): boolean {
  const answer = facts.answers.find(({ query }) => queryKey(query) === queryKey({ get: target }));
  if (answer?.problem !== undefined) throw new CommandError(`cannot read ${target.kind}/${target.name}: ${answer.problem}`);
  return answer !== undefined && answer.objects.length > 0;
}
