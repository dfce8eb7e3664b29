// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { Place } from "./find-objects.ts";
import { findByArguments, findByKind } from "./find-objects.ts";
import { managedBy } from "./managed-by.ts";
import { reportKustomization, reportRelease } from "./report.ts";

/** `flux trace RESOURCE NAME`. @see cmd/flux/trace.go */
export const runTrace: Run = async ({ args, flags, io }) => {
  using deadline = deadlineOf(flags, io);
  const [kind, apiVersion] = [flags.string("kind"), flags.string("api-version")];
  await using connection = await connect(flags, io);
  const place = { client: connection.client, namespace: connection.namespace, signal: deadline.signal };
  const objects =
    kind !== "" || apiVersion !== "" ? [await findByKind(args[0], kind, apiVersion, place)] : await findByArguments(args, place);
  for (const [index, object] of objects.entries()) {
    try {
      io.stdout(await report(object, place));
    } catch (error) {
      place.signal.throwIfAborted();
      const { namespace = "", name = "" } = object.metadata;
      io.stderr(`failed to trace ${object.kind}/${name} in namespace ${namespace}: ${(error as Error).message}`);
    }
    if (index < objects.length - 1) io.stdout("---\n");
  }
};

async function report(object: KubeObject, { client, signal }: Place): Promise<string> {
  const kustomization = await managedBy(client, object, "kustomize.toolkit.fluxcd.io", signal);
  if (kustomization !== undefined) return reportKustomization(client, kustomization, object, signal);
  const release = await managedBy(client, object, "helm.toolkit.fluxcd.io", signal);
  if (release !== undefined) return reportRelease(client, release, object, signal);
  throw new CommandError("object not managed by Flux");
}
