// SPDX-License-Identifier: Apache-2.0
import type { Decoder } from "./decode.ts";
import { exact, flag, list, mapped, optional, outermost, struct, text, textMap } from "./decode.ts";
import { encodeHelm } from "./generators/inflate-chart.ts";
import { generateConfigMap, generateSecret } from "./generators/generate-object.ts";
import { generateIamPolicy } from "./generators/iam-policy.ts";
import { nameHash } from "./generators/name-hash.ts";
import type { InflateChart } from "./helm-charts.ts";
import { KustomizeError, prefixed } from "./kustomize-error.ts";
import type { FieldSpec, Image, Replica } from "./kustomization.ts";
import {
  configMapArgs,
  fieldSpecs as fieldSpecList,
  image as imageDecoder,
  patch as patchDecoder,
  pluginMode,
  replacement,
  replica as replicaDecoder,
  secretArgs,
  selector,
} from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import type { MergeSchemas } from "./merge/merge-schema.ts";
import { plainValue } from "./plain-value.ts";
import type { Resource } from "./resource.ts";
import { formatId } from "./resource-id.ts";
import type { ResourceMap } from "./resource-map.ts";
import { setImage } from "./transformers/images.ts";
import { addAffix } from "./transformers/name-affix.ts";
import type { SubjectMode } from "./transformers/namespace.ts";
import { setNamespace } from "./transformers/namespace.ts";
import { applyJson6902, applyPatch, applyStrategicMerges } from "./transformers/patches.ts";
import { applyReplacements } from "./transformers/replacements.ts";
import { setReplicas } from "./transformers/replicas.ts";
import { setTextEntries } from "./transformers/text-entries.ts";
import type { Transformer } from "./transformers/transformer.ts";
import { addValues } from "./transformers/value-add.ts";

/** What plugins need beside their configuration. */
export interface PluginContext {
  readonly loader: Loader;
  readonly schemas: MergeSchemas;
  readonly inflateChart: InflateChart | undefined;
}

/** Makes resources. */
export type Generator = () => readonly Resource[];

type Make<T> = (config: unknown, context: PluginContext) => T;

/** Reads the whole configuration of a plugin; what is not asked for is left out. */
function read<T extends object>(fields: { readonly [K in keyof T]: Decoder<T[K]> }, config: unknown): T {
  return struct<T>("", fields)(config, outermost, pluginMode);
}

const specs: Decoder<readonly FieldSpec[]> = mapped(fieldSpecList, (value) => value ?? []);

const generators: ReadonlyMap<string, Make<Generator>> = new Map<string, Make<Generator>>([
  [
    "ConfigMapGenerator",
    (config, { loader }) =>
      () => [generateConfigMap(exact(configMapArgs)(withMeta(config), outermost, pluginMode), loader)],
  ],
  [
    "SecretGenerator",
    (config, { loader }) =>
      () => [generateSecret(exact(secretArgs)(withMeta(config), outermost, pluginMode), loader)],
  ],
  ["IAMPolicyGenerator", (config) => () => [generateIamPolicy(config)]],
  [
    "HelmChartInflationGenerator",
    (config, { loader, inflateChart }) =>
      () =>
        encodeHelm(config, loader, inflateChart),
  ],
]);

/** The generators of ConfigMaps and Secrets take name and namespace of the object from their own metadata. */
function withMeta(config: unknown): unknown {
  const { metadata } = read<{ metadata: { name: string; namespace: string } | undefined }>(
    { metadata: optional(struct("ObjectMeta", { name: text, namespace: text })) },
    config,
  );
  const own = read<{ name: string; namespace: string }>({ name: exact(text), namespace: exact(text) }, config);
  return { ...(config as object), name: own.name || (metadata?.name ?? ""), namespace: own.namespace || (metadata?.namespace ?? "") };
}

function affix(config: unknown, kind: "prefix" | "suffix"): Transformer {
  const { prefix, suffix, fieldSpecs } = read<{ prefix: string; suffix: string; fieldSpecs: readonly FieldSpec[] | undefined }>(
    { prefix: text, suffix: text, fieldSpecs: fieldSpecList },
    config,
  );
  if (fieldSpecs === undefined) throw new KustomizeError("INVALID_KUSTOMIZATION", "fieldSpecs is not expected to be nil");
  return addAffix({ prefix: kind === "prefix" ? prefix : "", suffix: kind === "suffix" ? suffix : "", fieldSpecs });
}

