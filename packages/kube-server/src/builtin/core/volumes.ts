// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, goQuote, type JsonObject } from "@flux-ts/kube-core";
import { objectIn, objectsAt, textAt } from "../shape.ts";
import { at, Problems } from "../validation/problems.ts";
import { VOLUME_SOURCES } from "./volume-sources.ts";

/**
 * `volumes` of a pod.
 *
 * @param podName `""` in a template: what the pod's name would be part of is not checked then
 * @returns the faultless ones by name, for what mounts them
 */
export function volumes(spec: JsonObject, podName: string, path: string, problems: Problems): ReadonlyMap<string, JsonObject> {
  const known = new Map<string, JsonObject>();
  const all = objectsAt(spec, "volumes");
  const createdClaims = new Set(
    podName === "" ? [] : all.filter((volume) => objectIn(volume, "ephemeral")).map((volume) => `${podName}-${textAt(volume, "name")}`),
  );
  all.forEach((volume, index) => {
    const own = `${at(path, "volumes")}[${index}]`;
    const name = textAt(volume, "name");
    const found = new Problems();
    sourceOf(volume, podName, own, found);
    if (name === "") found.required(at(own, "name"));
    else found.invalidFor(at(own, "name"), name, dns1123LabelProblems(name));
    if (known.has(name)) found.duplicate(at(own, "name"), name);
    if (found.count === 0) known.set(name, volume);
    problems.add(...found.list);
    const claim = textAt(objectIn(volume, "persistentVolumeClaim") ?? {}, "claimName");
    if (createdClaims.has(claim)) {
      problems.invalid(
        at(own, "persistentVolumeClaim", "claimName"),
        claim,
        "must not reference a PVC that gets created for an ephemeral volume",
      );
    }
  });
  return known;
}

/** How messages name a source that is one too many, where that is not its field. */
const NAMES_OF_SECONDS: Readonly<Record<string, string>> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };

function sourceOf(volume: JsonObject, podName: string, path: string, problems: Problems): void {
  let found = false;
  for (const [name, check] of VOLUME_SOURCES) {
    const source = objectIn(volume, name);
    if (!source) continue;
    if (found) problems.forbidden(at(path, NAMES_OF_SECONDS[name] ?? name), "may not specify more than 1 volume type");
    else check(source, at(path, name), problems);
    if (!found && name === "ephemeral" && podName !== "" && textAt(volume, "name") !== "")
      claimName(`${podName}-${textAt(volume, "name")}`, volume, path, problems);
    found = true;
  }
  if (!found) problems.required(path, "must specify a volume type");
}

function claimName(claim: string, volume: JsonObject, path: string, problems: Problems): void {
  for (const detail of dns1123SubdomainProblems(claim))
    problems.invalid(at(path, "name"), textAt(volume, "name"), `PVC name ${goQuote(claim)}: ${detail}`);
}
