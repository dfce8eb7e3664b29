// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import { outermost } from "../decode.ts";
import type { CreatedValue } from "../field-path.ts";
import { editPath, lookup, splitFieldPath } from "../field-path.ts";
import { KustomizeError, prefixed, withPrefix } from "../kustomize-error.ts";
import type { FieldOptions, Replacement, ReplacementSource, ReplacementTarget } from "../kustomization.ts";
import { pluginMode, replacement as replacementDecoder } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { isEmpty, isMapping, isScalar, scalarText } from "../mapping.ts";
import type { Mapping } from "../mapping.ts";
import type { Resource } from "../resource.ts";
import type { ResourceId } from "../resource-id.ts";
import { isSelected } from "../resource-id.ts";
import type { CompiledSelector } from "../selector.ts";
import { compileSelector } from "../selector.ts";
import { textAs } from "./scalar-text.ts";
import { setInStructuredText } from "./structured-text.ts";
import type { Transformer } from "./transformer.ts";

const defaultFieldPath = "metadata.name";

/**
 * Copies values of fields, or given ones, into other fields.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see kustomize filters/replacement, ReplacementTransformer
 */
export function applyReplacements(entries: readonly Replacement[], loader: Loader): Transformer {
  const replacements = entries.flatMap((entry) => loadReplacements(entry, loader));
  return (resources) => {
    for (const replacement of replacements) {
      if ((replacement.source === undefined && replacement.sourceValue === undefined) || replacement.targets === undefined) {
        throw new KustomizeError("INVALID_KUSTOMIZATION", "replacements must specify a source and at least one target");
      }
      const value = valueOf(replacement, resources.list);
      for (const target of replacement.targets) copyTo(target, value, resources.list);
    }
  };
}

function loadReplacements(entry: Replacement, loader: Loader): readonly Replacement[] {
  if (entry.path === "") return [entry];
  if (entry.source !== undefined || (entry.targets?.length ?? 0) > 0) {
    throw new KustomizeError("INVALID_KUSTOMIZATION", "cannot specify both path and inline replacement");
  }
  let content: unknown;
  try {
    content = parseYaml(loader.readText(entry.path));
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `cannot read replacements from "${entry.path}": ${cause.message}`, {
      path: entry.path,
      cause,
    });
  }
  if (Array.isArray(content)) return content.map((one) => replacementDecoder(one, outermost, pluginMode));
  if (isMapping(content)) return [replacementDecoder(content, outermost, pluginMode)];
  throw new KustomizeError("INVALID_KUSTOMIZATION", "unsupported replacement type encountered within replacement path: invalid", {
    path: entry.path,
  });
}

function valueOf({ source, sourceValue }: Replacement, resources: readonly Resource[]): unknown {
  if (sourceValue !== undefined) {
    if (source !== undefined) throw new KustomizeError("INVALID_KUSTOMIZATION", "value and resource selectors are mutually exclusive");
    return sourceValue;
  }
  if (source === undefined) return undefined;
  const resource = sourceResource(source, resources);
  const path = source.fieldPath === "" ? defaultFieldPath : source.fieldPath;
  const value = prefixed("error looking up replacement source", () => lookup(resource.object, splitFieldPath(path)));
  if (isEmpty(value)) {
    throw new KustomizeError("CANNOT_APPLY", `fieldPath \`${path}\` is missing for replacement source ${describeSource(source)}`);
  }
  return refined(value, source.options);
}

function describeSource({ kind, version, group, name, namespace }: ReplacementSource): string {
  return `${kind || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}/${name || "[noName]"}.${namespace || "[noNs]"}`;
}

/** Ids as replacements see them: no kind is known to be without a namespace. */
function idsOf(resource: Resource): readonly ResourceId[] {
  return [{ ...resource.id, isClusterScoped: false }, ...resource.previousIds];
}

function sourceResource(source: ReplacementSource, resources: readonly Resource[]): Resource {
  const namespaceOf = (namespace: string): string => (namespace === "" ? "default" : namespace);
  const matches = resources.filter((resource) =>
    idsOf(resource).some(
      (id) =>
        (source.name === "" || source.name === id.name) &&
        (source.namespace === "" || namespaceOf(source.namespace) === namespaceOf(id.namespace)) &&
        isSelected(id, source),
    ),
  );
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  const described = `${describeSource(source)}${source.fieldPath === "" ? "" : `:${source.fieldPath}`}`;
  throw new KustomizeError(
    "CANNOT_APPLY",
    match === undefined ? `nothing selected by ${described}` : `multiple matches for selector ${described}`,
  );
}

