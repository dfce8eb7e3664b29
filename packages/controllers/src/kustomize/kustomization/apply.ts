// SPDX-License-Identifier: Apache-2.0
import type { InventoryEntry, Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Applied, Change, Cleanup, IgnoreRule } from "@flux-ts/toolkit/apply";
import {
  applyStaged,
  compileIgnoreRules,
  effective,
  formatChanges,
  formatId,
  groupChanges,
  holdsCiphertext,
  idOf,
  inventoryOf,
  isDecryptionDisabled,
  isEncryptedSecret,
  normalize,
  subjectOfObject,
  waitGone,
  withMetadata,
} from "@flux-ts/toolkit/apply";
import { withDefaultNamespace } from "./default-namespace.ts";
import type { HeldViews } from "./held-views.ts";
import type { HealthRules } from "./judge.ts";
import { COMPONENT, labelsOf, owner } from "./owner.ts";
import type { KustomizationContext } from "./types.ts";

/** What an apply did. */
export interface ApplyResult {
  readonly applied: readonly Applied[];
  /** Objects that were put into the fallback namespace. */
  readonly moved: readonly KubeObject[];
}

export interface ApplyPorts {
  readonly cluster: Client;
  readonly views: HeldViews;
  readonly rules: HealthRules;
  /** Ids of the objects to look at; the others are certainly as they are wanted. Undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
}

/** How long an object that is recreated may take to go. Upstream waits without an end. */
const DELETION_TIMEOUT_MS = 5 * 60_000;

/**
 * Applies what was built, stage by stage, and tells what changed.
 * @throws {Error} `message` is the refusal and, below it, what had been applied by then
 * @see kustomize-controller apply(); spec G-SSA-1…12
 */
export async function apply(
  ks: Kustomization,
  objects: readonly KubeObject[],
  { cluster, views, rules, only }: ApplyPorts,
  ctx: KustomizationContext,
): Promise<ApplyResult> {
  if (only?.size === 0) return { applied: [], moved: [] };
  refuseEncrypted(objects, ctx);
  const prepared = objects.map((object) => prepareObject(object, ks));
  refuseEncryptedSecrets(prepared);
  const moved: KubeObject[] = [];
  const done: Change[] = [];
  const view = views.view.bind(views);
  const inventory = new Map((ks.status?.inventory?.entries ?? []).map((entry) => [entry.id, entry]));
  const { clock, signal, options } = ctx;
  try {
    const applied = await applyStaged(cluster, prepared, {
      owner,
      force: ks.spec.force === true,
      cleanup: cleanupOf(options.overrideManagers),
      ignored: compileIgnoreRules(ignoreRulesOf(ks)),
      migratesVersion: options.features.migrateApiVersion,
      concurrency: options.concurrentSsa,
      customKinds: options.customStageKinds,
      signal,
      awaitDeletion: (object) =>
        ctx.waiting(() => waitGone(cluster, [awaitedOf(object)], { timeoutMs: DELETION_TIMEOUT_MS, clock, view, signal })),
      waiting: (work) => ctx.waiting(work),
      wait: { ...rules, clock, view },
      prepareStage: async (stage) => {
        const placed = options.features.defaultNamespaceFallback
          ? await withDefaultNamespace(stage, cluster)
          : { objects: stage, moved: [] };
        moved.push(...placed.moved);
        return placed.objects.filter((object) => only?.has(formatId(idOf(object))) ?? true);
      },
      beforeWrite: (changes) => recordWanted(changes, inventory, ctx),
      onApplied: (stage) => {
        done.push(...stage.map(({ change }) => change));
      },
    });
    tell(done, ctx);
    return { applied, moved };
  } catch (cause) {
    signal.throwIfAborted();
    // As upstream: what a failed apply did is no part of the inventory. Undefined removes it.
    ctx.record({ inventory: ks.status?.inventory } as Parameters<typeof ctx.record>[0]);
    const log = formatChanges(effective(done));
    throw new Error(`${(cause as Error).message}\n${log === "" ? "" : `${log}\n`}`, { cause });
  }
}

/**
 * Saves an inventory with what is about to be applied, so that an end of the process in the middle leaves nothing that
 * nobody knows of. Objects that are part of it already need no write.
 */
async function recordWanted(changes: readonly Change[], inventory: Map<string, InventoryEntry>, ctx: KustomizationContext): Promise<void> {
  const added = inventoryOf(changes).filter(({ id }) => !inventory.has(id));
  if (added.length === 0) return;
  for (const entry of added) inventory.set(entry.id, entry);
  ctx.record({ inventory: { entries: [...inventory.values()] } });
  await ctx.save();
}

function tell(changes: readonly Change[], ctx: KustomizationContext): void {
  const changed = effective(changes);
  if (changes.length > 0) {
    const output = ctx.options.features.groupChangeLog ? groupChanges(changes) : formatChanges(changes);
    ctx.log.info("server-side apply completed", { output });
  }
  if (changed.length > 0) ctx.event({ severity: "info", reason: "Progressing", message: formatChanges(changed) });
}

/** @see decision D-8 */
function refuseEncrypted(objects: readonly KubeObject[], ctx: KustomizationContext): void {
  if (!ctx.options.features.refuseEncrypted) return;
  const encrypted = objects.find((object) => holdsCiphertext(object) && !isDecryptionDisabled(object));
  if (encrypted !== undefined) throw new Error(encryptedMessage(encrypted));
}

/** What upstream refuses: a Secret that carries SOPS' metadata when it is sent. */
function refuseEncryptedSecrets(objects: readonly KubeObject[]): void {
  const encrypted = objects.find((object) => isEncryptedSecret(object) && !isDecryptionDisabled(object));
  if (encrypted !== undefined) throw new Error(encryptedMessage(encrypted));
}

function encryptedMessage(object: KubeObject): string {
  return `${subjectOfObject(object)} is SOPS encrypted, configuring decryption is required for this secret to be reconciled`;
}

function prepareObject(object: KubeObject, ks: Kustomization): KubeObject {
  const owned = withMetadata(object, { labels: labelsOf(ks) });
  const { commonMetadata } = ks.spec;
  return withMetadata(normalize(owned), { labels: commonMetadata?.labels, annotations: commonMetadata?.annotations });
}

function awaitedOf(object: KubeObject): { readonly id: Change["id"]; readonly version: string } {
  const slash = object.apiVersion.indexOf("/");
  const { name = "", namespace = "" } = object.metadata;
  return {
    id: { group: slash < 0 ? "" : object.apiVersion.slice(0, slash), kind: object.kind, name, namespace },
    version: object.apiVersion.slice(slash + 1),
  };
}

function ignoreRulesOf(ks: Kustomization): readonly IgnoreRule[] {
  return (ks.spec.ignore ?? []).map(({ paths, target }) => (target === undefined ? { paths } : { paths, target }));
}

/**
 * What kubectl, older versions of Flux and the managers that an administrator names left on an object.
 * @see spec G-SSA-5
 */
function cleanupOf(overrideManagers: readonly string[]): Cleanup {
  return {
    annotations: ["kubectl.kubernetes.io/last-applied-configuration", "kustomize.toolkit.fluxcd.io/checksum", "fluxcd.io/sync-checksum"],
    labels: ["fluxcd.io/sync-gc-mark"],
    managers: [
      { prefix: "kubectl", operation: "Apply" },
      { prefix: "kubectl", operation: "Update" },
      { prefix: "before-first-apply", operation: "Update" },
      { prefix: COMPONENT, operation: "Update" },
      ...overrideManagers.flatMap((prefix) => [
        { prefix, operation: "Apply" as const },
        { prefix, operation: "Update" as const },
      ]),
    ],
  };
}
