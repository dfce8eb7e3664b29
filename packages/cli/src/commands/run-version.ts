// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, stringifyYaml } from "@flux-ts/kube-core";
import { distributionOf, PART_OF_FLUX, readClusterInfo } from "../cluster-info.ts";
import type { Run } from "../command.ts";
import { CommandError } from "../command.ts";
import { connect } from "../connect.ts";
import { deadlineOf } from "../deadline.ts";
import { splitImage } from "../split-image.ts";
import { VERSION } from "../version-text.ts";

/** A Deployment, as much of it as is read. The server has checked it. */
export interface ControllerDeployment extends KubeObject {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } };
}

/** `flux version`. @see cmd/flux/version.go */
export const runVersion: Run = async ({ flags, io }) => {
  const output = flags.string("output");
  if (output !== "yaml" && output !== "json") throw new CommandError(`--output must be json or yaml, not ${output}`);
  const own: readonly Named[] = [["flux", `v${io.version ?? VERSION}`]];
  let lines = own;
  if (!flags.bool("client")) {
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    lines = [...own, ...(await clusterVersions(connection.client, connection.namespace, deadline.signal))];
  }
  const sorted = lines.toSorted(([a], [b]) => (a < b ? -1 : 1));
  // YAML keeps what comes first first, JSON sorts.
  if (output === "json") io.stdout(`${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  else io.stdout(lines.map(([name, version]) => stringifyYaml({ [name]: version })).join(""));
};

type Named = readonly [name: string, version: string];

async function clusterVersions(client: Client, namespace: string, signal: AbortSignal): Promise<readonly Named[]> {
  const distribution = await readClusterInfo(client, signal).then(distributionOf, (error: unknown) => {
    if (isNotFound(error)) return "";
    throw error;
  });
  const kind = { apiVersion: "apps/v1", kind: "Deployment" };
  const { items } = await client.list<ControllerDeployment>(kind, { namespace, labelSelector: PART_OF_FLUX, signal });
  if (items.length === 0) throw new CommandError(`no deployments found in ${namespace} namespace`);
  const images = items.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => splitImage(image)));
  const controllers = new Map(images.map(({ name, tag }) => [name, tag]));
  return [
    ...(distribution === "" ? [] : [["distribution", distribution] as const]),
    ...[...controllers].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
}
