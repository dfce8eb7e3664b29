// SPDX-License-Identifier: Apache-2.0
// A table: the fields of a kustomization file, once as types and once as what decodes them.
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import type { DecodeMode, Decoder } from "./decode.ts";
import { anyMap, exact, flag, integer, list, mapped, optional, outermost, pointers, struct, text, textMap } from "./decode.ts";
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";
import type { Gvk } from "./resource-id.ts";

/** Selects resources: each part that is not empty must match, as an anchored regular expression. */
export interface Selector extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly annotationSelector: string;
  readonly labelSelector: string;
}

/** Where a transformer works: the path (parts between `/`) in resources of that group, version and kind. */
export interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create: boolean;
  /** The path in its parts, where they are known already. */
  readonly parts?: readonly string[];
}

export interface Patch {
  readonly path: string;
  readonly patch: string;
  readonly target?: Selector;
  readonly options?: PatchOptions;
}

export interface PatchOptions {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

export interface Image {
  readonly name: string;
  readonly newName: string;
  readonly tagSuffix: string;
  readonly newTag: string;
  readonly digest: string;
}

export interface Label {
  readonly pairs?: Mapping;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly fields?: readonly FieldSpec[];
}

export interface Replica {
  readonly name: string;
  readonly count: number;
}

export interface FieldOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly encoding: string;
  readonly create: boolean;
}

export interface ReplacementSource extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly fieldPath: string;
  readonly options?: FieldOptions;
}

export interface ReplacementTarget {
  readonly select?: Selector;
  readonly reject?: readonly Selector[];
  readonly fieldPaths?: readonly string[];
  readonly options?: FieldOptions;
}

export interface Replacement {
  readonly source?: ReplacementSource;
  readonly sourceValue?: string;
  readonly targets?: readonly ReplacementTarget[];
  /** A file that holds one or several replacements. */
  readonly path: string;
}

export interface GeneratorOptions {
  readonly labels?: Mapping;
  readonly annotations?: Mapping;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
}

export interface GeneratorArgs {
  readonly name: string;
  readonly namespace: string;
  readonly behavior: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env: string;
  readonly options?: GeneratorOptions;
  /** Of a Secret. */
  readonly type: string;
}

export interface Var {
  readonly name: string;
  readonly objref: Gvk & { readonly apiVersion: string; readonly name: string; readonly namespace: string };
  readonly fieldref: { readonly fieldPath: string };
}

export interface SortOptions {
  readonly order: string;
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
}

export interface HelmGlobals {
  readonly chartHome: string;
  readonly configHome: string;
}

/** One entry of `helmCharts`: what the `inflateChart` port is asked for. */
export interface HelmChart {
  readonly name: string;
  readonly version: string;
  readonly repo: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly additionalValuesFiles?: readonly string[];
  readonly valuesFile: string;
  readonly valuesInline?: Mapping;
  readonly valuesMerge: string;
  readonly includeCRDs: boolean;
  readonly skipHooks: boolean;
  readonly apiVersions?: readonly string[];
  readonly kubeVersion: string;
  readonly nameTemplate: string;
  readonly skipTests: boolean;
  readonly debug: boolean;
  readonly devel: boolean;
}

/** A kustomization file, with its older fields moved to where they belong today. */
export interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Mapping;
  readonly openapi?: Mapping;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace: string;
  readonly commonLabels?: Mapping;
  readonly labels?: readonly Label[];
  readonly commonAnnotations?: Mapping;
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly Patch[];
  readonly patches?: readonly Patch[];
  readonly images?: readonly Image[];
  readonly imageTags?: readonly Image[];
  readonly replacements?: readonly Replacement[];
  readonly replicas?: readonly Replica[];
  readonly vars?: readonly Var[];
  readonly sortOptions?: SortOptions;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly crds?: readonly string[];
  readonly bases?: readonly string[];
  readonly configMapGenerator?: readonly GeneratorArgs[];
  readonly secretGenerator?: readonly GeneratorArgs[];
  readonly helmGlobals?: HelmGlobals;
  readonly helmCharts?: readonly HelmChart[];
  readonly helmChartInflationGenerator?: readonly Mapping[];
  readonly generatorOptions?: GeneratorOptions;
  readonly configurations?: readonly string[];
  readonly generators?: readonly string[];
  readonly transformers?: readonly string[];
  readonly validators?: readonly string[];
  readonly buildMetadata?: readonly string[];
}

