// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, isDeepStrictEqual } from "node:util";
import { matchesLabels, parseDuration, parseLabelSelector, type Condition, type KubeObject } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { conclude, showProgress, type End } from "../src/conclude.ts";
import type { ControllerDefinition } from "../src/controller.ts";
import { conditionsOf } from "../src/conditions.ts";
import { withAnnotationsOf } from "../src/events/event-metadata.ts";
import { controllerFlags } from "../src/flags/common-flags.ts";
import { gatesFlag } from "../src/flags/flag.ts";
import { parseFlags } from "../src/flags/parse-flags.ts";
import { Cancelled, Failure } from "../src/failure.ts";
import { leaseId } from "../src/leader/leader-elector.ts";
import { reconcileRequested } from "../src/predicates.ts";
import { changedStatus } from "../src/status.ts";
import { knownFailures } from "./runtime.known-failures.ts";

interface Case {
  readonly id: string;
  readonly test: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly { readonly call?: string; readonly args?: readonly unknown[] }[];
}

type Row = Readonly<Record<string, unknown>>;

/** Runs one row of an upstream table. @returns what came out, and what should have */
type Check = (row: Row, testCase: Case) => { readonly got: unknown; readonly want: unknown };

/** By the name of the upstream test. A test that is not here is about something that only the Go code has. */
const checks: Readonly<Record<string, Check>> = {
  TestReconcileRequestedPredicateUpdate: (row) => ({
    got:
      row["newObject"] !== null &&
      reconcileRequested((row["oldObject"] ?? undefined) as KubeObject | undefined, row["newObject"] as KubeObject),
    want: row["want"] ?? false,
  }),
  TestGenerateID: (row) => ({
    got: leaseId((row["base"] ?? "") as string, ...((row["additions"] ?? []) as string[])),
    want: row["want"] ?? "",
  }),
  TestEventRecorder_AnnotatedEventf: (row) => ({
    got: withAnnotationsOf(complete(row["object"]), (row["inputAnnotations"] ?? {}) as Record<string, string>),
    want: row["expectedMetadata"] ?? {},
  }),
  TestSupportedFeatures: (row) => ({ got: errorOf(() => gatesOf(row)), want: row["wantErr"] ?? "" }),
  TestEnabled: (row) => {
    const error = errorOf(() => gatesOf(row));
    const gate = String(row["featureGate"]);
    if (error !== "") return { got: error, want: row["wantErr"] };
    return { got: gatesOf(row)[gate], want: row["enabled"] ?? false };
  },
  Test_RateLimiterOptions_BindFlags: (row) => {
    const { shared } = parseFlags(commandLine(row), { shared: controllerFlags({ concurrent: 1, gates: {} }) });
    return {
      got: [shared["min-retry-delay"], shared["max-retry-delay"]],
      want: [parseDuration(String(row["expectedMinRetryDelay"])), parseDuration(String(row["expectedMaxRetryDelay"]))],
    };
  },
  Test_WatchOptions_BindFlags: (row) => {
    const { shared } = parseFlags(commandLine(row), { shared: controllerFlags({ concurrent: 1, gates: {} }) });
    const selector = parseLabelSelector(shared["watch-label-selector"]);
    const matching = (row["objects"] as KubeObject[]).filter((object) => matchesLabels(selector, object.metadata.labels ?? {}));
    return { got: matching.map(({ metadata }) => metadata.name), want: row["expectedMatch"] };
  },
  TestSummarizeAndPatch: (row, { steps = [] }) => {
    const [created] = steps.find(({ call }) => call === "Create")?.args ?? [];
    const object = complete(created);
    const [rule] = row["conditions"] as SummaryRow[];
    const definition = {
      kind: { reasons: {} },
      intervalMs: () => 1000,
      defaultReason: "Failed",
      summary: { conditions: rule?.Summarize ?? [], negative: rule?.NegativePolarity ?? [], bipolar: row["bipolarConditions"] ?? [] },
      // Only what conclude looks at.
    } as unknown as ControllerDefinition;
    const course = { object, progress: undefined, conditions: conditionsOf(object), recorded: {}, conditionsSet: new Map(), durationMs: 0 };
    const { change } = conclude(definition, course, endOf(row), 0, 0);
    return {
      got: toSorted(conditionsOf({ ...object, status: changedStatus(object, change, 0) })),
      want: toSorted(row["assertConditions"] as Condition[]),
    };
  },
  TestProgressiveStatus: (row, { steps = [] }) => {
    const [, given, , message, ...args] = (steps.find(({ call }) => call?.endsWith("ProgressiveStatus"))?.args ?? []) as [
      unknown,
      { readonly $value: unknown },
      ...unknown[],
    ];
    const object = complete(given.$value);
    const change = showProgress({} as ControllerDefinition, conditionsOf(object), format(message, ...args), row["drift"] === true);
    // Our reason is always Progressing; upstream's table passes others.
    const renamed = (condition: Condition): Row => ({ type: condition.type, status: condition.status, message: condition.message });
    const shown = conditionsOf({ ...object, status: changedStatus(object, change, 0) });
    return { got: shown.map(renamed), want: (row["assertConditions"] as Condition[]).map(renamed) };
  },
};

