// SPDX-License-Identifier: Apache-2.0
import { joinPath } from "./clean-path.ts";
import { spec } from "./fieldspecs/default-config.ts";
import type { TransformerConfig } from "./fieldspecs/transformer-config.ts";
import { mergeFieldSpecs } from "./fieldspecs/transformer-config.ts";
import { generateConfigMap, generateSecret, mergeGeneratorOptions } from "./generators/generate-object.ts";
import { inflate } from "./generators/inflate-chart.ts";
import { configText } from "./config-text.ts";
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
  readonly origin: Origin | undefined;
}

/** Where a step is configured: in the kustomization file itself. */
function originOf({ origin, fileName }: Target, kind: string): Origin | undefined {
  return origin === undefined
    ? undefined
    : configuredOrigin(origin, joinPath(origin.path ?? "", fileName), { apiVersion: "builtin", kind });
}

/** The generators of a kustomization's own fields, in order. @see kusttarget_configplugin, configureBuiltinGenerators */
export function builtInGenerators(target: Target, { loader, inflateChart }: PluginContext): readonly Step<Generator>[] {
  const { configMapGenerator = [], secretGenerator = [], helmCharts = [], helmGlobals, generatorOptions, namespace } = target.kustomization;
  const withOptions = ({ options: own, ...args }: GeneratorArgs): GeneratorArgs => {
    const options = mergeGeneratorOptions(own, generatorOptions);
    return { ...args, ...(options === undefined ? {} : { options }) };
  };
  const step = (kind: string, run: Generator): Step<Generator> => ({ run, origin: originOf(target, kind) });
  return [
    ...configMapGenerator.map((args) => step("ConfigMapGenerator", () => [generateConfigMap(withOptions(args), loader)])),
    ...secretGenerator.map((args) => step("SecretGenerator", () => [generateSecret(withOptions(args), loader)])),
    ...helmCharts.map((chart) => {
      const inherited = namespace === "" ? target.chartNamespace : namespace;
      const own = chart.namespace === "" ? { ...chart, namespace: inherited } : chart;
      return step("HelmChartInflationGenerator", () =>
        inflate(own, helmGlobals ?? { chartHome: "", configHome: "" }, loader, inflateChart),
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
  const add = (kind: string, make: () => Transformer, config?: object): void => {
    const attempted = (): string =>
      `trouble configuring builtin ${kind}${config === undefined ? "" : ` with config: \`\n${configText(config)}\``}`;
    out.push({ run: prefixed(attempted, make), origin: originOf(target, kind) });
  };
  if (patchesStrategicMerge.length > 0) {
    add("PatchStrategicMergeTransformer", () => applyStrategicMerges(patchesStrategicMerge, "", loader, schemas), {
      paths: patchesStrategicMerge,
    });
  }
  for (const patch of patches) add("PatchTransformer", () => applyPatch(patch, loader, schemas), patch);
  if (namespace !== "") add("NamespaceTransformer", () => setNamespace({ namespace, fieldSpecs: config.namespace }));
  if (namePrefix !== "") add("PrefixTransformer", () => addAffix({ prefix: namePrefix, suffix: "", fieldSpecs: config.namePrefix }));
  if (nameSuffix !== "") add("SuffixTransformer", () => addAffix({ prefix: "", suffix: nameSuffix, fieldSpecs: config.nameSuffix }));
  if (labels.length > 0 || Object.keys(commonLabels).length > 0) {
    for (const label of labels) add("LabelTransformer", () => setTextEntries(label.pairs ?? {}, labelFields(label, config)));
    add("LabelTransformer", () => setTextEntries(commonLabels, config.commonLabels));
  }
  if (Object.keys(commonAnnotations).length > 0)
    add("AnnotationsTransformer", () => setTextEntries(commonAnnotations, config.commonAnnotations));
  for (const { target: selected, path, patch } of patchesJson6902) {
    add("PatchJson6902Transformer", () => applyJson6902({ ...(selected === undefined ? {} : { target: selected }), path, patch }, loader), {
      target: selected,
      path,
      jsonOp: patch,
    });
  }
  for (const replica of replicas) add("ReplicaCountTransformer", () => setReplicas(replica, config.replicas));
  for (const image of images) add("ImageTagTransformer", () => setImage(image, config.images));
  if (replacements.length > 0) add("ReplacementTransformer", () => applyReplacements(replacements, loader), { Replacements: replacements });
  return out;
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
