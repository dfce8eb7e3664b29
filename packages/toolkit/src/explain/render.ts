// SPDX-License-Identifier: Apache-2.0
import type { Culprit, Explanation, Link } from "./explanation.ts";
import type { Place } from "./facts.ts";
import { formatSubject } from "./finding.ts";

const MARKS: Readonly<Record<Link["state"], string>> = { ok: "✔", failed: "✗", waiting: "◎" };

/**
 * The explanation as text: a line for each step, then the culprit with what to do about it. Ends with a line break.
 *
 * @example
 * ✔ source        GitRepository/flux-system/fleet: stored artifact for revision 'main@sha1:…'
 * ✗ health        Deployment/default/web: Progress deadline exceeded
 * ✗ pods          Pod/default/web-1-x: ImagePullBackOff: …
 *
 * Culprit: Pod/default/web-1-x
 *   ImagePullBackOff: …
 *   apps/web.yaml:17
 *   Correct the image …
 *   $ kubectl describe pod/web-1-x -n default
 */
export function renderExplanation(explanation: Explanation): string {
  const { target, state, chain, culprit, also, unknown } = explanation;
  const lines = chain.map(
    ({ stage, state: its, object, text }) =>
      `${MARKS[its]} ${stage.padEnd(12)}  ${formatSubject(object)}${text === "" ? "" : `: ${indent(text, "  ")}`}`,
  );
  if (state === "ok") lines.push("", `${formatSubject(target)}: nothing is wrong.`);
  if (culprit !== undefined) lines.push("", ...tell(culprit, state === "waiting" ? "Waiting for" : "Culprit"));
  if (also.length > 0)
    lines.push(
      "",
      "Also:",
      ...also.map(
        (each) => `  ${formatSubject(each.object)}: ${each.reason}: ${indent(each.message, "    ")}${placeText(each.place, " (", ")")}`,
      ),
    );
  if (unknown.length > 0) lines.push("", "Could not be looked up:", ...unknown.map((each) => `  ${each}`));
  return `${lines.join("\n")}\n`;
}

function tell({ object, reason, message, condition, place, advice, next }: Culprit, title: string): readonly string[] {
  const of = condition === undefined ? "" : `${condition.type}=${condition.status} `;
  return [
    `${title}: ${formatSubject(object)}`,
    `  ${of}${reason}: ${indent(message, "  ")}`,
    ...(place === undefined ? [] : [`  ${placeText(place)}`]),
    `  ${advice}`,
    `  $ ${next}`,
  ];
}

function placeText(place: Place | undefined, before = "", behind = ""): string {
  return place === undefined ? "" : `${before}${place.file}${place.line === undefined ? "" : `:${place.line}`}${behind}`;
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