const exactText = exact(text);
const gvk = { group: exactText, version: exactText, kind: exactText };

export const selector: Decoder<Selector> = struct<Selector>("Selector", {
  ...gvk,
  name: exactText,
  namespace: exactText,
  annotationSelector: text,
  labelSelector: text,
});

export const fieldSpec: Decoder<FieldSpec> = struct<Omit<FieldSpec, "parts">>("FieldSpec", { ...gvk, path: text, create: flag });

export const fieldSpecs = list(fieldSpec);

export const patchOptions: Decoder<PatchOptions> = struct<PatchOptions>("PatchArgs", { allowNameChange: flag, allowKindChange: flag });

/** Fields whose decoder may give undefined are optional ones, which `struct` leaves out. */
type Loose<T> = { [K in keyof Required<T>]: undefined extends T[K] ? T[K] | undefined : T[K] };

const loose = <T extends object>(name: string, fields: { readonly [K in keyof Required<T>]: Decoder<Loose<T>[K]> }): Decoder<T> =>
  // Undefined never gets into what `struct` makes, so a loose T is a T.
  struct<Loose<T>>(name, fields) as Decoder<unknown> as Decoder<T>;

export const patch: Decoder<Patch> = loose<Patch>("Patch", {
  path: text,
  patch: text,
  target: optional(selector),
  options: optional(patchOptions),
});

export const image: Decoder<Image> = struct<Image>("Image", { name: text, newName: text, tagSuffix: text, newTag: text, digest: text });

export const label: Decoder<Label> = loose<Label>("Label", {
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  fields: fieldSpecs,
});

export const replica: Decoder<Replica> = struct<Replica>("Replica", { name: text, count: integer });

const fieldOptions: Decoder<FieldOptions> = struct<FieldOptions>("FieldOptions", {
  delimiter: text,
  index: integer,
  encoding: text,
  create: flag,
});

const replacementSource: Decoder<ReplacementSource> = loose<ReplacementSource>("SourceSelector", {
  ...gvk,
  name: exactText,
  namespace: exactText,
  fieldPath: text,
  options: optional(fieldOptions),
});

const replacementTarget: Decoder<ReplacementTarget> = loose<ReplacementTarget>("TargetSelector", {
  select: optional(selector),
  reject: pointers(selector),
  fieldPaths: list(text),
  options: optional(fieldOptions),
});

export const replacement: Decoder<Replacement> = loose<Replacement>("Replacement", {
  source: optional(replacementSource),
  sourceValue: optional(text),
  targets: pointers(replacementTarget),
  path: text,
});

const generatorOptions: Decoder<GeneratorOptions> = loose<GeneratorOptions>("GeneratorOptions", {
  labels: textMap,
  annotations: textMap,
  disableNameSuffixHash: flag,
  immutable: flag,
});

const generatorFields = {
  name: text,
  namespace: text,
  behavior: text,
  literals: list(text),
  files: list(text),
  envs: list(text),
  env: text,
  options: optional(generatorOptions),
};

/** Reads an entry of `secretGenerator`. */
export const secretArgs: Decoder<GeneratorArgs> = loose<GeneratorArgs>("SecretArgs", { ...generatorFields, type: text });

const untyped = loose<Omit<GeneratorArgs, "type">>("ConfigMapArgs", generatorFields);

/** Reads an entry of `configMapGenerator`. */
export const configMapArgs: Decoder<GeneratorArgs> = mapped(untyped, (args) => ({ ...args, type: "" }));

const variable: Decoder<Var> = struct<Var>("Var", {
  name: text,
  objref: struct<Var["objref"]>("Target", { ...gvk, apiVersion: text, name: text, namespace: text }),
  fieldref: struct<Var["fieldref"]>("FieldSelector", { fieldPath: text }),
});

