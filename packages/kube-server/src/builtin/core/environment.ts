// SPDX-License-Identifier: Apache-2.0
import {
  configMapKeyProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  generateNameOf,
  labelKeyProblems,
  type JsonObject,
} from "@flux-ts/kube-core";
import { hasAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { noBacksteps } from "../validation/scalars.ts";
import { fieldPathProblem } from "./downward-field.ts";

const ENV_FIELDS: readonly string[] = ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"]; // prettier-ignore
const RESOURCE_FIELDS: readonly string[] = ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"]; // prettier-ignore
const SIZES: readonly string[] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
const RELAXED_NAME_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='";

/** `env` of a container. */
export function env(container: JsonObject, path: string, problems: Problems): void {
  objectsAt(container, "env").forEach((variable, index) => {
    const own = `${at(path, "env")}[${index}]`;
    const name = textAt(variable, "name");
    if (name === "") problems.required(at(own, "name"));
    else relaxedName(name, at(own, "name"), problems);
    const source = objectIn(variable, "valueFrom");
    if (source) valueFrom(source, textAt(variable, "value"), at(own, "valueFrom"), problems);
  });
}

/** `envFrom` of a container. */
export function envFrom(container: JsonObject, path: string, problems: Problems): void {
  const base = at(path, "envFrom");
  objectsAt(container, "envFrom").forEach((source, index) => {
    const own = `${base}[${index}]`;
    const prefix = textAt(source, "prefix");
    if (prefix !== "") relaxedName(prefix, at(own, "prefix"), problems);
    const given = ["configMapRef", "secretRef"].filter((key) => hasAt(source, key));
    for (const key of given) {
      const name = textAt(objectIn(source, key) ?? {}, "name");
      if (name === "") problems.required(at(own, key, "name"));
      else problems.invalidFor(at(own, key, "name"), name, generateNameOf(dns1123SubdomainProblems)(name));
    }
    if (given.length === 0) problems.invalid(base, "", "must specify one of: `configMapRef` or `secretRef`");
    if (given.length > 1) problems.invalid(base, "", "may not have more than one field specified at a time");
  });
}

/** Names of variables may hold anything printable but `=`. */
function relaxedName(name: string, path: string, problems: Problems): void {
  // oxlint-disable-next-line no-control-regex
  if (!/^[\u0020-\u003c\u003e-\u007e]+$/.test(name)) problems.invalid(path, name, RELAXED_NAME_TEXT);
}

const SOURCES: readonly (readonly [string, (source: JsonObject, path: string, problems: Problems) => void])[] = [
  ["fieldRef", (source, path, problems) => fieldSelector(source, ENV_FIELDS, path, problems)],
  ["resourceFieldRef", (source, path, problems) => resourceFieldSelector(source, false, path, problems)],
  ["configMapKeyRef", keySelector],
  ["secretKeyRef", keySelector],
  ["fileKeyRef", fileKeySelector],
];

function valueFrom(source: JsonObject, value: string, path: string, problems: Problems): void {
  let count = 0;
  for (const [name, check] of SOURCES) {
    const own = objectIn(source, name);
    if (!own) continue;
    count++;
    check(own, at(path, name), problems);
  }
  if (count === 0) {
    problems.invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
  } else if (value !== "") problems.invalid(path, "", "may not be specified when `value` is not empty");
  else if (count > 1) problems.invalid(path, "", "may not have more than one field specified at a time");
}

/** A field of the pod itself. @param supported besides labels and annotations by key */
export function fieldSelector(source: JsonObject, supported: readonly string[], path: string, problems: Problems): void {
  if (textAt(source, "apiVersion") === "") return problems.required(at(path, "apiVersion"));
  const field = textAt(source, "fieldPath");
  if (field === "") return problems.required(at(path, "fieldPath"));
  const problem = fieldPathProblem(textAt(source, "apiVersion"), field);
  if (problem) return problems.invalid(at(path, "fieldPath"), field, `error converting fieldPath: ${problem}`);
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(field);
  if (subscript?.[2] !== undefined) {
    const key = subscript[1] === "metadata.annotations" ? subscript[2].toLowerCase() : subscript[2];
    return problems.invalidFor(path, key, labelKeyProblems(key));
  }
  const internal = field === "spec.host" ? "spec.nodeName" : field;
  if (!supported.includes(internal)) problems.notSupported(at(path, "fieldPath"), internal, supported);
}

/** A resource of a container. @param inVolume there the container must be named */
export function resourceFieldSelector(source: JsonObject, inVolume: boolean, path: string, problems: Problems): void {
  const resource = textAt(source, "resource");
  const isHuge = /^(?:limits|requests)\.hugepages-/.test(resource);
  if (inVolume && textAt(source, "containerName") === "") problems.required(at(path, "containerName"));
  else if (resource === "") problems.required(at(path, "resource"));
  else if (!RESOURCE_FIELDS.includes(resource) && !isHuge) problems.notSupported(at(path, "resource"), resource, RESOURCE_FIELDS);
  const divisor = typeof source["divisor"] === "string" ? source["divisor"] : "0";
  if (divisor === "0" || divisor === "") return;
  const kind = isHuge ? "hugepages" : (resource.split(".")[1] ?? "");
  const allowed = kind === "cpu" ? ["1m", "1"] : SIZES;
  if (!allowed.includes(divisor) && RESOURCE_NAMES[kind]) {
    problems.invalid(
      at(path, "divisor"),
      resource,
      `only divisor's values ${kind === "cpu" ? "1m and 1" : SIZES.join(", ")} are supported with the ${RESOURCE_NAMES[kind]} resource`,
    );
  }
}

const RESOURCE_NAMES: Readonly<Record<string, string>> = {
  cpu: "cpu",
  memory: "memory",
  "ephemeral-storage": "local ephemeral storage",
  hugepages: "hugepages",
};

function keySelector(source: JsonObject, path: string, problems: Problems): void {
  problems.invalidFor(at(path, "name"), textAt(source, "name"), dns1123SubdomainProblems(textAt(source, "name")));
  const key = textAt(source, "key");
  if (key === "") problems.required(at(path, "key"));
  else problems.invalidFor(at(path, "key"), key, configMapKeyProblems(key));
}

function fileKeySelector(source: JsonObject, path: string, problems: Problems): void {
  const [key, volume, file] = [textAt(source, "key"), textAt(source, "volumeName"), textAt(source, "path")];
  if (key === "") problems.required(at(path, "key"));
  else relaxedName(key, at(path, "key"), problems);
  if (volume === "") problems.required(at(path, "volumeName"));
  else problems.invalidFor(at(path, "volumeName"), volume, dns1123LabelProblems(volume));
  if (file === "") problems.required(at(path, "path"));
  else noBacksteps(file, at(path, "path"), problems);
}