function refined(value: unknown, options: FieldOptions | undefined): unknown {
  if (options === undefined || options.delimiter === "") return value;
  if (!isScalar(value)) throw new KustomizeError("CANNOT_APPLY", "delimiter option can only be used with scalar nodes");
  const text = scalarText(value);
  const part = options.index < 0 ? undefined : text.split(options.delimiter)[options.index];
  if (part === undefined) throw new KustomizeError("CANNOT_APPLY", `options.index ${options.index} is out of bounds for value ${text}`);
  return textAs(part, value);
}

function copyTo(target: ReplacementTarget, value: unknown, resources: readonly Resource[]): void {
  if (target.select === undefined) throw new KustomizeError("INVALID_KUSTOMIZATION", "target must specify resources to select");
  const select = compileSelector(target.select);
  const reject = (target.reject ?? []).map(compileSelector);
  const paths = target.fieldPaths === undefined || target.fieldPaths.length === 0 ? [defaultFieldPath] : target.fieldPaths;
  for (const resource of resources) {
    if (!select.annotations(resource) || !select.labels(resource)) continue;
    if (reject.some((one) => hasTextSelectors(one) && one.annotations(resource) && one.labels(resource))) continue;
    const ids = idsOf(resource);
    if (reject.some((one) => namesSomething(one) && ids.some((id) => matches(one, id)))) continue;
    if (!ids.some((id) => matches(select, id))) continue;
    for (const path of paths) resource.object = withValue(resource.object, path, value, target.options);
  }
}

function hasTextSelectors({ selector }: CompiledSelector): boolean {
  return selector.annotationSelector !== "" || selector.labelSelector !== "";
}

function namesSomething({ selector }: CompiledSelector): boolean {
  const { group, version, kind, name, namespace } = selector;
  return [group, version, kind, name, namespace].some((part) => part !== "");
}

function matches(selector: CompiledSelector, id: ResourceId): boolean {
  return selector.gvk(id) && selector.name(id.name) && selector.namespace(id.namespace);
}

function withValue(object: Mapping, fieldPath: string, value: unknown, options: FieldOptions | undefined): Mapping {
  const create: CreatedValue | undefined = options?.create
    ? Array.isArray(value)
      ? "sequence"
      : isMapping(value)
        ? "mapping"
        : "scalar"
    : undefined;
  const path = splitFieldPath(fieldPath);
  const inText = setInStructuredText(object, path, value, create);
  if (inText !== undefined) return inText;
  const missing =
    create === undefined
      ? `unable to find field "${fieldPath}" in replacement target`
      : `unable to find or create field "${fieldPath}" in replacement target`;
  const edited = withOwnProblem(missing, (own) =>
    editPath(object, { path, create, set: (old) => own(() => replaced(old, value, options)) }),
  );
  if (edited.count === 0) throw new KustomizeError("CANNOT_APPLY", missing);
  return isMapping(edited.value) ? edited.value : object;
}

/** Prefixes what `work` throws, but for what is thrown in its own part. */
function withOwnProblem<T>(prefix: string, work: (own: <U>(part: () => U) => U) => T): T {
  let isOwn = false;
  const own = <U>(part: () => U): U => {
    isOwn = true;
    const result = part();
    isOwn = false;
    return result;
  };
  try {
    return work(own);
  } catch (error) {
    throw isOwn ? error : withPrefix(prefix, error);
  }
}

function replaced(old: unknown, value: unknown, options: FieldOptions | undefined): unknown {
  let copied = value;
  if (options !== undefined && options.delimiter !== "") {
    if (isMapping(old) || Array.isArray(old))
      throw new KustomizeError("CANNOT_APPLY", "delimiter option can only be used with scalar nodes");
    const parts = (typeof old === "symbol" ? "" : scalarText(old)).split(options.delimiter);
    const text = scalarText(value);
    if (options.index < 0) parts.unshift(text);
    else if (options.index >= parts.length) parts.push(text);
    else parts[options.index] = text;
    copied = parts.join(options.delimiter);
  }
  if (isMapping(old) || Array.isArray(old)) return copied;
  // A scalar keeps its type: only its text is copied.
  return textAs(scalarText(copied), old);
}
