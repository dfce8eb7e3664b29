// SPDX-License-Identifier: Apache-2.0

/** Where variables come from, in the order in which they count: later wins. */
export type VariableSource = Readonly<Record<string, string>>;

/**
 * The variables of several sources, line breaks of their values removed.
 * @see spec G-SUB-1, G-SUB-2
 */
export function collectVariables(sources: readonly VariableSource[]): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) variables.set(name, value.replaceAll("\n", ""));
  }
  return variables;
}
