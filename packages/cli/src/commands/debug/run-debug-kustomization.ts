// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { stringifyYaml } from "@flux-ts/kube-core";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { loadVariables } from "../../kustomization/variables.ts";

const DOCUMENTATION = "https://fluxcd.io/flux/components/kustomize/kustomizations/";

/** `flux debug kustomization NAME`. @see cmd/flux/debug_kustomization.go */
export const runDebugKustomization: Run = async ({ args, flags, io }) => {
  const shown = ["show-status", "show-vars", "show-history"].filter((flag) => flags.bool(flag));
  if (shown.length !== 1) throw new CommandError("exactly one of --show-status, --show-vars, or --show-history must be set");
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const ref = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace, name: args[0] ?? "" };
  const found = await client.get<Kustomization>(ref, { signal: deadline.signal });
  if (shown[0] === "show-status") {
    io.stdout(`# Status documentation: ${DOCUMENTATION}#kustomization-status\n${stringifyYaml(found.status ?? {})}`);
  } else if (shown[0] === "show-history") {
    io.stdout(`# History documentation: ${DOCUMENTATION}#history\n${stringifyYaml(found.status?.history ?? [])}`);
  } else {
    if (found.spec.postBuild === undefined) throw new CommandError("no post build substitutions found");
    const variables = await loadVariables(found, client, deadline.signal);
    io.stdout(
      [...variables]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
  }
};
