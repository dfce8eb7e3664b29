// SPDX-License-Identifier: Apache-2.0
import { isSemver, satisfiesSemver } from "@flux-ts/gotemplate";
import { type JsonObject, isJsonObject } from "@flux-ts/kube-core";
import { decodeYaml } from "../chart/decode.ts";
import { type DecodedMetadata, decodeMetadata } from "../chart/metadata.ts";
import { messageOf } from "../helm-error.ts";
import type { Linting } from "./lint-chart.ts";
import { hasEntry, readText } from "./lint-files.ts";

const FILE = "Chart.yaml";

/** Rules of Chart.yaml. @see helm.sh/helm/v4 pkg/chart/v2/lint/rules Chartfile */
export function lintChartFile(linting: Linting): void {
  const { tell, fs, folder } = linting;
  if (hasEntry(linting, FILE) && fs.isDirectory(`${folder}/${FILE}`)) {
    tell("ERROR", FILE, "should be a file, not a directory");
    return;
  }
  const text = readText(linting, FILE) ?? "";
  let metadata: DecodedMetadata;
  let raw: JsonObject;
  try {
    metadata = decodeMetadata(text);
    const value = decodeYaml(text);
    raw = isJsonObject(value) ? value : {};
  } catch (error) {
    tell("ERROR", FILE, `unable to parse YAML\n\t${messageOf(error)}`);
    return;
  }
  tell("WARNING", FILE, unknownField(raw));
  tell("ERROR", FILE, nameProblem(metadata.name));
  tell("ERROR", FILE, apiVersionProblem(metadata.apiVersion));
  tell("ERROR", FILE, typeProblem(raw, "version"));
  tell("ERROR", FILE, versionProblem(metadata.version));
  tell("ERROR", FILE, typeProblem(raw, "appVersion"));
  tell("ERROR", FILE, maintainerProblem(metadata));
  const badSource = metadata.sources.find((source) => !isUrl(source));
  tell("ERROR", FILE, badSource === undefined ? undefined : `invalid source URL '${badSource}'`);
  tell("INFO", FILE, metadata.icon === "" ? "icon is recommended" : undefined);
  tell("ERROR", FILE, metadata.icon !== "" && !isUrl(metadata.icon) ? `invalid icon URL '${metadata.icon}'` : undefined);
  const { apiVersion } = metadata;
  const isV2 = apiVersion === "v2";
  tell(
    "ERROR",
    FILE,
    metadata.type !== "" && !isV2 ? `chart type is not valid in apiVersion '${apiVersion}'. It is valid in apiVersion 'v2'` : undefined,
  );
  tell(
    "ERROR",
    FILE,
    (metadata.dependencies?.length ?? 0) > 0 && !isV2
      ? `dependencies are not valid in the Chart file with apiVersion '${apiVersion}'. They are valid in apiVersion 'v2'`
      : undefined,
  );
  tell("WARNING", FILE, isStrictSemver(metadata.version) ? undefined : `version '${metadata.version}' is not a valid SemVerV2`);
}

const FIELDS = new Set(
  "name home sources version description keywords maintainers icon apiVersion condition tags appVersion deprecated annotations kubeVersion dependencies type".split(
    " ",
  ),
);

function unknownField(raw: JsonObject): string | undefined {
  const unknown = Object.keys(raw)
    .sort()
    .find((key) => !FIELDS.has(key));
  return unknown === undefined
    ? undefined
    : `failed to strictly parse chart metadata file\n\terror unmarshaling JSON: while decoding JSON: json: unknown field ${JSON.stringify(unknown)}`;
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "name is required";
  return name.includes("/") ? `chart name ${JSON.stringify(name)} is invalid` : undefined;
}

function apiVersionProblem(apiVersion: string): string | undefined {
  if (apiVersion === "") return 'apiVersion is required. The value must be either "v1" or "v2"';
  return apiVersion === "v1" || apiVersion === "v2"
    ? undefined
    : `apiVersion '${apiVersion}' is not valid. The value must be either "v1" or "v2"`;
}

function typeProblem(raw: JsonObject, key: string): string | undefined {
  if (!Object.hasOwn(raw, key) || typeof raw[key] === "string") return undefined;
  const value = raw[key];
  const type =
    value === null
      ? "<nil>"
      : typeof value === "boolean"
        ? "bool"
        : Array.isArray(value)
          ? "[]interface {}"
          : isJsonObject(value)
            ? "map[string]interface {}"
            : "float64";
  return `${key} should be of type string but it's of type ${type}`;
}

function versionProblem(version: string): string | undefined {
  if (version === "") return "version is required";
  if (!isSemver(version)) return `version '${version}' is not a valid SemVer`;
  return satisfiesSemver(">0.0.0-0", version) ? undefined : `version ${version} is less than or equal to 0.0.0-0`;
}

function isStrictSemver(version: string): boolean {
  return /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(version) && isSemver(version);
}

function maintainerProblem({ maintainers }: DecodedMetadata): string | undefined {
  for (const maintainer of maintainers) {
    if (maintainer === undefined) return "a maintainer entry is empty";
    const { name, email, url } = maintainer;
    if (name === "") return "each maintainer requires a name";
    if (email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) return `invalid email '${email}' for maintainer '${name}'`;
    if (url !== "" && !/^(?:[a-z][a-z0-9+.-]*:\/\/)?[^\s/]+\.[^\s]+$|^(?:https?:\/\/)?localhost/i.test(url))
      return `invalid url '${url}' for maintainer '${name}'`;
  }
  return undefined;
}

/** Whether a text is an address with a scheme. */
function isUrl(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:\S/.test(text);
}
