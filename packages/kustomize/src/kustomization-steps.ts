// SPDX-License-Identifier: Apache-2.0
import { joinPath } from "./clean-path.ts";
import { spec } from "./fieldspecs/default-config.ts";
import type { TransformerConfig } from "./fieldspecs/transformer-config.ts";
import { mergeFieldSpecs } from "./fieldspecs/transformer-config.ts";
import { generateConfigMap, generateSecret, mergeGeneratorOptions } from "./generators/generate-object.ts";
import { inflate } from "./generators/inflate-chart.ts";
import { constantSource } from "./explain/field-source.ts";
import { generatorSource } from "./explain/generator-source.ts";
import type { FieldPath } from "./explain/kustomization-places.ts";
import { patchSource } from "./explain/patch-source.ts";
import type { SourceOf } from "./explain/step-sources.ts";
import { configText } from "./config-text.ts";
import { atField } from "./error-place.ts";
import { prefixed } from "./kustomize-error.ts";
import type { FieldSpec, GeneratorArgs, Label } from "./kustomization.ts";
import type { Origin } from "./origin.ts";
import { configuredOrigin } from "./origin.ts";
import type { Generator, PluginContext } from "./plugins.ts";
import type { Target } from "./target.ts";
import { setImage } from "./transformers/images.ts";
import { addAffix } from "./transformers/name-affix.ts";
import { setNamespace } from "./transformers/namespace.ts";
import { applyJson6902, applyPatch, applyStrategicMerges } from "./transformers/patches.ts";
import { applyReplacements } from "./transformers/replacements.ts";
import { setReplicas } from "./transformers/replicas.ts";
import { setTextEntries } from "./transformers/text-entries.ts";
import type { Transformer } from "./transformers/transformer.ts";

/** A step of a kustomization, and what is noted of it where origins are wanted. */
export interface Step<T> {
  readonly run: T;
  /** The field of the kustomization that asks for it. */
  readonly field: FieldPath;
  readonly origin: Origin | undefined;
  /** Where the fields come from that it sets, when that is wanted. */
  readonly sourceOf: SourceOf | undefined;
}

/** Where a step is configured: in the kustomization file itself. */
function originOf({ origin, fileName }: Target, kind: string): Origin | undefined {
  return origin === undefined
    ? undefined
    : configuredOrigin(origin, joinPath(origin.path ?? "", fileName), { apiVersion: "builtin", kind });
}

/** What a field of the kustomization sets comes from that field. */
function fieldSource({ places }: Target, field: FieldPath, by: "generator" | "transformer"): SourceOf | undefined {
  if (places === undefined) return undefined;
  return () => constantSource(places.originOf(field, by));
}

/** The generators of a kustomization's own fields, in order. @see kusttarget_configplugin, configureBuiltinGenerators */
export function builtInGenerators(target: Target, { loader, inflateChart }: PluginContext): readonly Step<Generator>[] {
  const { configMapGenerator = [], secretGenerator = [], helmCharts = [], helmGlobals, generatorOptions, namespace } = target.kustomization;
  const withOptions = ({ options: own, ...args }: GeneratorArgs): GeneratorArgs => {
    const options = mergeGeneratorOptions(own, generatorOptions);
    return { ...args, ...(options === undefined ? {} : { options }) };
  };
  const step = (kind: string, field: FieldPath, run: Generator, sourceOf: SourceOf | undefined): Step<Generator> => ({
    run,
    field,
    origin: originOf(target, kind),
    sourceOf,
  });
  const sourceOf = (args: GeneratorArgs, field: FieldPath): SourceOf | undefined => {
    const { places } = target;
    return places === undefined ? undefined : () => generatorSource(args, field, places, loader);
  };
  return [
    ...configMapGenerator.map((args, index) =>
      step(
        "ConfigMapGenerator",
        ["configMapGenerator", index],
        () => [generateConfigMap(withOptions(args), loader)],
        sourceOf(args, ["configMapGenerator", index]),
      ),
    ),
    ...secretGenerator.map((args, index) =>
      step(
        "SecretGenerator",
        ["secretGenerator", index],
        () => [generateSecret(withOptions(args), loader)],
        sourceOf(args, ["secretGenerator", index]),
      ),
    ),
    ...helmCharts.map((chart, index) => {
      const inherited = namespace === "" ? target.chartNamespace : namespace;
      const own = chart.namespace === "" ? { ...chart, namespace: inherited } : chart;
      return step(
        "HelmChartInflationGenerator",
        ["helmCharts", index],
        () => inflate(own, helmGlobals ?? { chartHome: "", configHome: "" }, loader, inflateChart),
        fieldSource(target, ["helmCharts", index], "generator"),
      );
    }),
  ];
}

