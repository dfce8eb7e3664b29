// SPDX-License-Identifier: Apache-2.0
import { goQuote, isSemver } from "@flux-ts/gotemplate";
import { HelmError } from "../helm-error.ts";
import type { ChartMetadata, Dependency, Maintainer } from "./chart.ts";
import { FieldReader, decodeYaml } from "./decode.ts";

const FIELDS = [
  "name",
  "home",
  "sources",
  "version",
  "description",
  "keywords",
  "maintainers",
  "icon",
  "apiVersion",
  "condition",
  "tags",
  "appVersion",
  "deprecated",
  "annotations",
  "kubeVersion",
  "dependencies",
  "type",
] as const;
const DEPENDENCY_FIELDS = ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"] as const;

/** A list may hold null where Go has pointers; validation tells of it. */
interface DecodedMetadata extends Omit<ChartMetadata, "maintainers" | "dependencies"> {
  readonly maintainers: readonly (Maintainer | undefined)[];
  readonly dependencies: readonly (Dependency | undefined)[] | undefined;
}

export type { DecodedMetadata };

/**
 * Reads Chart.yaml or requirements.yaml over what is known of the chart already.
 *
 * @throws {DecodeError}
 * @see helm.sh/helm/v4 pkg/chart/v2 Metadata
 */
export function decodeMetadata(text: string, base?: DecodedMetadata): DecodedMetadata {
  const fields = new FieldReader(decodeYaml(text), "v2.Metadata", FIELDS);
  const maintainers = fields.list("maintainers", "[]*v2.Maintainer");
  const dependencies = fields.list("dependencies", "[]*v2.Dependency");
  const text_ = (name: Exclude<(typeof FIELDS)[number], "deprecated" | "annotations">): string =>
    fields.has(name) ? fields.text(name) : ((base?.[name] as string | undefined) ?? "");
  return {
    name: text_("name"),
    home: text_("home"),
    sources: fields.has("sources") ? fields.texts("sources") : (base?.sources ?? []),
    version: text_("version"),
    description: text_("description"),
    keywords: fields.has("keywords") ? fields.texts("keywords") : (base?.keywords ?? []),
    maintainers: maintainers?.map(decodeMaintainer) ?? base?.maintainers ?? [],
    icon: text_("icon"),
    apiVersion: text_("apiVersion"),
    condition: text_("condition"),
    tags: text_("tags"),
    appVersion: text_("appVersion"),
    deprecated: fields.has("deprecated") ? fields.boolean("deprecated") : (base?.deprecated ?? false),
    annotations: fields.has("annotations") ? fields.textMap("annotations") : base?.annotations,
    kubeVersion: text_("kubeVersion"),
    dependencies: dependencies?.map(decodeDependency) ?? base?.dependencies,
    type: text_("type"),
  };
}

function decodeMaintainer(value: unknown): Maintainer | undefined {
  if (value === null) return undefined;
  const fields = new FieldReader(value, "Metadata", ["name", "email", "url"], "maintainers");
  return { name: fields.text("name"), email: fields.text("email"), url: fields.text("url") };
}

function decodeDependency(value: unknown): Dependency | undefined {
  if (value === null) return undefined;
  const fields = new FieldReader(value, "Metadata", DEPENDENCY_FIELDS, "dependencies");
  return {
    name: fields.text("name"),
    version: fields.text("version"),
    repository: fields.text("repository"),
    condition: fields.text("condition"),
    tags: fields.texts("tags"),
    enabled: fields.boolean("enabled"),
    importValues: fields.list("import-values", "[]interface {}") ?? [],
    alias: fields.text("alias"),
  };
}

function invalid(message: string): never {
  throw new HelmError("CHART", `validation: ${message}`);
}

/**
 * Checks what a chart says about itself, and cleans its texts of what cannot be printed.
 *
 * @throws {HelmError} CHART
 * @see helm.sh/helm/v4 pkg/chart/v2 Metadata.Validate
 */
export function validateMetadata(decoded: DecodedMetadata): ChartMetadata {
  const name = sanitize(decoded.name);
  if (decoded.apiVersion === "") invalid("chart.metadata.apiVersion is required");
  if (name === "") invalid("chart.metadata.name is required");
  if (name === "." || name === "..") invalid(`chart.metadata.name ${goQuote(name)} is not allowed`);
  if (name.includes("/")) invalid(`chart.metadata.name ${goQuote(name)} is invalid`);
  if (decoded.version === "") invalid("chart.metadata.version is required");
  if (!isSemver(decoded.version)) invalid(`chart.metadata.version ${goQuote(decoded.version)} is invalid`);
  if (!["", "application", "library"].includes(decoded.type)) invalid("chart.metadata.type must be application or library");
  const maintainers = decoded.maintainers.map((maintainer) =>
    maintainer === undefined
      ? invalid("maintainers must not contain empty or null nodes")
      : { name: sanitize(maintainer.name), email: sanitize(maintainer.email), url: sanitize(maintainer.url) },
  );
  return {
    ...decoded,
    name,
    description: sanitize(decoded.description),
    home: sanitize(decoded.home),
    icon: sanitize(decoded.icon),
    condition: sanitize(decoded.condition),
    tags: sanitize(decoded.tags),
    appVersion: sanitize(decoded.appVersion),
    kubeVersion: sanitize(decoded.kubeVersion),
    sources: decoded.sources.map(sanitize),
    keywords: decoded.keywords.map(sanitize),
    maintainers,
    dependencies: decoded.dependencies === undefined ? undefined : validateDependencies(decoded.dependencies),
  };
}

function validateDependencies(dependencies: readonly (Dependency | undefined)[]): Dependency[] {
  const names = new Set<string>();
  return dependencies.map((dependency) => {
    if (dependency === undefined) invalid("dependencies must not contain empty or null nodes");
    const clean = {
      ...dependency,
      name: sanitize(dependency.name),
      version: sanitize(dependency.version),
      repository: sanitize(dependency.repository),
      condition: sanitize(dependency.condition),
      tags: dependency.tags.map(sanitize),
    };
    if (clean.alias !== "" && !/^[a-zA-Z0-9_-]+$/.test(clean.alias))
      invalid(`dependency ${goQuote(clean.name)} has disallowed characters in the alias`);
    const key = clean.alias === "" ? clean.name : clean.alias;
    if (names.has(key)) invalid(`more than one dependency with name or alias ${goQuote(key)}`);
    names.add(key);
    return clean;
  });
}

/** Every kind of space becomes a space; what cannot be printed is left out. */
function sanitize(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/[\t-\r\x85\p{Z}]/gu, " ").replace(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, "");
}
