// SPDX-License-Identifier: Apache-2.0
// What upstream's helm-controller decides in a state of a release (`curated/helm`), against our decision.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import type { Condition } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import type { Decision, ReleaseState } from "../src/helm/helm-release/next-action.ts";
import { nextAction } from "../src/helm/helm-release/next-action.ts";
import { knownFailures } from "./helm-actions.known-failures.ts";

const CASES = "flux/curated/helm";

/** A release as Helm stores it, under its Go field names. */
interface StoredRelease {
  readonly Name: string;
  readonly Namespace: string;
  readonly Version: number;
  readonly Status: string;
}

interface Case {
  readonly id: string;
  readonly object: HelmRelease;
  readonly state: { readonly Status: ReleaseState };
  readonly releases?: readonly StoredRelease[];
  /** The Go type of the action; null for none. */
  readonly action: string | null;
  readonly error?: { readonly $error: string };
  readonly conditions?: readonly Condition[];
}

const ACTIONS: Readonly<Record<string, string>> = {
  "*reconcile.Install": "install",
  "*reconcile.Upgrade": "upgrade",
  "*reconcile.Unlock": "unlock",
  "*reconcile.Test": "test",
  "*reconcile.CorrectClusterDrift": "correct",
  "*reconcile.RollbackRemediation": "rollback",
  "*reconcile.UninstallRemediation": "uninstall",
};
const ERRORS: Readonly<Record<string, string>> = {
  "exceeded maximum retries": "RetriesExceeded",
  "missing target release for rollback": "MissingRollbackTarget",
};

export const suite: Suite = {
  name: "helm-actions",
  knownFailures,
  present: (folder) => existsSync(join(folder, CASES)),
  async run(folder, tell, { filter }) {
    const files = readdirSync(join(folder, CASES)).filter((file) => file.endsWith(".jsonl"));
    for (const file of files.toSorted()) {
      const lines = readFileSync(join(folder, CASES, file), "utf8").split("\n");
      for (const line of lines.filter((text) => text !== "")) {
        const found = JSON.parse(line) as Case;
        if (filter?.test(found.id) !== false) tell(judge(found));
      }
    }
  },
};

function judge({ id, object, state, releases = [], action, error, conditions = [] }: Case): CaseResult {
  const release = withHistory(object, releases);
  const { annotations = {} } = object.metadata ?? {};
  const decision = nextAction({
    release,
    state: state.Status,
    isForced: annotations["reconcile.fluxcd.io/forceAt"] !== undefined,
    retriesByDefault: false,
    stored: ({ version }) => (releases.some(({ Version }) => Version === version) ? "same" : "gone"),
  });
  const wanted = error === undefined ? (action === null ? "rest" : ACTIONS[action]) : ERRORS[error.$error];
  const found = {
    act: decision.kind === "act" ? decision.action : "",
    rest: "rest",
    stall: decision.kind === "stall" ? decision.reason : "",
  }[decision.kind];
  const problems = found === wanted ? [] : [`decided ${found}, want ${String(wanted)}`];
  problems.push(...conditionProblems(conditions, object, decision));
  const outcome = problems.length === 0 ? "passed" : "failed";
  return { name: id, area: "helm-actions", outcome, ...(problems.length === 0 ? {} : { detail: problems.join("; ") }) };
}

/** Ready is made of the others when a reconcile ends: it says what Released says. */
function conditionProblems(wanted: readonly Condition[], { status }: HelmRelease, { conditions }: Decision): readonly string[] {
  const found = new Map<string, Pick<Condition, "status" | "reason" | "message"> | undefined>(
    (status?.conditions ?? []).map((condition) => [condition.type, condition]),
  );
  for (const [type, value] of conditions ?? []) found.set(type, value);
  return wanted.flatMap(({ type, status: wantedStatus, reason, message }) => {
    const condition = found.get(type === "Ready" ? "Released" : type);
    const isSame = condition?.status === wantedStatus && condition.reason === reason && condition.message.includes(message);
    return isSame ? [] : [`condition ${type} is ${JSON.stringify(condition)}, want ${reason}: ${message}`];
  });
}

/** The history names stored releases, the newest first; one that is not stored is the release before the last that is. */
function withHistory(object: HelmRelease, releases: readonly StoredRelease[]): HelmRelease {
  const stored = releases.toSorted((a, b) => b.Version - a.Version);
  const history = (object.status?.history as readonly (ReleaseSnapshot | { readonly $call: string })[] | undefined)?.map((entry, index) => {
    if (!("$call" in entry)) return entry;
    const { Name = "", Namespace = "", Version = 1, Status = "superseded" } = stored[index] ?? {};
    return { name: Name, namespace: Namespace, version: Version, status: Status } as ReleaseSnapshot; // the digests are not looked at
  });
  return history === undefined ? object : { ...object, status: { ...object.status, history } };
}
