// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import { isKindMissing } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import { subjectOfObject } from "@flux-ts/toolkit/apply";
import { isManagedByFlux, PART_OF_FLUX, readClusterInfo } from "../../cluster-info.ts";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../output/progress.ts";
import { progressOn } from "../../output/progress.ts";
import { kindOf } from "../kinds.ts";

interface KindAt {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

/** What an installation consists of besides definitions and the namespace, in the order in which it is deleted. */
const PARTS: readonly KindAt[] = [
  { apiVersion: "apps/v1", kind: "Deployment", isNamespaced: true },
  { apiVersion: "v1", kind: "Service", isNamespaced: true },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", isNamespaced: true },
  { apiVersion: "v1", kind: "ServiceAccount", isNamespaced: true },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", isNamespaced: false },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", isNamespaced: false },
];
const DEFINITION: KindAt = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", isNamespaced: false };

/** Kinds whose objects may wait for a controller, in upstream's order. Upstream forgets ExternalArtifact: nothing of ours makes it wait. */
const FINALIZED: readonly string[] = [
  "GitRepository",
  "OCIRepository",
  "HelmRepository",
  "HelmChart",
  "Bucket",
  "Kustomization",
  "HelmRelease",
  "Alert",
  "Provider",
  "Receiver",
  "ImagePolicy",
  "ImageRepository",
  "ImageUpdateAutomation",
  "ArtifactGenerator",
];

interface Removal {
  readonly client: Client;
  readonly namespace: string;
  readonly isDry: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** `flux uninstall`. What cannot be deleted is told, and the rest goes on. @see cmd/flux/uninstall.go */
export const runUninstall: Run = async ({ flags, io }) => {
  const progress = progressOn(io);
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const isDry = flags.bool("dry-run");
  if (!isDry && !flags.bool("silent")) await requireConsent(client, io, deadline.signal);
  const removal: Removal = { client, namespace, isDry, progress, signal: deadline.signal };
  progress.action(`deleting components in ${namespace} namespace`);
  for (const kind of PARTS) await deleteAll(kind, removal);
  progress.action("deleting toolkit.fluxcd.io finalizers in all namespaces");
  await removeFinalizers(removal);
  progress.action("deleting toolkit.fluxcd.io custom resource definitions");
  await deleteAll(DEFINITION, removal);
  if (!flags.bool("keep-namespace")) {
    await attempt(`Namespace/${namespace}`, "deletion failed", "deleted", removal, () =>
      client.delete({ apiVersion: "v1", kind: "Namespace", name: namespace }, { dryRun: isDry, signal: deadline.signal }),
    );
  }
  progress.success("uninstall finished");
};

async function requireConsent(client: Client, io: Io, signal: AbortSignal): Promise<void> {
  const info = await readClusterInfo(client, signal).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw new CommandError(`cluster info unavailable: ${(error as Error).message}`, { cause: error });
  });
  const question =
    info === undefined || isManagedByFlux(info)
      ? "Are you sure you want to delete Flux and its custom resource definitions"
      : `Flux is managed by ${info.managedBy ?? ""}! Are you sure you want to delete Flux and its CRDs using Flux CLI`;
  const answer = await io.ask(`${question}? [y/N] `).catch(() => "");
  if (!/^y$/i.test(answer.trim())) throw new CommandError("aborting");
}

async function deleteAll({ apiVersion, kind, isNamespaced }: KindAt, removal: Removal): Promise<void> {
  const { client, namespace, isDry, signal } = removal;
  const where = isNamespaced ? { namespace } : {};
  const items = await listOr(removal, { apiVersion, kind, isNamespaced }, { ...where, labelSelector: PART_OF_FLUX });
  for (const object of items) {
    const ref = { ...refOf(object), apiVersion, kind };
    await attempt(subjectOfObject({ ...object, apiVersion, kind }), "deletion failed", "deleted", removal, () =>
      client.delete(ref, { dryRun: isDry, signal }),
    );
  }
}

/** What may not be listed is told, and the rest goes on; a kind that the cluster does not have has nothing to tell. */
async function listOr(
  { client, progress, signal }: Removal,
  { apiVersion, kind }: KindAt,
  where: { readonly namespace?: string; readonly labelSelector?: string },
): Promise<readonly KubeObject[]> {
  try {
    return (await client.list({ apiVersion, kind }, { ...where, signal })).items;
  } catch (error) {
    signal.throwIfAborted();
    if (!isNotFound(error) && !isKindMissing(error)) progress.failure(`${kind} cannot be listed: ${(error as Error).message}`);
    return [];
  }
}

/** Nobody is left who would do what they wait for. */
async function removeFinalizers(removal: Removal): Promise<void> {
  const { client, isDry, signal } = removal;
  for (const { apiVersion, kind } of FINALIZED.map(kindOf)) {
    const items = await listOr(removal, { apiVersion, kind, isNamespaced: true }, {});
    for (const object of items) {
      const bare = { ...object, apiVersion, kind, metadata: { ...object.metadata, finalizers: [] } };
      await attempt(subjectOfObject(bare), "removing finalizers failed", "finalizers deleted", removal, () =>
        client.update(bare, { dryRun: isDry, signal }),
      );
    }
  }
}

async function attempt(
  subject: string,
  failed: string,
  done: string,
  { progress, isDry, signal }: Removal,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
    progress.success(`${subject} ${done} ${isDry ? "(dry run)" : ""}`);
  } catch (error) {
    signal.throwIfAborted();
    progress.failure(`${subject} ${failed}: ${(error as Error).message}`);
  }
}
