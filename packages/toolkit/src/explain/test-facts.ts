// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { openQueries } from "./explain.ts";
import type { Answer, Facts, Query } from "./facts.ts";
import { formatSubject } from "./finding.ts";

/** What is found in a cluster that holds these objects and no others, at 01:00 of 2026-01-01. For tests. */
export function factsOf(target: ObjectRef, objects: readonly KubeObject[], problems: Readonly<Record<string, string>> = {}): Facts {
  const answer = (query: Query): Answer => {
    if ("get" in query) {
      const problem = problems[formatSubject(query.get)];
      const its = objects.filter((each) => formatSubject({ kind: each.kind, ...nameOf(each) }) === formatSubject(query.get));
      return { query, objects: its, ...(problem === undefined ? {} : { problem }) };
    }
    if ("list" in query) return { query, objects: objects.filter(({ kind }) => kind === query.list.kind) };
    if ("eventsOf" in query) {
      const name = formatSubject(query.eventsOf);
      return { query, objects: objects.filter(({ kind, metadata }) => kind === "Event" && metadata.annotations?.["about"] === name) };
    }
    return { query, objects: [] };
  };
  const answers: Answer[] = [];
  const facts = (): Facts => ({ target, now: Date.parse("2026-01-01T01:00:00Z"), answers });
  for (let open = openQueries(facts()); open.length > 0; open = openQueries(facts())) answers.push(...open.map(answer));
  return facts();
}

function nameOf({ metadata }: KubeObject): { readonly name: string; readonly namespace?: string } {
  return { name: metadata.name ?? "", ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
}