/** The transformers of a kustomization's own fields, in order. @see kusttarget_configplugin, configureBuiltinTransformers */
export function builtInTransformers(
  target: Target,
  config: TransformerConfig,
  { loader, schemas }: PluginContext,
): readonly Step<Transformer>[] {
  const {
    patchesStrategicMerge = [],
    patches = [],
    namespace,
    namePrefix,
    nameSuffix,
    labels = [],
    commonLabels = {},
    commonAnnotations = {},
    patchesJson6902 = [],
    replicas = [],
    images = [],
    replacements = [],
  } = target.kustomization;
  const out: Step<Transformer>[] = [];
  const add = (kind: string, field: FieldPath, make: () => Transformer, config?: object, source?: SourceOf): void => {
    const attempted = (): string =>
      `trouble configuring builtin ${kind}${config === undefined ? "" : ` with config: \`\n${configText(config)}\``}`;
    const sourceOf = source ?? fieldSource(target, field, "transformer");
    out.push({ run: atField(target, field, () => prefixed(attempted, make)), field, origin: originOf(target, kind), sourceOf });
  };
  const patched = (field: FieldPath, entries: readonly { path: string; patch: string; textField: FieldPath }[]): SourceOf | undefined => {
    const { places } = target;
    return places === undefined ? undefined : once(() => patchSource(entries, field, places, loader));
  };
  if (patchesStrategicMerge.length > 0) {
    const entries = patchesStrategicMerge.map((entry, index) => ({
      ...(entry.includes("\n") ? { path: "", patch: entry } : { path: entry, patch: "" }),
      textField: ["patchesStrategicMerge", index],
    }));
    add(
      "PatchStrategicMergeTransformer",
      ["patchesStrategicMerge"],
      () => applyStrategicMerges(patchesStrategicMerge, "", loader, schemas),
      { paths: patchesStrategicMerge },
      patched(["patchesStrategicMerge"], entries),
    );
  }
  for (const [index, patch] of patches.entries()) {
    const field = ["patches", index];
    const source = patched(field, [{ ...patch, textField: [...field, "patch"] }]);
    add("PatchTransformer", field, () => applyPatch(patch, loader, schemas), patch, source);
  }
  if (namespace !== "") add("NamespaceTransformer", ["namespace"], () => setNamespace({ namespace, fieldSpecs: config.namespace }));
  if (namePrefix !== "")
    add("PrefixTransformer", ["namePrefix"], () => addAffix({ prefix: namePrefix, suffix: "", fieldSpecs: config.namePrefix }));
  if (nameSuffix !== "")
    add("SuffixTransformer", ["nameSuffix"], () => addAffix({ prefix: "", suffix: nameSuffix, fieldSpecs: config.nameSuffix }));
  if (labels.length > 0 || Object.keys(commonLabels).length > 0) {
    for (const [index, label] of labels.entries())
      add("LabelTransformer", ["labels", index], () => setTextEntries(label.pairs ?? {}, labelFields(label, config)));
    add("LabelTransformer", ["commonLabels"], () => setTextEntries(commonLabels, config.commonLabels));
  }
  if (Object.keys(commonAnnotations).length > 0)
    add("AnnotationsTransformer", ["commonAnnotations"], () => setTextEntries(commonAnnotations, config.commonAnnotations));
  for (const [index, { target: selected, path, patch }] of patchesJson6902.entries()) {
    const field = ["patchesJson6902", index];
    add(
      "PatchJson6902Transformer",
      field,
      () => applyJson6902({ ...(selected === undefined ? {} : { target: selected }), path, patch }, loader),
      { target: selected, path, jsonOp: patch },
      patched(field, [{ path, patch, textField: [...field, "patch"] }]),
    );
  }
  for (const [index, replica] of replicas.entries())
    add("ReplicaCountTransformer", ["replicas", index], () => setReplicas(replica, config.replicas));
  for (const [index, image] of images.entries()) add("ImageTagTransformer", ["images", index], () => setImage(image, config.images));
  if (replacements.length > 0)
    add("ReplacementTransformer", ["replacements"], () => applyReplacements(replacements, loader), { Replacements: replacements });
  return out;
}

/** Makes a source when it is first asked for. */
function once(make: () => SourceOf): SourceOf {
  let made: SourceOf | undefined;
  return (resource) => (made ??= make())(resource);
}

/** Where an entry of `labels` works: on the metadata, and as asked on templates and selectors. */
function labelFields(label: Label, config: TransformerConfig): readonly FieldSpec[] {
  return prefixed("failed to merge labels", () => {
    const own = mergeFieldSpecs(label.fields ?? [], config.labels);
    if (label.includeSelectors) return mergeFieldSpecs(own, config.commonLabels);
    const templates = label.includeTemplates ? mergeFieldSpecs(own, config.templateLabels) : own;
    return mergeFieldSpecs(templates, [spec("metadata/labels", true)]);
  });
}
