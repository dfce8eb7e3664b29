// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import type { Fault } from "./fault.ts";
import type { IncidentWorld } from "./incident-world.ts";

/** Everything that controllers of ours and of the cluster say in a world: events, conditions, states of containers. */
export async function toldTexts({ world }: IncidentWorld): Promise<readonly string[]> {
  const kinds = [
    ["source.toolkit.fluxcd.io/v1", "GitRepository"],
    ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"],
    ["apps/v1", "ReplicaSet"],
    ["batch/v1", "Job"],
    ["v1", "Pod"],
    ["v1", "Event"],
  ] as const;
  const texts = world.events.map(({ message }) => message);
  for (const [apiVersion, kind] of kinds) {
    const { items } = await world.client.list({ apiVersion, kind });
    for (const item of items) collect(kind === "Event" ? { message: item["message"] } : item["status"], texts);
  }
  return texts;
}

/** Values of `message`, wherever they are. */
function collect(value: unknown, texts: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "message" && typeof child === "string") texts.push(child);
    else collect(child, texts);
  }
}

/** Whether all that is told in the world of a fault is told by programs: no message was written by hand. */
export function isToldByPrograms({ before = [], steps = [] }: Fault): boolean {
  return [...before, ...steps].every(
    (step) => step.do !== "warn" && !(step.do === "patch" && JSON.stringify(step.with).includes('"message"')),
  );
}

/** The messages of docs/troubleshooting.md; `…` stands for anything. */
export function documentedMessages(): readonly { readonly message: string; readonly pattern: RegExp }[] {
  const page = readFileSync(new URL("../../../../docs/troubleshooting.md", import.meta.url), "utf8");
  const tables = page.slice(page.indexOf("\n## Source"));
  return [...tables.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = ""]) => {
    const parts = message.split("…").map((part) => (part.trim() === "" ? part : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    return { message, pattern: new RegExp(parts.join("[^]*?")) };
  });
}
