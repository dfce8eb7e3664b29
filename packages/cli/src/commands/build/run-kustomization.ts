// SPDX-License-Identifier: Apache-2.0
import { stringifyYaml } from "@flux-ts/kube-core";
import { toExplainedYaml } from "@flux-ts/kustomize";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { buildTree } from "../../kustomization/build-kustomization.ts";
import { checkBuildFlags } from "../../kustomization/build-flags.ts";
import { namespaceOf } from "../../namespace.ts";

/** `flux build kustomization NAME`. @see cmd/flux/build_kustomization.go */
export const runBuildKustomization: Run = async ({ args, flags, io }) => {
  const name = args[0];
  if (name === undefined) throw new CommandError("kustomization name is required");
  const { path, file, settings } = await checkBuildFlags(flags, io);
  const isDry = flags.bool("dry-run");
  if (isDry && file === undefined) throw new CommandError("dry-run mode requires a kustomization file");
  using deadline = deadlineOf(flags, io);
  await using connection = isDry ? undefined : await connect(flags, io);
  const namespace = connection?.namespace ?? namespaceOf(flags, io);
  const explains = flags.bool("explain");
  const { objects, origins } = await buildTree(
    { name, namespace, path, file, fileName: flags.string("kustomization-file") },
    { ...settings, explains, client: connection?.client, signal: deadline.signal },
  );
  if (explains) io.stdout(toExplainedYaml(objects, (object) => origins.get(object), { relativeTo: io.cwd }));
  else io.stdout(objects.map((object) => `${stringifyYaml(object)}---\n`).join(""));
};
