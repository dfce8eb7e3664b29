// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { isNotFound } from "@flux-ts/kube-core";
import type { ObjectId } from "@flux-ts/toolkit/apply";
import { parseId } from "@flux-ts/toolkit/apply";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { ObjectTree } from "./object-tree.ts";
import { printTree } from "./object-tree.ts";
import { releaseObjects } from "./release-objects.ts";

const KUSTOMIZE = "kustomize.toolkit.fluxcd.io";
const HELM = "helm.toolkit.fluxcd.io";

interface Walk {
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly isCompact: boolean;
  /** The Kustomizations above, which an inventory may name again. */
  readonly above: readonly string[];
}

/** `flux tree kustomization NAME`. @see cmd/flux/tree_kustomization.go */
export const runTreeKustomization: Run = async ({ args, flags, io }) => {
  const name = args[0];
  if (name === undefined) throw new CommandError("kustomization name is required");
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const found = await get(client, namespace, name, deadline.signal);
  const walk = { client, signal: deadline.signal, isCompact: flags.bool("compact"), above: [] };
  const children = await childrenOf(found, walk);
  io.stdout(printTree({ id: { group: KUSTOMIZE, kind: "Kustomization", namespace, name }, children }, flags.string("output")));
};

function get(client: Client, namespace: string, name: string, signal: AbortSignal): Promise<Kustomization> {
  return client.get<Kustomization>({ apiVersion: `${KUSTOMIZE}/v1`, kind: "Kustomization", namespace, name }, { signal });
}

async function childrenOf(parent: Kustomization, walk: Walk): Promise<readonly ObjectTree[]> {
  const { namespace = "", name = "" } = parent.metadata;
  const inside: Walk = { ...walk, above: [...walk.above, `${namespace}/${name}`] };
  const trees: ObjectTree[] = [];
  for (const entry of parent.status?.inventory?.entries ?? []) {
    const id = parseId(entry.id);
    if (isHidden(id, walk) || (isKustomization(id) && id.namespace === namespace && id.name === name)) continue;
    trees.push({ id, children: await below(id, parent, inside) });
  }
  return trees;
}

async function below(id: ObjectId, parent: Kustomization, walk: Walk): Promise<readonly ObjectTree[]> {
  if (id.group === HELM && id.kind === "HelmRelease") {
    const objects = await releaseObjects(walk.client, id, walk.signal);
    return objects.filter((each) => !isHidden(each, walk)).map((each) => ({ id: each, children: [] }));
  }
  // What lies in another cluster cannot be looked up here.
  if (!isKustomization(id) || parent.spec.kubeConfig !== undefined || walk.above.includes(`${id.namespace}/${id.name}`)) return [];
  try {
    return await childrenOf(await get(walk.client, id.namespace, id.name, walk.signal), walk);
  } catch (error) {
    if (isNotFound(error)) throw new CommandError(`failed to find object: ${(error as Error).message}`, { cause: error });
    throw error;
  }
}

function isHidden({ group }: ObjectId, { isCompact }: Walk): boolean {
  return isCompact && !group.includes("toolkit.fluxcd.io");
}

function isKustomization({ group, kind }: ObjectId): boolean {
  return group === KUSTOMIZE && kind === "Kustomization";
}
