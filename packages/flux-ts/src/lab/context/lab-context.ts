// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import type { Clock, JsonObject } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";
import { LabError } from "../lab-error.ts";
import { changeKubeconfigFile, readKubeconfigFile } from "./kubeconfig-file.ts";

/** A context of a lab in the kubeconfig of its user. */
export interface LabContext {
  /** Of the context, the cluster and the user. */
  readonly name: string;
  /** The folder of the lab: what marks these entries as its own. */
  readonly owner: string;
}

const LISTS = ["clusters", "users", "contexts"] as const;
/** The field of an entry that has its content. */
const CONTENT = { clusters: "cluster", users: "user", contexts: "context" } as const;
const EXTENSION = "lab.flux-ts.dev";

/**
 * Refuses when one of the files has something of this name that the lab did not put there.
 * @throws {LabError} FOREIGN_CONTEXT, BAD_KUBECONFIG
 */
export function requireOwnContext(files: readonly string[], context: LabContext): void {
  for (const path of files) requireOwn(path, readKubeconfigFile(path), context);
}

/**
 * Puts the lab's entries into the user's kubeconfig, and makes its context the current one.
 *
 * @param own the lab's kubeconfig, with one cluster, one user and one context
 * @returns the file that has them now
 * @throws {LabError} FOREIGN_CONTEXT, BAD_KUBECONFIG, KUBECONFIG_LOCKED
 */
export async function mergeContext(files: readonly string[], context: LabContext, own: JsonObject, clock: Clock): Promise<string> {
  requireOwnContext(files, context);
  const path = fileFor(files, context);
  await changeKubeconfigFile(
    path,
    (config) => {
      // Under the lock it may have changed.
      requireOwn(path, config, context);
      const marked = LISTS.map((list) => [list, put(entriesOf(config, list), mark(entriesOf(own, list)[0] ?? {}, list, context))] as const);
      return { ...config, ...Object.fromEntries(marked), "current-context": context.name };
    },
    clock,
  );
  // The first file that names a current context wins over the others.
  const first = files.find((other) => currentOf(readKubeconfigFile(other)) !== "");
  if (first !== undefined && first !== path) {
    await changeKubeconfigFile(first, (config) => ({ ...config, "current-context": context.name }), clock);
  }
  return path;
}

/** Takes out what the lab put in, and nothing else. @returns the files that were changed @throws {LabError} as `mergeContext` */
export async function removeContext(files: readonly string[], context: LabContext, clock: Clock): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const path of files) {
    const isOwn = LISTS.some((list) => entriesOf(readKubeconfigFile(path), list).some((entry) => isOf(entry, list, context)));
    if (!isOwn) continue;
    await changeKubeconfigFile(path, (config) => without(config, context), clock);
    changed.push(path);
  }
  if (changed.length === 0) return changed;
  for (const path of files) {
    if (currentOf(readKubeconfigFile(path)) === context.name)
      await changeKubeconfigFile(path, (config) => ({ ...config, "current-context": "" }), clock);
  }
  return changed;
}

function without(config: JsonObject, context: LabContext): JsonObject {
  const lists = LISTS.map((list) => [list, entriesOf(config, list).filter((entry) => !isOf(entry, list, context))] as const);
  return { ...config, ...Object.fromEntries(lists) };
}

/** Where it already is, else the first file that is there, else the last: as kubectl and kind choose. */
function fileFor(files: readonly string[], context: LabContext): string {
  const has = files.find((path) => entriesOf(readKubeconfigFile(path), "contexts").some((entry) => isOf(entry, "contexts", context)));
  // There is always one.
  return has ?? files.find((path) => existsSync(path)) ?? (files.at(-1) as string);
}

function requireOwn(path: string, config: JsonObject, context: LabContext): void {
  for (const list of LISTS) {
    const foreign = entriesOf(config, list).find((entry) => entry["name"] === context.name && !isOf(entry, list, context));
    if (foreign === undefined) continue;
    throw new LabError(
      "FOREIGN_CONTEXT",
      `Cannot write context ${context.name} to ${path}: its ${list} have one of that name that this lab did not make. Rename it (kubectl config rename-context), give the lab another name, or leave the file alone with --no-merge`,
    );
  }
}

function entriesOf(config: JsonObject, list: (typeof LISTS)[number]): readonly JsonObject[] {
  const value = config[list];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** In its old place, else at the end. */
function put(entries: readonly JsonObject[], entry: JsonObject): readonly JsonObject[] {
  const isThere = entries.some(({ name }) => name === entry["name"]);
  return isThere ? entries.map((old) => (old["name"] === entry["name"] ? entry : old)) : [...entries, entry];
}

function mark(entry: JsonObject, list: (typeof LISTS)[number], { name, owner }: LabContext): JsonObject {
  const field = CONTENT[list];
  const content = isJsonObject(entry[field]) ? entry[field] : {};
  const renamed = list === "contexts" ? { ...content, cluster: name, user: name } : content;
  return { name, [field]: { ...renamed, extensions: [{ name: EXTENSION, extension: { folder: owner } }] } };
}

function isOf(entry: JsonObject, list: (typeof LISTS)[number], { name, owner }: LabContext): boolean {
  if (entry["name"] !== name) return false;
  const content = entry[CONTENT[list]];
  const extensions = isJsonObject(content) ? content["extensions"] : undefined;
  if (!Array.isArray(extensions)) return false;
  return extensions.some(
    (one) => isJsonObject(one) && one["name"] === EXTENSION && isJsonObject(one["extension"]) && one["extension"]["folder"] === owner,
  );
}

function currentOf(config: JsonObject): string {
  const current = config["current-context"];
  return typeof current === "string" ? current : "";
}