const sortOptions: Decoder<SortOptions> = loose<SortOptions>("SortOptions", {
  order: text,
  legacySortOptions: optional(
    loose<NonNullable<SortOptions["legacySortOptions"]>>("LegacySortOptions", { orderFirst: list(text), orderLast: list(text) }),
  ),
});

export const helmGlobals: Decoder<HelmGlobals> = struct<HelmGlobals>("HelmGlobals", { chartHome: text, configHome: text });

export const helmChart: Decoder<HelmChart> = loose<HelmChart>("HelmChart", {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: list(text),
  valuesFile: text,
  valuesInline: anyMap,
  valuesMerge: text,
  includeCRDs: flag,
  skipHooks: flag,
  apiVersions: list(text),
  kubeVersion: text,
  nameTemplate: text,
  skipTests: flag,
  debug: flag,
  devel: flag,
});

const requiredMap: Decoder<Mapping> = mapped(anyMap, (value) => value ?? {});

const kustomization: Decoder<Kustomization> = loose<Kustomization>("Kustomization", {
  apiVersion: text,
  kind: text,
  metadata: anyMap,
  openapi: textMap,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: textMap,
  labels: list(label),
  commonAnnotations: textMap,
  patchesStrategicMerge: list(text),
  patchesJson6902: list(patch),
  patches: list(patch),
  images: list(image),
  imageTags: list(image),
  replacements: list(replacement),
  replicas: list(replica),
  vars: list(variable),
  sortOptions: optional(sortOptions),
  resources: list(text),
  components: list(text),
  crds: list(text),
  bases: list(text),
  configMapGenerator: list(configMapArgs),
  secretGenerator: list(secretArgs),
  helmGlobals: optional(helmGlobals),
  helmCharts: list(helmChart),
  helmChartInflationGenerator: list(requiredMap),
  generatorOptions: optional(generatorOptions),
  configurations: list(text),
  generators: list(text),
  transformers: list(text),
  validators: list(text),
  buildMetadata: list(text),
});

/** Reads the data of a kustomization file, without moving older fields. @throws {KustomizeError} INVALID_KUSTOMIZATION */
export function decodeKustomization(value: unknown, mode: DecodeMode): Kustomization {
  return kustomization(value, outermost, mode);
}

export const strictMode: DecodeMode = { refusesUnknown: true, coerces: false, prefix: "invalid Kustomization: " };
export const pluginMode: DecodeMode = { refusesUnknown: false, coerces: true, prefix: "error unmarshaling JSON: while decoding JSON: " };

export const kustomizationApiVersion = "kustomize.config.k8s.io/v1beta1";
export const componentApiVersion = "kustomize.config.k8s.io/v1alpha1";

/** Names a kustomization file may have, in the order in which they are looked for. */
export const kustomizationFileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

const deprecations: readonly (readonly [keyof Kustomization, string])[] = [
  ["bases", "'bases' is deprecated. Please use 'resources' instead. Run"],
  ["commonLabels", "'commonLabels' is deprecated. Please use 'labels' instead. Run"],
  ["imageTags", "'imageTags' is deprecated. Please use 'images' instead. Run"],
  ["patchesJson6902", "'patchesJson6902' is deprecated. Please use 'patches' instead. Run"],
  ["patchesStrategicMerge", "'patchesStrategicMerge' is deprecated. Please use 'patches' instead. Run"],
  ["vars", "'vars' is deprecated. Please use 'replacements' instead. [EXPERIMENTAL] Run"],
];

/**
 * Reads and checks a kustomization file.
 *
 * @param folder where it lies, for messages
 * @returns the kustomization, and every field that is going out of use, as a warning and with its value
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see kustomize types, Kustomization.Unmarshal, FixKustomization, CheckEmpty, EnforceFields
 */
