// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";
import { KustomizeError } from "./kustomize-error.ts";
import type { Selector } from "./kustomization.ts";
import { compileLabelSelector } from "./label-selector.ts";
import type { Resource } from "./resource.ts";
import type { Gvk, ResourceId } from "./resource-id.ts";
import { effectiveNamespace } from "./resource-id.ts";

type Match = (text: string) => boolean;

/** A selector whose expressions are compiled. */
export interface CompiledSelector {
  readonly selector: Selector;
  gvk(gvk: Gvk): boolean;
  readonly name: Match;
  readonly namespace: Match;
  labels(resource: Resource): boolean;
  annotations(resource: Resource): boolean;
}

/** @throws {KustomizeError} INVALID_KUSTOMIZATION on an expression that RE2 does not accept */
export function compileSelector(selector: Selector): CompiledSelector {
  const group = anchored(selector.group);
  const version = anchored(selector.version);
  const kind = anchored(selector.kind);
  const labels = compileLabelSelector(selector.labelSelector);
  const annotations = compileLabelSelector(selector.annotationSelector);
  return {
    selector,
    gvk: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    name: anchored(selector.name),
    namespace: anchored(selector.namespace),
    labels: (resource) => selector.labelSelector === "" || labels(resource.labels),
    annotations: (resource) => selector.annotationSelector === "" || annotations(resource.annotations),
  };
}

/** Whether the whole text matches; an empty pattern matches everything. */
function anchored(pattern: string): Match {
  if (pattern === "") return () => true;
  const isPlain = /^[a-zA-Z0-9_-]+$/.test(pattern);
  return isPlain ? (text) => text === pattern : compileMatch(["^(?:", pattern, ")$"]);
}

// Words with dots, and at most one `.*`: nothing that takes longer than the text is long.
const harmless = /^[\w/:-]*(?:\.[\w/:-]+|\.(?![*+?{]))*(?:\.\*[\w/:-]*)?$/;

/**
 * Whether the pattern is found in a text, with an expression of our own before and behind it. What users write is left to
 * RE2, which takes no longer than the text is long, unless it is as simple as most patterns are.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION on an expression that RE2 does not accept
 */
export function compileMatch([before, pattern, behind]: readonly [string, string, string]): Match {
  if (harmless.test(pattern)) {
    const expression = new RegExp(`${before}${pattern.replaceAll(".", "[^\\n]")}${behind}`, "u");
    return (text) => expression.test(text);
  }
  const compiled = compilePattern(`${before}${pattern}${behind}`);
  return (text) => compiled.matcher(text).find();
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new KustomizeError("INVALID_KUSTOMIZATION", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The resources that a patch's or plugin's target selects: by their current or their first name and namespace. @see resmap, Select */
export function selectResources(resources: readonly Resource[], selector: Selector): Resource[] {
  const compiled = compileSelector(selector);
  return resources.filter((resource) => {
    const original: ResourceId = resource.originalId;
    return (
      (compiled.namespace(effectiveNamespace(original)) || compiled.namespace(effectiveNamespace(resource.id))) &&
      (compiled.name(original.name) || compiled.name(resource.name)) &&
      compiled.gvk(resource.id) &&
      compiled.labels(resource) &&
      compiled.annotations(resource)
    );
  });
}
