// SPDX-License-Identifier: Apache-2.0
import type { RenderedRelease } from "../render/render-release.ts";
import { HelmError } from "../helm-error.ts";
import { compilePathPattern } from "../chart/match-path.ts";
import { splitManifests } from "./split-manifests.ts";

export interface PrintOptions {
  readonly includeCrds?: boolean;
  readonly noHooks?: boolean;
  /** Whether hooks that are tests are left out. */
  readonly skipTests?: boolean;
  /** Only templates whose path in the chart matches one of these patterns, in their order. */
  readonly showOnly?: readonly string[];
}

/** A document as Helm prints it, below the name of its template. */
function printDocument(path: string, content: string): string {
  return `---\n# Source: ${path}\n${content}\n`;
}

/** The manifest of a release as Helm stores it: CRDs (if asked for) and everything but hooks. */
export function printManifest(release: RenderedRelease, includeCrds = false): string {
  const crds = includeCrds ? release.crds.map(({ path, content }) => printDocument(path, content)) : [];
  return [...crds, ...release.manifests.map(({ path, content }) => printDocument(path, content))].join("");
}

/**
 * What `helm template` prints.
 *
 * @throws {HelmError} OPTION when a pattern of `showOnly` matches nothing
 * @see helm.sh/helm/v4 pkg/cmd template.go
 */
export function printRelease(release: RenderedRelease, options: PrintOptions = {}): string {
  const hooks = options.noHooks === true ? [] : release.hooks;
  const shown = hooks.filter(({ events }) => !(options.skipTests === true && events.includes("test")));
  const text = `${trimSpace(printManifest(release, options.includeCrds))}\n${shown.map(({ path, content }) => printDocument(path, content)).join("")}`;
  return options.showOnly === undefined || options.showOnly.length === 0 ? text : pick(text, options.showOnly);
}

/** Go's strings.TrimSpace. */
function trimSpace(text: string): string {
  return text.trim();
}

function pick(text: string, patterns: readonly string[]): string {
  const documents = splitManifests(text).flatMap((content) => {
    const [, path] = /# Source: [^/\n]+\/(.+)/.exec(content) ?? [];
    return path === undefined ? [] : [{ path, content }];
  });
  return patterns
    .flatMap((pattern) => {
      const matches = compilePathPattern(pattern);
      const found = documents.filter(({ path }) => matches(path));
      if (found.length === 0) throw new HelmError("OPTION", `could not find template ${pattern} in chart`);
      return found;
    })
    .map(({ content }) => `---\n${content}\n`)
    .join("");
}
