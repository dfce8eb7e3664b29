// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Link } from "../explanation.ts";
import type { BuildFact, Place } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { after, found, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { isTrueAt, listAt, textAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { notFound } from "./missing.ts";

/** A build that failed: an input that is not there, or a file. */
export function buildFindings(object: KubeObject, ref: ObjectRef, { reason, message, status }: Condition, walk: Walk): readonly Finding[] {
  const step: Link = { stage: "build", state: "failed", object: subjectOf(ref), text: `${reason}: ${message}` };
  const gone = inputsOf(object, ref)
    .filter((input) => walk.isAbsent(input))
    .map((input) => notFound(input, "build", ref));
  const place = placeOf(message, textAt(object, "spec", "path"), walk.buildOf(ref));
  const self = found({
    stage: "build",
    ref,
    reason,
    message,
    condition: { type: "Ready", status },
    ...(place === undefined ? {} : { place }),
  });
  return [...after([step], gone), self];
}

/** ConfigMaps and Secrets that a build must have. */
function inputsOf(object: KubeObject, { namespace }: ObjectRef): readonly ObjectRef[] {
  const variables = listAt(object, "spec", "postBuild", "substituteFrom")
    .filter((each) => !isTrueAt(each, "optional"))
    .map((each) => refTo(textAt(each, "kind"), namespace, textAt(each, "name")));
  const key = textAt(object, "spec", "decryption", "secretRef", "name");
  return [...variables, ...(key === "" ? [] : [refTo("Secret", namespace, key)])];
}

/** Where a build failed: as the files tell, else as far as the message does. */
export function placeOf(message: string, path: string, build: BuildFact | undefined): Place | undefined {
  const ofObject = /^post build failed for '([^/']*)\/([^']*)'/.exec(message);
  if (ofObject !== null) {
    const [, type = "", name = ""] = ofObject;
    const kind = type.split(".")[0];
    const origin = build?.objects.find((each) => each.kind === kind && each.name === name);
    const variable = /variable not set \(strict mode\): "([^"]+)"/.exec(message)?.[1];
    const use =
      variable !== undefined && origin !== undefined && Object.hasOwn(origin.variables, variable) ? origin.variables[variable] : undefined;
    return use ?? (origin === undefined ? undefined : { file: origin.file, ...(origin.line === undefined ? {} : { line: origin.line }) });
  }
  const told = placeInMessage(message, path);
  const known = build?.failure?.place;
  // The files may be of another revision, so that the message counts more; both together give the line.
  if (told === undefined) return known;
  return known !== undefined && known.file === told.file && told.line === undefined ? known : told;
}

/**
 * The file that a message of a build names, from the root of the repository.
 *
 * @param path of the Kustomization
 */
export function placeInMessage(message: string, path: string): Place | undefined {
  const line = /yaml: line (\d+)/.exec(message)?.[1];
  const withLine = (file: string): Place => ({ file, ...(line === undefined ? {} : { line: Number(line) }) });
  // Each base names the next: all but the last are folders.
  const steps = [...message.matchAll(/(?:accumulating|merging) resources from '([^']*)'/g)].map(([, name = ""]) => name);
  const named = steps.filter((name, index) => steps.indexOf(name) === index);
  const isMissing = /no such file or directory|doesn't exist/.test(message);
  if (named.length > 0) {
    const last = named.at(-1) ?? "";
    const isFile = /\.(?:ya?ml|json)$/.test(last);
    const folder = join(path, ...named.slice(0, -1));
    if (isMissing) return { file: join(folder, "kustomization.yaml") };
    return isFile ? withLine(join(folder, last)) : withLine(join(folder, last, "kustomization.yaml"));
  }
  const file = /\/kustomization-\d+\/([^\s'":,]+\.(?:ya?ml|json|env|properties|txt))/.exec(message)?.[1];
  if (file !== undefined) return isMissing ? { file: join(path, "kustomization.yaml") } : withLine(file);
  if (/^(?:kustomize build failed|failed to generate|invalid Kustomization)|Go struct field Kustomization\./.test(message))
    return { file: join(path, "kustomization.yaml") };
  return undefined;
}

function join(...parts: readonly string[]): string {
  const names: string[] = [];
  for (const name of parts.flatMap((part) => part.split("/"))) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  return names.join("/");
}
