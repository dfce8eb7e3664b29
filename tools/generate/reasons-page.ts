// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, ReasonDefinition } from "@flux-ts/kube-core";
import { cell, table } from "./markdown.ts";

/** Every reason that a condition or event may have, with the kinds that use it. */
export function reasonsPage(kinds: readonly KindDefinition[]): string {
  const rows = new Map<string, { readonly reason: string; readonly definition: ReasonDefinition; readonly kinds: string[] }>();
  for (const { kind, reasons } of kinds) {
    for (const [reason, definition] of Object.entries(reasons)) {
      const key = JSON.stringify([reason, definition]);
      const row = rows.get(key) ?? { reason, definition, kinds: [] };
      row.kinds.push(`[${kind}](kinds/${kind.toLowerCase()}.md)`);
      rows.set(key, row);
    }
  }
  const sorted = [...rows.values()].toSorted((left, right) => (left.reason < right.reason ? -1 : left.reason > right.reason ? 1 : 0));
  return `# Reasons

What the reason of a condition or an event says, and what to do about it. A failure of a source also sets the condition
named here, which is there only while something is wrong.

${table(
  ["Reason", "Meaning", "Condition", "Kinds"],
  sorted.map(({ reason, definition, kinds: of }) => [
    `\`${reason}\``,
    cell(definition.description),
    definition.condition === undefined ? "" : `\`${definition.condition}\``,
    of.join(", "),
  ]),
)}`;
}
