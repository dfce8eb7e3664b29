// SPDX-License-Identifier: Apache-2.0
// A table: where volumes come from, and what each source must have.
import { dns1123SubdomainProblems, tryParseQuantity, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { isNegative } from "../validation/resource-requirements.ts";
import { descendingPath, mode, noBacksteps, requireOneOf, requireText } from "../validation/scalars.ts";
import { claimTemplate } from "./claim-spec.ts";
import { projectedSources } from "./projected-volume.ts";
import { downwardFile, keyToPath } from "./volume-files.ts";

type SourceCheck = (source: JsonObject, path: string, problems: Problems) => void;

const HOST_PATH_TYPES: readonly string[] = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const PULL_POLICIES: readonly string[] = ["Always", "IfNotPresent", "Never"];
const LUN_RANGE = "must be between 0 and 255, inclusive";
const PARTITION_RANGE = "must be between 1 and 255, inclusive";

const needs =
  (...names: readonly string[]): SourceCheck =>
  (source, path, problems) =>
    requireText(source, path, problems, ...names);

const needsMonitors: SourceCheck = (source, path, problems) => {
  if (listAt(source, "monitors").length === 0) problems.required(at(path, "monitors"));
};

/** By field, in the order in which they are looked at: of several, the first one counts and the others are one too many. */
export const VOLUME_SOURCES: readonly (readonly [string, SourceCheck])[] = [
  ["emptyDir", emptyDir],
  ["hostPath", hostPath],
  ["gitRepo", gitRepo],
  ["gcePersistentDisk", (source, path, problems) => disk(source, "pdName", path.replace(/gcePersistentDisk$/, "persistentDisk"), problems)],
  ["awsElasticBlockStore", (source, path, problems) => disk(source, "volumeID", path, problems)],
  ["secret", (source, path, problems) => (requireText(source, path, problems, "secretName"), files(source, path, problems))],
  ["nfs", nfs],
  ["iscsi", iscsi],
  ["glusterfs", needs("endpoints", "path")],
  ["flocker", flocker],
  ["persistentVolumeClaim", needs("claimName")],
  ["rbd", (source, path, problems) => (needsMonitors(source, path, problems), requireText(source, path, problems, "image"))],
  ["cinder", needs("volumeID")],
  ["cephfs", needsMonitors],
  ["quobyte", quobyte],
  ["downwardAPI", downwardApi],
  ["fc", fibreChannel],
  ["flexVolume", flexVolume],
  ["configMap", (source, path, problems) => (requireText(source, path, problems, "name"), files(source, path, problems))],
  ["azureFile", needs("secretName", "shareName")],
  ["vsphereVolume", needs("volumePath")],
  ["photonPersistentDisk", needs("pdID")],
  ["portworxVolume", needs("volumeID")],
  ["azureDisk", azureDisk],
  ["storageos", storageOs],
  ["projected", (source, path, problems) => (mode(source, "defaultMode", path, problems), projectedSources(source, path, problems))],
  ["scaleIO", needs("gateway", "system", "volumeName")],
  ["csi", csi],
  ["ephemeral", ephemeral],
  ["image", (source, path, problems) => requireOneOf(source, "pullPolicy", path, problems, PULL_POLICIES)],
];

function emptyDir(source: JsonObject, path: string, problems: Problems): void {
  const limit = tryParseQuantity(source["sizeLimit"]);
  if (limit && isNegative(limit)) problems.forbidden(at(path, "sizeLimit"), "SizeLimit field must be a valid resource quantity");
}

/** A path of the node. */
export function hostPath(source: JsonObject, path: string, problems: Problems): void {
  if (textAt(source, "path") === "") return problems.required(at(path, "path"));
  noBacksteps(textAt(source, "path"), at(path, "path"), problems);
  if (hasAt(source, "type") && !HOST_PATH_TYPES.includes(textAt(source, "type"))) {
    problems.notSupported(at(path, "type"), source["type"], HOST_PATH_TYPES);
  }
}

function gitRepo(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "repository");
  descendingPath(textAt(source, "directory"), at(path, "directory"), problems);
}

/** A disk of a cloud, by its name or id. */
export function disk(source: JsonObject, id: string, path: string, problems: Problems): void {
  requireText(source, path, problems, id);
  const partition = numberAt(source, "partition") ?? 0;
  if (partition < 0 || partition > 255) problems.invalid(at(path, "partition"), partition, PARTITION_RANGE);
}

function files(source: JsonObject, path: string, problems: Problems): void {
  mode(source, "defaultMode", path, problems);
  objectsAt(source, "items").forEach((item, index) => keyToPath(item, `${at(path, "items")}[${index}]`, problems));
}

/** A share of an NFS server. */
export function nfs(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "server", "path");
  const folder = textAt(source, "path");
  if (!folder.startsWith("/")) problems.invalid(at(path, "path"), folder, "must be an absolute path");
}

/** A target of iSCSI. */
export function iscsi(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "targetPortal", "iqn");
  const iqn = textAt(source, "iqn");
  if (iqn !== "") initiator(iqn, at(path, "iqn"), problems);
  const lun = numberAt(source, "lun") ?? 0;
  if (lun < 0 || lun > 255) problems.invalid(at(path, "lun"), lun, LUN_RANGE);
  if ((isTrueAt(source, "chapAuthDiscovery") || isTrueAt(source, "chapAuthSession")) && !hasAt(source, "secretRef"))
    problems.required(at(path, "secretRef"));
  if (hasAt(source, "initiatorName")) initiator(textAt(source, "initiatorName"), at(path, "initiatorname"), problems);
}

