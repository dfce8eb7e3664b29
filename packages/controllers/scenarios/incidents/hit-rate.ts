// SPDX-License-Identifier: Apache-2.0
import type { Explanation, Facts } from "@flux-ts/toolkit/explain";
import { explainFleet } from "./explain-fleet.ts";
import type { Fault } from "./fault.ts";
import { createIncidentWorld } from "./incident-world.ts";
import { playStep, refOfText } from "./play-fault.ts";
import { isToldByPrograms, toldTexts } from "./told-texts.ts";

/** What was told of a fault. */
export interface Trial {
  readonly fault: Fault;
  readonly explanation: Explanation;
  /** What was told in place of what was expected, part by part; none: the first culprit is the fault that was put in. */
  readonly misses: readonly string[];
  readonly facts: Facts;
  /** What was told by programs, explanations included. @see isToldByPrograms */
  readonly texts: readonly string[];
}

/** Puts a fault into a fleet and asks why it is as it is. */
export async function tryFault(fault: Fault): Promise<Trial> {
  await using incident = await createIncidentWorld();
  for (const step of fault.before ?? []) await playStep(step, incident);
  await incident.start();
  for (const step of fault.steps ?? []) await playStep(step, incident);
  const { explanation, facts } = await explainFleet(await refOfText(fault.ask, incident), incident);
  const own = [explanation.culprit?.message ?? "", ...explanation.also.map(({ message }) => message)];
  const texts = isToldByPrograms(fault) ? [...own, ...(await toldTexts(incident))] : [];
  return { fault, explanation, misses: missesOf(fault, explanation), facts, texts };
}

function missesOf({ culprit: expected }: Fault, { culprit }: Explanation): readonly string[] {
  if (culprit === undefined) return ["nothing is wrong"];
  const { kind, namespace, name } = culprit.object;
  const object = namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
  const isObject = expected.object.endsWith("*") ? object.startsWith(expected.object.slice(0, -1)) : object === expected.object;
  return [
    ...(isObject ? [] : [`object ${object}`]),
    ...(culprit.reason === expected.reason ? [] : [`reason ${culprit.reason}`]),
    ...(culprit.message.includes(expected.says ?? "") ? [] : [`message ${culprit.message}`]),
    ...(expected.file === undefined || culprit.place?.file === expected.file ? [] : [`file ${culprit.place?.file ?? "unknown"}`]),
  ];
}
