// SPDX-License-Identifier: Apache-2.0
import type { ArtifactGenerator } from "@flux-ts/flux-api";
import type { Run } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { printTree } from "./object-tree.ts";

const EXTENSIONS = "source.extensions.fluxcd.io";

/** `flux tree artifact generator NAME`. @see cmd/flux/tree_artifact_generator.go */
export const runTreeGenerator: Run = async ({ args, flags, io }) => {
  const name = args[0] ?? "";
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const ref = { apiVersion: `${EXTENSIONS}/v1beta1`, kind: "ArtifactGenerator", namespace, name };
  const found = await client.get<ArtifactGenerator>(ref, { signal: deadline.signal });
  const children = (found.status?.inventory ?? []).map((each) => ({
    id: { group: "source.toolkit.fluxcd.io", kind: "ExternalArtifact", namespace: each.namespace, name: each.name },
    children: [],
  }));
  io.stdout(printTree({ id: { group: EXTENSIONS, kind: "ArtifactGenerator", namespace, name }, children }, flags.string("output")));
};
