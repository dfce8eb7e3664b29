// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Kustomization } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import type { VariableSource } from "@flux-ts/toolkit/substitute";
import { collectVariables } from "@flux-ts/toolkit/substitute";
import type { HeldViews } from "./held-views.ts";
import type { KustomizationContext } from "./types.ts";

/** What `postBuild` puts into the objects. */
export type Variables =
  | {
      readonly values: ReadonlyMap<string, string>;
      /** Substitute although there is no variable at all. */
      readonly isAlways: boolean;
    }
  /** They could not be read: a failure of the first object that they are for. */
  | { readonly problem: string };

/** The variables, and what tells whether they are the same next time. */
export interface Inputs {
  /** Undefined: nothing is to be substituted. */
  readonly variables: Variables | undefined;
  /** Names a state of all that was read, without telling any of it. */
  readonly digest: string;
  /** The objects that were read, in order; those that are not there without a version. */
  readonly read: readonly ReadInput[];
}

export interface ReadInput {
  readonly kind: "ConfigMap" | "Secret";
  readonly namespace: string;
  readonly name: string;
  /** uid and resourceVersion; undefined: it is not there. */
  readonly version: string | undefined;
}

/** ConfigMaps and Secrets that a Kustomization refers to: a change of one that is labelled for it wakes the Kustomization. */
export function inputsOf(kind: "ConfigMap" | "Secret") {
  return (ks: Kustomization): readonly { readonly namespace: string; readonly name: string }[] => {
    const { postBuild, decryption, kubeConfig } = ks.spec;
    const names = (postBuild?.substituteFrom ?? []).filter((each) => each.kind === kind).map(({ name }) => name);
    if (kind === "Secret") names.push(...[decryption?.secretRef?.name, kubeConfig?.secretRef?.name].filter((name) => name !== undefined));
    else names.push(...[kubeConfig?.configMapRef?.name].filter((name) => name !== undefined));
    return names.map((name) => ({ namespace: ks.metadata.namespace ?? "", name }));
  };
}

/**
 * Reads the variables once, in the order in which they count. What cannot be read is told by the build, since upstream
 * reads while it builds: a tree without objects needs no variables.
 * @see spec G-SUB-2, G-SUB-3, G-SUB-4
 */
export async function loadInputs(ks: Kustomization, ctx: KustomizationContext): Promise<Inputs> {
  const { postBuild } = ks.spec;
  if (postBuild === undefined) return { variables: undefined, digest: "", read: [] };
  const sources: VariableSource[] = [];
  const read: ReadInput[] = [];
  const namespace = ks.metadata.namespace ?? "";
  for (const { kind, name, optional } of postBuild.substituteFrom ?? []) {
    let object: KubeObject | undefined;
    try {
      object = await ctx.cluster.find({ apiVersion: "v1", kind, namespace, name }, { signal: ctx.signal });
    } catch (error) {
      return failed(`substitute from '${kind}/${name}' error: ${(error as Error).message}`, read);
    }
    read.push({ kind, namespace, name, version: versionOf(object) });
    if (object === undefined && optional !== true) {
      return failed(`substitute from '${kind}/${name}' error: ${kind === "Secret" ? "secrets" : "configmaps"} "${name}" not found`, read);
    }
    if (object === undefined) continue;
    const source = kind === "Secret" ? decode(dataOf(object)) : dataOf(object);
    if (kind === "Secret") ctx.conceal(Object.values(source));
    sources.push(source);
  }
  if (postBuild.substitute !== undefined) sources.push(postBuild.substitute);
  const values = collectVariables(sources);
  return { variables: { values, isAlways: postBuild.substituteStrategy === "Always" }, digest: digestOf(values), read };
}

/** Whether what was read is still what is there, in the eyes of the watches; false when that is not known. */
export function areInputsFresh(read: readonly ReadInput[], views: HeldViews): boolean {
  return read.every(({ kind, namespace, name, version }) => {
    const view = views.settled({ apiVersion: "v1", kind });
    return view !== undefined && versionOf(view.lookup(namespace, name)) === version;
  });
}

function versionOf(object: KubeObject | undefined): string | undefined {
  return object && `${object.metadata.uid ?? ""}/${object.metadata.resourceVersion ?? ""}`;
}

function failed(problem: string, read: readonly ReadInput[]): Inputs {
  return { variables: { problem }, digest: `problem ${problem}`, read };
}

/** Values that are not text are nothing that a text could hold. */
function dataOf(object: KubeObject): VariableSource {
  const { data } = object;
  if (typeof data !== "object" || data === null) return {};
  return Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function decode(data: VariableSource): VariableSource {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString("utf8")]));
}

function digestOf(values: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [name, value] of [...values].toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${value}\0`);
  return hash.digest("hex");
}
