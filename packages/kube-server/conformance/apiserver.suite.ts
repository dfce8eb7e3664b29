// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Identity } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { createFetch } from "../src/fetch-adapter.ts";
import { createApiServer } from "../src/server.ts";
import { createPki } from "../src/tls/pki-files.ts";
import { knownFailures } from "./apiserver.known-failures.ts";
import { wallClock } from "./wall-clock.ts";

/** Who recorded, as a client certificate would show it. */
const RECORDER: Identity = {
  user: "admin",
  groups: ["system:masters", "system:authenticated"],
  extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=0"] },
};

/** One recorded scenario; the rest of its form is the replayer's own. */
interface Scenario {
  readonly name: string;
  readonly area: string;
  readonly needs?: readonly string[];
}

interface ScenarioResult {
  readonly name: string;
  readonly area: string;
  readonly result: "passed" | "failed" | "skipped";
  readonly failures?: readonly { readonly step: string; readonly request?: string; readonly diffs: readonly string[] }[];
}

interface Replayer {
  loadScenarios(folder: string): Scenario[];
  replay(
    scenarios: readonly Scenario[],
    fetchLike: (url: string, init?: RequestInit) => Promise<Response>,
    options: { readonly server: string; readonly jobs: number; readonly onResult: (result: ScenarioResult) => void },
  ): Promise<unknown>;
}

/** Transcripts of a real API server, replayed through bytes but without a socket. */
export const suite: Suite = {
  name: "apiserver",
  knownFailures,
  present: (folder) => existsSync(join(folder, "apiserver", "replay.mjs")),
  run: async (folder, tell, options) => {
    const replayer = (await import(pathToFileURL(join(folder, "apiserver", "replay.mjs")).href)) as Replayer; // the corpus' own program
    const wanted = replayer.loadScenarios(join(folder, "apiserver")).filter(({ name }) => options.filter?.test(name) ?? true);
    const alone = wanted.filter(({ needs = [] }) => needs.length === 0);
    for (const { name, area } of wanted.filter(({ needs = [] }) => needs.length > 0)) {
      tell({ name, area, outcome: "skipped", detail: "needs controllers" });
    }
    const server = createApiServer({ clock: wallClock, serviceAccountKey: createPki(Date.now()).serviceAccountKey });
    await replayer.replay(alone, createFetch(server, RECORDER), {
      server: "https://apiserver.test",
      jobs: 8,
      onResult: (result) => tell(caseResult(result)),
    });
    server.close();
  },
};

function caseResult({ name, area, result, failures = [] }: ScenarioResult): CaseResult {
  const [first] = failures;
  const detail = first ? `${first.step} ${first.request ?? ""}: ${first.diffs.join("; ")}` : "";
  return { name, area, outcome: result, ...(detail === "" ? {} : { detail }) };
}
