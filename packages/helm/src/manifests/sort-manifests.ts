// SPDX-License-Identifier: Apache-2.0
import { compareText, isJsonObject } from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";
import { FieldReader, decodeYaml, failDecode } from "../chart/decode.ts";
import { sortByKind } from "./kind-order.ts";
import { isBlank, splitManifests } from "./split-manifests.ts";

/** One document that templates made. */
export interface Manifest {
  /** The template it comes from: `chart/templates/x.yaml`. */
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly content: string;
}

export type HookEvent =
  | "pre-install"
  | "post-install"
  | "pre-delete"
  | "post-delete"
  | "pre-upgrade"
  | "post-upgrade"
  | "pre-rollback"
  | "post-rollback"
  | "test";

/** A document that is a hook: its weight orders it among those of an event. */
export interface Hook extends Manifest {
  readonly events: readonly HookEvent[];
  readonly weight: number;
  /** before-hook-creation, hook-succeeded, hook-failed; as they stand in the annotation. */
  readonly deletePolicies: readonly string[];
  readonly outputLogPolicies: readonly string[];
}

export interface SortedManifests {
  readonly hooks: readonly Hook[];
  readonly manifests: readonly Manifest[];
}

const EVENTS: ReadonlyMap<string, HookEvent> = new Map<string, HookEvent>([
  ["pre-install", "pre-install"],
  ["post-install", "post-install"],
  ["pre-delete", "pre-delete"],
  ["post-delete", "post-delete"],
  ["pre-upgrade", "pre-upgrade"],
  ["post-upgrade", "post-upgrade"],
  ["pre-rollback", "pre-rollback"],
  ["post-rollback", "post-rollback"],
  ["test", "test"],
  ["test-success", "test"],
]);

/** Helm's name of the annotation, and of those beside it. */
const HOOK = "helm.sh/hook";

interface Head {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Takes rendered templates apart into hooks and other documents, each in install order.
 *
 * @param files rendered text by template; partials and blank ones are left out
 * @throws {HelmError} MANIFEST `YAML parse error on chart/templates/x.yaml: …`
 * @see helm.sh/helm/v4 pkg/release/v1/util SortManifests
 */
export function sortManifests(files: ReadonlyMap<string, string>): SortedManifests {
  const hooks: Hook[] = [];
  const manifests: Manifest[] = [];
  for (const path of [...files.keys()].sort(compareText)) {
    const text = files.get(path) ?? "";
    if (path.slice(path.lastIndexOf("/") + 1).startsWith("_") || isBlank(text)) continue;
    for (const content of splitManifests(text)) {
      const head = readHead(path, content);
      const { apiVersion, kind, name, annotations } = head;
      const manifest = { path, apiVersion, kind, name, content };
      if (!Object.hasOwn(annotations, HOOK)) manifests.push(manifest);
      else {
        const hook = hookOf(manifest, annotations);
        if (hook !== undefined) hooks.push(hook);
      }
    }
  }
  return { hooks: sortByKind(hooks, ({ kind }) => kind), manifests: sortByKind(manifests, ({ kind }) => kind) };
}

function readHead(path: string, content: string): Head {
  try {
    const value = decodeYaml(content);
    if (value !== null && !isJsonObject(value)) failDecode(value, "value of type util.SimpleHead");
    const fields = new FieldReader(value, "SimpleHead", ["apiVersion", "kind", "metadata"]);
    const metadata = new FieldReader(fields.raw("metadata"), "SimpleHead", ["name", "annotations"], "metadata");
    return {
      apiVersion: fields.text("apiVersion"),
      kind: fields.text("kind"),
      name: metadata.text("name"),
      annotations: metadata.textMap("annotations") ?? {},
    };
  } catch (error) {
    throw new HelmError("MANIFEST", `YAML parse error on ${path}: ${messageOf(error)}`, { place: path, cause: error });
  }
}

/** Undefined for events that Helm does not know: such documents are dropped. */
function hookOf(manifest: Manifest, annotations: Readonly<Record<string, string>>): Hook | undefined {
  const events: HookEvent[] = [];
  for (const name of (annotations[HOOK] ?? "").split(",")) {
    const event = EVENTS.get(name.trim().toLowerCase());
    if (event === undefined) return undefined;
    events.push(event);
  }
  const weight = annotations["helm.sh/hook-weight"] ?? "";
  return {
    ...manifest,
    events,
    weight: /^[+-]?[0-9]+$/.test(weight) ? Number(weight) : 0,
    deletePolicies: listOf(annotations["helm.sh/hook-delete-policy"]),
    outputLogPolicies: listOf(annotations["helm.sh/hook-output-log-policy"]),
  };
}

function listOf(annotation: string | undefined): string[] {
  return annotation === undefined ? [] : annotation.split(",").map((part) => part.trim().toLowerCase());
}
