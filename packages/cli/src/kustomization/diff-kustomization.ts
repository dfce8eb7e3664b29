// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Change } from "@flux-ts/toolkit/apply";
import { compileIgnoreRules, inventoryOf, normalize, staleOf, subjectOf, subjectOfObject } from "@flux-ts/toolkit/apply";
import type { Paint } from "../dyff/paint.ts";
import { reportDifferences } from "../dyff/report.ts";
import type { BuildRequest, BuildSettings } from "./build-kustomization.ts";
import { buildKustomization, keyOf } from "./build-kustomization.ts";
import { diffObject } from "./diff-object.ts";
import { isKustomization } from "./kustomization-file.ts";
import { localFolder } from "./local-sources.ts";

export interface DiffSettings extends BuildSettings {
  readonly client: Client;
  /** The width of the terminal. */
  readonly columns: number;
  readonly paint: Paint;
}

export interface KustomizationDiff {
  readonly text: string;
  /** Whether anything would be created, changed or deleted. */
  readonly hasChanged: boolean;
  /** What the API server refused, all of it, after every object was tried. */
  readonly problem?: string;
}

/**
 * What a Kustomization would do to the cluster if its source held a folder of this machine.
 *
 * @throws {CommandError} what the build says
 * @see flux2 internal/build Builder.Diff
 */
export async function diffKustomization(
  request: BuildRequest,
  settings: DiffSettings,
  met: ReadonlySet<string> = new Set(),
): Promise<KustomizationDiff> {
  const { kustomization, objects } = await buildKustomization(request, settings);
  const seen = new Set([...met, keyOf(kustomization)]);
  const rules = kustomization.spec.ignore ?? [];
  const ignored = rules.length === 0 ? undefined : compileIgnoreRules(rules);
  const texts: string[] = [];
  const changes: Change[] = [];
  const problems: string[] = [];
  let hasChanged = false;
  for (const object of objects.map(normalize)) {
    try {
      const { change, before, after } = await diffObject(settings.client, object, ignored, settings.signal);
      changes.push(change);
      if (change.action === "skipped") texts.push(settings.paint(`► ${subjectOf(change.id)} skipped\n`, "skipped"));
      if (change.action === "created") texts.push(settings.paint(`► ${subjectOf(change.id)} created\n`, "created"));
      if (change.action === "configured") texts.push(`► ${subjectOf(change.id)} drifted\n${reportDifferences(before, after, settings)}`);
      hasChanged ||= change.action === "created" || change.action === "configured";
      if (!settings.isRecursive || change.action === "created" || !isKustomization(object) || seen.has(keyOf(object))) continue;
      if (object.spec.kubeConfig !== undefined) {
        texts.push(settings.paint(`⚠️ ${subjectOfObject(object)} skipped: diff not supported for remote clusters\n`, "skipped"));
        continue;
      }
      const path = localFolder(object, settings.localSources, settings.cwd);
      const child = await diffKustomization(
        { name: object.metadata.name ?? "", namespace: object.metadata.namespace ?? "", path },
        settings,
        seen,
      );
      if (child.problem !== undefined) problems.push(child.problem);
      if (child.hasChanged) texts.push(`📁 ${subjectOfObject(object)} changed\n${child.text}`);
      hasChanged ||= child.hasChanged;
    } catch (error) {
      settings.signal.throwIfAborted();
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) return { text: texts.join(""), hasChanged, problem: aggregate(problems) };
  const entries = kustomization.status?.inventory?.entries;
  const stale = kustomization.spec.prune === true && entries !== undefined ? staleOf(entries, inventoryOf(changes)) : [];
  texts.push(...stale.map(({ id }) => settings.paint(`► ${subjectOf(id)} deleted\n`, "deleted")));
  return { text: texts.join(""), hasChanged: hasChanged || stale.length > 0 };
}

/** Several errors in one. @see apimachinery util/errors Aggregate */
function aggregate(problems: readonly string[]): string {
  const distinct = [...new Set(problems)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
}