function initiator(name: string, path: string, problems: Problems): void {
  const forms: Readonly<Record<string, RegExp>> = {
    iqn: /iqn\.\d{4}-\d{2}\.([0-9A-Za-z\-.]+)(:[^,;*&$|\s]+)$/,
    eui: /^eui.[0-9A-Za-z]{16}$/,
    naa: /^naa.[0-9A-Za-z]{32}$/,
  };
  const form = forms[name.slice(0, 3)];
  if (!form) problems.invalid(path, name, "must be valid format starting with iqn, eui, or naa");
  else if (!form.test(name)) problems.invalid(path, name, "must be valid format");
}

function flocker(source: JsonObject, path: string, problems: Problems): void {
  const [name, uuid] = [textAt(source, "datasetName"), textAt(source, "datasetUUID")];
  if (name === "" && uuid === "") problems.required(path, "one of datasetName and datasetUUID is required");
  if (name !== "" && uuid !== "") problems.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
  if (name.includes("/")) problems.invalid(at(path, "datasetName"), name, "must not contain '/'");
}

function quobyte(source: JsonObject, path: string, problems: Problems): void {
  const registry = textAt(source, "registry");
  if (registry === "") problems.required(at(path, "registry"), "must be a host:port pair or multiple pairs separated by commas");
  if (textAt(source, "tenant").length >= 65)
    problems.required(at(path, "tenant"), "must be a UUID and may not exceed a length of 64 characters");
  for (const pair of registry === "" ? [] : registry.split(",")) {
    if (!/^[^:]+:[^:]+$/.test(pair))
      problems.invalid(at(path, "registry"), registry, "must be a host:port pair or multiple pairs separated by commas");
  }
  requireText(source, path, problems, "volume");
}

/** Errors name the whole source, not the file: so does Kubernetes. */
function downwardApi(source: JsonObject, path: string, problems: Problems): void {
  mode(source, "defaultMode", path, problems);
  for (const file of objectsAt(source, "items")) downwardFile(file, path, problems);
}

function fibreChannel(source: JsonObject, path: string, problems: Problems): void {
  const [targets, wwids] = [textsAt(source, "targetWWNs"), textsAt(source, "wwids")];
  if (targets.length === 0 && wwids.length === 0)
    problems.required(at(path, "targetWWNs"), "must specify either targetWWNs or wwids, but not both");
  if (targets.length > 0 && wwids.length > 0)
    problems.invalid(at(path, "targetWWNs"), targets, "targetWWNs and wwids can not be specified simultaneously");
  if (targets.length === 0) return;
  const lun = numberAt(source, "lun");
  if (lun === undefined) problems.required(at(path, "lun"), "lun is required if targetWWNs is specified");
  else if (lun < 0 || lun > 255) problems.invalid(at(path, "lun"), lun, LUN_RANGE);
}

function flexVolume(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "driver");
  for (const key of Object.keys(objectAt(source, "options"))) {
    const namespace = key.includes("/") ? (key.split("/")[0] ?? "").toLowerCase() : "";
    const reserved = ["kubernetes.io", "k8s.io"].find((one) => namespace === one || namespace.endsWith(`.${one}`));
    if (reserved) problems.invalid(at(path, `options[${key}]`), key, `${reserved} namespace is reserved`);
  }
}

function azureDisk(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "diskName", "diskURI");
  const caching = ["None", "ReadOnly", "ReadWrite"];
  const kinds = ["Dedicated", "Managed", "Shared"];
  if (hasAt(source, "cachingMode") && !caching.includes(textAt(source, "cachingMode")))
    problems.notSupported(at(path, "cachingMode"), source["cachingMode"], caching);
  if (hasAt(source, "kind") && !kinds.includes(textAt(source, "kind"))) problems.notSupported(at(path, "kind"), source["kind"], kinds);
}

function storageOs(source: JsonObject, path: string, problems: Problems): void {
  requireText(source, path, problems, "volumeName");
  const secret = objectIn(source, "secretRef");
  if (secret && textAt(secret, "name") === "") problems.required(at(path, "secretRef", "name"));
}

/** Name of a CSI driver. */
export function driverName(owner: JsonObject, path: string, problems: Problems): void {
  const name = textAt(owner, "driver");
  if (name === "") return problems.required(at(path, "driver"));
  if (name.length > 63) problems.tooLong(at(path, "driver"), 63);
  problems.invalidFor(at(path, "driver"), name, dns1123SubdomainProblems(name.toLowerCase()));
}

function csi(source: JsonObject, path: string, problems: Problems): void {
  driverName(source, path, problems);
  const secret = objectIn(source, "nodePublishSecretRef");
  if (!secret) return;
  const name = textAt(secret, "name");
  if (name === "") problems.required(at(path, "nodePublishSecretRef", "name"));
  else problems.invalidFor(at(path, "name"), name, dns1123SubdomainProblems(name));
}

function ephemeral(source: JsonObject, path: string, problems: Problems): void {
  const template = objectIn(source, "volumeClaimTemplate");
  if (template) claimTemplate(template, at(path, "volumeClaimTemplate"), problems);
  else problems.required(at(path, "volumeClaimTemplate"));
}
