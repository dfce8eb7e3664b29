// SPDX-License-Identifier: Apache-2.0
import type { Explanation, Link } from "./explanation.ts";
import type { Facts, Query } from "./facts.ts";
import type { Finding, Inspection } from "./finding.ts";
import { distinct, formatSubject, subjectOf } from "./finding.ts";
import { advise } from "./advice.ts";
import { inspectAny } from "./inspect/inspect-any.ts";
import { inspectTarget } from "./inspect/target.ts";
import { cleanText } from "./clean-text.ts";
import { Walk } from "./walk.ts";

/** So many more things that are wrong are told. */
const MOST_ALSO = 10;

/**
 * Why an object is as it is: walks from its source over artifact, build, dependencies, apply and health to pods and events, and
 * ends in the first thing that is to be mended. The same facts give the same explanation; what the facts do not hold is taken
 * for unknown, never for wrong.
 *
 * Of several things that are wrong, failures come before what only waits, and then what comes first on the way; objects of one
 * kind in the order of the message that names them, of the inventory, or of `dependsOn`. Messages hold no values of Secrets, as
 * far as those can be told: nothing but names is read of them, and credentials in addresses are replaced by `***`.
 *
 * @param facts see gatherFacts(); or kept from earlier
 */
export function explain(facts: Facts): Explanation {
  const { inspection, walk } = inspect(facts);
  const findings = distinct([
    ...inspection.findings.filter(({ weight }) => weight === "failure"),
    ...inspection.findings.filter(({ weight }) => weight === "hold"),
  ]);
  const [first, ...others] = findings;
  const chain = first === undefined ? inspection.links : [...first.trail, linkOf(first)];
  return {
    target: subjectOf(facts.target),
    state: first === undefined ? "ok" : first.weight === "failure" ? "failed" : "waiting",
    chain: withoutRepeats(chain),
    ...(first === undefined ? {} : { culprit: advise(first) }),
    also: others
      .filter((each) => !isConsequence(each, first))
      .slice(0, MOST_ALSO)
      .map(advise),
    unknown: walk.problems.map(cleanText),
  };
}

/** What has to be looked up before the explanation is as good as it can be; none: it is. */
export function openQueries(facts: Facts): readonly Query[] {
  return inspect(facts).walk.wanted;
}

function inspect(facts: Facts): { readonly inspection: Inspection; readonly walk: Walk } {
  const walk = new Walk(facts, inspectAny);
  return { inspection: inspectTarget(facts.target, walk), walk };
}

/** What was told on the way to the culprit is no other trouble. */
function isConsequence({ ref, message }: Finding, culprit: Finding | undefined): boolean {
  if (culprit === undefined) return false;
  if (message.includes(culprit.message)) return true;
  const name = formatSubject(ref);
  const isBecause = culprit.because !== undefined && formatSubject(culprit.because) === name;
  return isBecause || culprit.trail.some(({ object, state }) => state !== "ok" && formatSubject(object) === name);
}

function linkOf({ weight, stage, ref, reason, message }: Finding): Link {
  return { stage, state: weight === "failure" ? "failed" : "waiting", object: subjectOf(ref), text: `${reason}: ${message}` };
}

/** Each step once; of steps at one stage of one object the last, which says most. */
function withoutRepeats(links: readonly Link[]): readonly Link[] {
  const byKey = new Map(links.map((link) => [`${link.stage} ${formatSubject(link.object)}`, link]));
  const seen = new Set<Link>();
  return links
    .map((link) => byKey.get(`${link.stage} ${formatSubject(link.object)}`) ?? link)
    .filter((link) => !seen.has(link) && seen.add(link))
    .map((link) => ({ ...link, text: cleanText(link.text) }));
}
