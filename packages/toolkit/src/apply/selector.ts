// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { gvkOf, matchesLabels, parseLabelSelector } from "@flux-ts/kube-core";
import { RE2JS } from "re2js";
import { ApplyError } from "./apply-error.ts";

/** Which objects: each part is a regular expression for the whole of the value; selectors are label selector text. */
export interface Selector {
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly annotationSelector?: string | undefined;
}

export type Matches = (object: KubeObject) => boolean;

/**
 * Compiles a selector. Parts that are absent or empty match everything.
 * @throws {ApplyError} BAD_SELECTOR
 * @see fluxcd/pkg ssa/jsondiff/selector.go
 */
export function compileSelector(selector: Selector): Matches {
  const group = compilePart("group", selector.group);
  const version = compilePart("version", selector.version);
  const kind = compilePart("kind", selector.kind);
  const name = compilePart("name", selector.name);
  const namespace = compilePart("namespace", selector.namespace);
  const labels = compileLabels("label", selector.labelSelector);
  const annotations = compileLabels("annotation", selector.annotationSelector);
  return (object) => {
    const gvk = gvkOf(object);
    const { metadata } = object;
    return (
      group(gvk.group) &&
      version(gvk.version) &&
      kind(gvk.kind) &&
      name(metadata.name ?? "") &&
      namespace(metadata.namespace ?? "") &&
      labels(metadata.labels ?? {}) &&
      annotations(metadata.annotations ?? {})
    );
  };
}

function compilePart(what: string, pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined || pattern === "") return () => true;
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  } catch (cause) {
    throw new ApplyError("BAD_SELECTOR", `failed to create ignore rule selector: invalid ${what} regex: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function compileLabels(what: string, text: string | undefined): (labels: Readonly<Record<string, string>>) => boolean {
  if (text === undefined || text === "") return () => true;
  try {
    const selector = parseLabelSelector(text);
    return (labels) => matchesLabels(selector, labels);
  } catch (cause) {
    throw new ApplyError("BAD_SELECTOR", `failed to create ignore rule selector: invalid ${what} selector: ${(cause as Error).message}`, {
      cause,
    });
  }
}