const transformers: ReadonlyMap<string, Make<Transformer>> = new Map<string, Make<Transformer>>([
  [
    "AnnotationsTransformer",
    (config) => {
      const { annotations, fieldSpecs } = read({ annotations: textMap, fieldSpecs: specs }, config);
      return setTextEntries(annotations ?? {}, fieldSpecs);
    },
  ],
  [
    "LabelTransformer",
    (config) => {
      const { labels, fieldSpecs } = read({ labels: textMap, fieldSpecs: specs }, config);
      return setTextEntries(labels ?? {}, fieldSpecs);
    },
  ],
  ["HashTransformer", () => addNameHashes],
  [
    "ImageTagTransformer",
    (config) => {
      const { imageTag, fieldSpecs } = read<{ imageTag: Image; fieldSpecs: readonly FieldSpec[] }>(
        { imageTag: imageDecoder, fieldSpecs: specs },
        config,
      );
      return setImage(imageTag, fieldSpecs);
    },
  ],
  [
    "NamespaceTransformer",
    (config) => {
      const { metadata, fieldSpecs, unsetOnly, setRoleBindingSubjects } = read(
        {
          metadata: struct("ObjectMeta", { namespace: text }),
          fieldSpecs: specs,
          unsetOnly: flag,
          setRoleBindingSubjects: text as Decoder<SubjectMode>,
        },
        config,
      );
      return setNamespace({ namespace: metadata.namespace, fieldSpecs, unsetOnly, setRoleBindingSubjects });
    },
  ],
  ["PrefixTransformer", (config) => affix(config, "prefix")],
  ["SuffixTransformer", (config) => affix(config, "suffix")],
  [
    "PrefixSuffixTransformer",
    (config) => {
      const both = [affix(config, "prefix"), affix(config, "suffix")];
      return (resources) => {
        for (const one of both) one(resources);
      };
    },
  ],
  ["PatchTransformer", (config, { loader, schemas }) => applyPatch(patchDecoder(config, outermost, pluginMode), loader, schemas)],
  [
    "PatchStrategicMergeTransformer",
    (config, { loader, schemas }) => {
      const { paths, patches } = read({ paths: list(text), patches: text }, config);
      return applyStrategicMerges(paths ?? [], patches, loader, schemas);
    },
  ],
  [
    "PatchJson6902Transformer",
    (config, { loader }) => {
      const { target, path, jsonOp } = read({ target: optional(selector), path: text, jsonOp: text }, config);
      return applyJson6902({ ...(target === undefined ? {} : { target }), path, patch: jsonOp }, loader);
    },
  ],
  [
    "ReplicaCountTransformer",
    (config) => {
      const { replica, fieldSpecs } = read<{ replica: Replica; fieldSpecs: readonly FieldSpec[] }>(
        { replica: replicaDecoder, fieldSpecs: specs },
        config,
      );
      return setReplicas(replica, fieldSpecs);
    },
  ],
  [
    "ReplacementTransformer",
    (config, { loader }) => applyReplacements(read({ replacements: list(exact(replacement)) }, config).replacements ?? [], loader),
  ],
  ["ValueAddTransformer", (config, { loader }) => addValues(config, loader)],
]);

/** Puts the hash of its content behind the name of each generated object that asks for it. */
export function addNameHashes(resources: ResourceMap): void {
  for (const resource of resources.list) {
    if (!resource.needsHash) continue;
    const hash = nameHash(resource.object);
    resource.rememberId();
    resource.setMeta("name", `${resource.name}-${hash}`);
  }
}

/** The generator that a resource configures. @throws {KustomizeError} UNSUPPORTED, INVALID_KUSTOMIZATION */
export function generatorOf(resource: Resource, context: PluginContext): Generator {
  return prefixed("failed to load generator", () => configured(resource, context, generators, "generator"));
}

/** The transformer that a resource configures. @throws {KustomizeError} UNSUPPORTED, INVALID_KUSTOMIZATION */
export function transformerOf(resource: Resource, context: PluginContext): Transformer {
  return configured(resource, context, transformers, "transformer");
}

function configured<T>(resource: Resource, context: PluginContext, known: ReadonlyMap<string, Make<T>>, what: string): T {
  const { apiVersion, kind } = resource;
  if (apiVersion !== "builtin") {
    throw new KustomizeError("UNSUPPORTED", `external plugins disabled; unable to load external plugin '${kind}'`, {
      object: formatId(resource.id),
    });
  }
  const make = known.get(kind);
  if (make === undefined) {
    const isOther = generators.has(kind) || transformers.has(kind);
    const message = isOther ? `plugin ${formatId(resource.originalId)} not a ${what}` : `unable to load builtin ${kind}.builtin.[noGrp]`;
    throw new KustomizeError("INVALID_KUSTOMIZATION", message, { object: formatId(resource.id) });
  }
  return prefixed(`plugin ${formatId(resource.originalId)} fails configuration`, () => make(plainValue(resource.object), context));
}