interface SummaryRow {
  readonly Target: string;
  readonly Summarize?: readonly string[];
  readonly NegativePolarity?: readonly string[];
}

/** Upstream's results: 1 asks for another turn at once, 2 succeeds; an error of type Stalling waits for another spec. */
function endOf(row: Row): End {
  const error = row["reconcileErr"] as
    | { readonly $error?: string; readonly Reason?: string; readonly Err?: { readonly $error: string } }
    | undefined;
  if (error?.Reason !== undefined) return { thrown: new Failure(error.Reason, error.Err?.$error ?? "", { retry: "never" }) };
  if (error !== undefined) return { thrown: new Failure("Failed", error.$error ?? "") };
  return row["result"] === 1 ? { thrown: new Cancelled("superseded") } : { success: { reason: "Succeeded", message: "" } };
}

function toSorted(conditions: readonly Condition[]): readonly Row[] {
  return conditions
    .map(({ type, status, reason, message }) => ({ type, status, reason, message }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

/** The corpus leaves out what is empty, metadata too. */
function complete(object: unknown): KubeObject {
  return { apiVersion: "", kind: "", metadata: {}, ...(object as Partial<KubeObject>) };
}

function gatesOf(row: Row): Readonly<Record<string, boolean>> {
  const gates = (row["supportedFeatures"] ?? {}) as Record<string, boolean>;
  const gate = row["featureGate"] as string | undefined;
  const { shared } = parseFlags(commandLine(row), { shared: { "feature-gates": gatesFlag(gates) } });
  // A gate that the code asks for and nobody declared does not compile here.
  if (gate !== undefined && !Object.hasOwn(gates, gate)) throw new Error(`feature-gate '${gate}' not supported`);
  return shared["feature-gates"];
}

function commandLine(row: Row): readonly string[] {
  return ((row["commandLine"] ?? []) as string[]).filter((argument) => argument !== "");
}

function errorOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const folders = ["flux/pkg/runtime", "flux/source-controller/internal/reconcile"];

function* casesIn(folder: string): Generator<Case> {
  for (const root of folders.map((name) => join(folder, name)).filter((path) => existsSync(path))) {
    for (const file of readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted()) {
      if (!file.endsWith(".jsonl")) continue;
      for (const line of readFileSync(join(root, file), "utf8").split("\n")) {
        const testCase = line === "" ? undefined : (JSON.parse(line) as Partial<Case>);
        if (testCase?.id !== undefined && testCase.test !== undefined && Object.hasOwn(checks, testCase.test)) yield testCase as Case;
      }
    }
  }
}

/** The tables of fluxcd/pkg/runtime, and of how sources sum up, that speak of what this package does: rows in, results out. */
export const suite: Suite = {
  name: "runtime",
  knownFailures,
  present: (folder) => existsSync(join(folder, "flux/pkg/runtime")),
  async run(folder, tell, { filter }) {
    for (const testCase of casesIn(folder)) {
      if (filter !== undefined && !filter.test(testCase.id)) continue;
      tell(runCase(testCase));
    }
  },
};

function runCase(testCase: Case): CaseResult {
  const { id, test, row } = testCase;
  const check = checks[test];
  const named = { name: id, area: test };
  if (row === undefined || check === undefined) return { ...named, outcome: "skipped", detail: "no row" };
  try {
    const { got, want } = check(row, testCase);
    // Conditions and metadata are compared as data, whatever made their objects.
    if (isDeepStrictEqual(JSON.parse(JSON.stringify(got)), JSON.parse(JSON.stringify(want)))) return { ...named, outcome: "passed" };
    return { ...named, outcome: "failed", detail: `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}` };
  } catch (error) {
    return { ...named, outcome: "failed", detail: String(error) };
  }
}
