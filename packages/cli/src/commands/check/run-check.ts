// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";
import type { Version } from "@flux-ts/toolkit/semver";
import { parseConstraint, parseVersion, satisfies, SemverError } from "@flux-ts/toolkit/semver";
import { assessDeployments } from "../../assess-deployments.ts";
import { distributionOf, PART_OF_FLUX, readClusterInfo } from "../../cluster-info.ts";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import type { Connection } from "../../connect.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../output/progress.ts";
import { progressOn } from "../../output/progress.ts";
import type { ControllerDeployment } from "../run-version.ts";

const SUPPORTED = ">=1.33.0-0";

/** `flux check`. No newer version of this command is looked for. @see cmd/flux/check.go */
export const runCheck: Run = async ({ flags, io }) => {
  const progress = progressOn(io);
  progress.action("checking prerequisites");
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io).catch((error: unknown) => {
    const why = `kubernetes configuration load failed: ${(error as Error).message}`;
    throw new CommandError(`Kubernetes client initialization failed: ${why}`, { cause: error });
  });
  const { client } = connection;
  const isSupported = await checkKubernetes(client, progress, deadline.signal);
  if (flags.bool("pre")) {
    if (!isSupported) return 1;
    progress.success("prerequisites checks passed");
    return 0;
  }
  progress.action("checking version in cluster");
  const hasVersion = await checkVersion(client, progress, deadline.signal);
  progress.action("checking controllers");
  const areReady = await checkControllers(connection, flags, io, deadline.signal);
  progress.action("checking crds");
  const areDefined = await checkDefinitions(client, progress, deadline.signal);
  if (isSupported && hasVersion && areReady && areDefined) {
    progress.success("all checks passed");
    return 0;
  }
  progress.failure("check failed");
  return 1;
};

async function checkKubernetes(client: Client, progress: Progress, signal: AbortSignal): Promise<boolean> {
  let text: unknown;
  try {
    const { status, object } = await client.transport({ method: "GET", path: "/version", signal });
    if (status !== 200) throw new Error(`the server answered ${status}`);
    text = isJsonObject(object) ? object["gitVersion"] : undefined;
  } catch (error) {
    signal.throwIfAborted();
    progress.failure(`Kubernetes API call failed: ${(error as Error).message}`);
    return false;
  }
  const version = typeof text === "string" ? readVersion(text) : undefined;
  if (version === undefined) {
    progress.failure("Kubernetes version can't be determined");
    return false;
  }
  if (!satisfies(version, parseConstraint(SUPPORTED))) {
    progress.failure(`Kubernetes version ${String(text)} does not match ${SUPPORTED}`);
    return false;
  }
  progress.success(`Kubernetes ${String(text).replace(/^v/, "")} ${SUPPORTED}`);
  return true;
}

function readVersion(text: string): Version | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof SemverError) return undefined;
    throw error;
  }
}

async function checkVersion(client: Client, progress: Progress, signal: AbortSignal): Promise<boolean> {
  try {
    const info = await readClusterInfo(client, signal);
    if (distributionOf(info) !== "") progress.success(`distribution: ${distributionOf(info)}`);
    progress.success(`bootstrapped: ${info.isBootstrapped}`);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    progress.failure(`checking failed: ${(error as Error).message}`);
    return false;
  }
}

/** Each controller has the whole time of `--timeout`: one that never gets ready does not hide how the others are. */
async function checkControllers({ client, namespace }: Connection, flags: FlagValues, io: Io, signal: AbortSignal): Promise<boolean> {
  const progress = progressOn(io);
  const kind = { apiVersion: "apps/v1", kind: "Deployment" };
  const items = await listOr(client.list<ControllerDeployment>(kind, { namespace, labelSelector: PART_OF_FLUX, signal }), progress, signal);
  if (items === undefined) return false;
  if (items.length === 0) {
    progress.failure(`no controllers found in the '${namespace}' namespace with the label selector '${PART_OF_FLUX}'`);
    return false;
  }
  let areReady = true;
  for (const { metadata, spec } of items) {
    using deadline = deadlineOf(flags, io);
    const ports = { clock: io.clock, signal: deadline.signal };
    areReady = (await assessDeployments(client, namespace, [metadata.name ?? ""], progress, ports)) && areReady;
    io.signal.throwIfAborted();
    for (const { image } of spec.template.spec.containers) progress.action(image);
  }
  return areReady;
}

/** @returns undefined, after it was told, for what may not be listed */
async function listOr<T extends KubeObject>(
  listing: Promise<{ readonly items: readonly T[] }>,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly T[] | undefined> {
  try {
    return (await listing).items;
  } catch (error) {
    signal.throwIfAborted();
    progress.failure((error as Error).message);
    return undefined;
  }
}

interface Definition extends KubeObject {
  readonly status?: { readonly storedVersions?: readonly string[] };
}

async function checkDefinitions(client: Client, progress: Progress, signal: AbortSignal): Promise<boolean> {
  // The time went to a controller that is not ready: that is told already.
  if (signal.aborted) return false;
  const kind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const items = await listOr(client.list<Definition>(kind, { labelSelector: PART_OF_FLUX, signal }), progress, signal);
  if (items === undefined) return false;
  if (items.length === 0) {
    progress.failure(`no crds found with the label selector '${PART_OF_FLUX}'`);
    return false;
  }
  for (const { metadata, status } of items) {
    const version = status?.storedVersions?.at(-1);
    if (version === undefined) progress.failure(`no stored versions for ${metadata.name ?? ""}`);
    else progress.success(`${metadata.name ?? ""}/${version}`);
  }
  return items.every(({ status }) => (status?.storedVersions ?? []).length > 0);
}
