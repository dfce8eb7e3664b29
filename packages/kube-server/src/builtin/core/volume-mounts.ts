// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, objectAt, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { descendingPath, noBacksteps, oneOf } from "../validation/scalars.ts";

const PROPAGATIONS: readonly string[] = ["Bidirectional", "HostToContainer", "None"];
const READ_ONLY_KINDS: readonly string[] = ["Disabled", "Enabled", "IfPossible"];

/** `volumeMounts` of a container. Some errors name the list and not the mount: so does Kubernetes. */
export function volumeMounts(container: JsonObject, volumes: ReadonlyMap<string, JsonObject>, path: string, problems: Problems): void {
  const base = at(path, "volumeMounts");
  const devices = objectsAt(container, "volumeDevices");
  const taken = new Set<string>();
  objectsAt(container, "volumeMounts").forEach((mount, index) => {
    const own = `${base}[${index}]`;
    const [name, folder, subPath, expression] = [
      textAt(mount, "name"),
      textAt(mount, "mountPath"),
      textAt(mount, "subPath"),
      textAt(mount, "subPathExpr"),
    ];
    if (name === "") problems.required(at(own, "name"));
    if (!volumes.has(name)) problems.notFound(at(own, "name"), name);
    if (folder === "") problems.required(at(own, "mountPath"));
    if (taken.has(folder)) problems.invalid(at(own, "mountPath"), folder, "must be unique");
    taken.add(folder);
    if (devices.some((device) => textAt(device, "name") === name))
      problems.invalid(at(own, "name"), name, "must not already exist in volumeDevices");
    if (devices.some((device) => textAt(device, "devicePath") === folder)) {
      problems.invalid(at(own, "mountPath"), folder, "must not already exist as a path in volumeDevices");
    }
    if (subPath !== "") descendingPath(subPath, at(base, "subPath"), problems);
    if (expression !== "") {
      if (subPath !== "") problems.invalid(at(own, "subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
      descendingPath(expression, at(base, "subPathExpr"), problems);
    }
    propagation(mount, container, base, problems);
    recursiveReadOnly(mount, at(base, "recursiveReadOnly"), problems);
  });
}

function propagation(mount: JsonObject, container: JsonObject, base: string, problems: Problems): void {
  oneOf(mount, "mountPropagation", base, problems, PROPAGATIONS);
  if (textAt(mount, "mountPropagation") === "Bidirectional" && !isTrueAt(objectAt(container, "securityContext"), "privileged")) {
    problems.forbidden(at(base, "mountPropagation"), "Bidirectional mount propagation is available only to privileged containers");
  }
}

function recursiveReadOnly(mount: JsonObject, path: string, problems: Problems): void {
  if (!hasAt(mount, "recursiveReadOnly")) return;
  const kind = textAt(mount, "recursiveReadOnly");
  if (!READ_ONLY_KINDS.includes(kind)) return problems.notSupported(path, kind, READ_ONLY_KINDS);
  if (kind === "Disabled") return;
  if (!isTrueAt(mount, "readOnly")) problems.forbidden(path, "may only be specified when readOnly is true");
  if (!["", "None"].includes(textAt(mount, "mountPropagation"))) {
    problems.forbidden(path, "may only be specified when mountPropagation is None or not specified");
  }
}

/** `volumeDevices` of a container. */
export function volumeDevices(container: JsonObject, volumes: ReadonlyMap<string, JsonObject>, path: string, problems: Problems): void {
  const mounts = objectsAt(container, "volumeMounts");
  const [names, paths] = [new Set<string>(), new Set<string>()];
  objectsAt(container, "volumeDevices").forEach((device, index) => {
    const own = `${at(path, "volumeDevices")}[${index}]`;
    const [name, file] = [textAt(device, "name"), textAt(device, "devicePath")];
    const volume = volumes.get(name);
    if (name === "") problems.required(at(own, "name"));
    if (names.has(name)) problems.invalid(at(own, "name"), name, "must be unique");
    if (volume && !hasAt(volume, "persistentVolumeClaim") && !hasAt(volume, "ephemeral")) {
      problems.invalid(at(own, "name"), name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
    }
    if (!volume) problems.notFound(at(own, "name"), name);
    if (file === "") problems.required(at(own, "devicePath"));
    if (paths.has(file)) problems.invalid(at(own, "devicePath"), file, "must be unique");
    if (file !== "") noBacksteps(file, at(own, "devicePath"), problems);
    if (mounts.some((mount) => textAt(mount, "mountPath") === file))
      problems.invalid(at(own, "devicePath"), file, "must not already exist as a path in volumeMounts");
    if (mounts.some((mount) => textAt(mount, "name") === name))
      problems.invalid(at(own, "name"), name, "must not already exist in volumeMounts");
    names.add(name);
    paths.add(file);
  });
}