export function readKustomization(
  source: string,
  folder: string,
): {
  readonly kustomization: Kustomization;
  readonly warnings: readonly string[];
  readonly deprecated: readonly (readonly [keyof Kustomization, unknown])[];
} {
  const raw = kustomization(parse(source, folder), outermost, strictMode);
  const warnings = deprecations
    .filter(([field]) => raw[field] !== undefined)
    .map(([, message]) => `# Warning: ${message} 'kustomize edit fix' to update your Kustomization automatically.`);
  const fixed = fix(raw);
  if (isBlank(fixed)) throw new KustomizeError("INVALID_KUSTOMIZATION", "kustomization.yaml is empty", { path: folder });
  requireVersion(fixed, folder);
  const deprecated = deprecations.flatMap(([field]) => (raw[field] === undefined ? [] : [[field, raw[field]] as const]));
  return { kustomization: fixed, warnings, deprecated };
}

function parse(source: string, folder: string): unknown {
  try {
    return parseYaml(source, { flavour: "sigs", severalDocuments: "first" });
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `invalid Kustomization: ${cause.message}`, {
      path: folder,
      ...(cause.line === undefined ? {} : { line: cause.line }),
      cause,
    });
  }
}

function fix(raw: Kustomization): Kustomization {
  const { bases, imageTags, helmChartInflationGenerator = [], ...rest } = raw;
  const kind = raw.kind === "" ? "Kustomization" : raw.kind;
  const apiVersion = raw.apiVersion !== "" ? raw.apiVersion : kind === "Component" ? componentApiVersion : kustomizationApiVersion;
  const resources = joined(raw.resources, bases);
  const images = joined(raw.images, imageTags);
  const configMapGenerator = raw.configMapGenerator?.map(withEnvs);
  const secretGenerator = raw.secretGenerator?.map(withEnvs);
  const helmCharts = joined(raw.helmCharts, helmChartInflationGenerator.map(chartOfOlderForm));
  const globals = raw.helmGlobals ?? globalsOfOlderForm(helmChartInflationGenerator);
  return {
    ...rest,
    kind,
    apiVersion,
    ...(resources === undefined ? {} : { resources }),
    ...(images === undefined ? {} : { images }),
    ...(configMapGenerator === undefined ? {} : { configMapGenerator }),
    ...(secretGenerator === undefined ? {} : { secretGenerator }),
    ...(helmCharts === undefined ? {} : { helmCharts }),
    ...(globals === undefined ? {} : { helmGlobals: globals }),
  };
}

/** Both lists; undefined when the first is absent and the second has nothing to add. */
function joined<T>(first: readonly T[] | undefined, second: readonly T[] | undefined): readonly T[] | undefined {
  if (second === undefined || second.length === 0) return first;
  return [...(first ?? []), ...second];
}

function withEnvs(args: GeneratorArgs): GeneratorArgs {
  return args.env === "" ? args : { ...args, envs: [...(args.envs ?? []), args.env], env: "" };
}

function chartOfOlderForm(old: Mapping): HelmChart {
  return helmChart(
    {
      name: old["chartName"],
      version: old["chartVersion"],
      repo: old["chartRepoUrl"],
      valuesFile: old["values"],
      valuesInline: old["valuesLocal"],
      valuesMerge: old["valuesMerge"],
      releaseName: old["releaseName"],
    },
    outermost,
    strictMode,
  );
}

function globalsOfOlderForm(all: readonly Mapping[]): HelmGlobals | undefined {
  const last = (field: string): unknown => all.map((old) => old[field]).findLast((value) => value !== undefined && value !== "");
  const globals = helmGlobals({ chartHome: last("chartHome"), configHome: last("helmHome") }, outermost, strictMode);
  return globals.chartHome === "" && globals.configHome === "" ? undefined : globals;
}

function isBlank(value: Kustomization): boolean {
  return Object.entries(value).every(([key, field]) => key === "kind" || key === "apiVersion" || field === "" || field === undefined);
}

function requireVersion({ kind, apiVersion }: Kustomization, folder: string): void {
  const problems: string[] = [];
  if (kind !== "Kustomization" && kind !== "Component") problems.push("kind should be Kustomization or Component");
  const required = kind === "Component" ? componentApiVersion : kustomizationApiVersion;
  if (apiVersion !== required) problems.push(`apiVersion for ${kind} should be ${required}`);
  if (problems.length === 0) return;
  throw new KustomizeError("INVALID_KUSTOMIZATION", `Failed to read kustomization file under ${folder}:\n${problems.join("\n")}`, {
    path: folder,
  });
}
