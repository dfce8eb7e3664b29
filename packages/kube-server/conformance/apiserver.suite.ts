// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Identity } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import type { PlaneLevel } from "../src/controllers/control-plane.ts";
import { startControlPlane } from "../src/controllers/control-plane.ts";
import type { PodRule } from "../src/controllers/kubelet/pod-outcome.ts";
import { createFetch } from "../src/fetch-adapter.ts";
import type { ApiServer } from "../src/server.ts";
import { createApiServer } from "../src/server.ts";
import { createPki } from "../src/tls/pki-files.ts";
import { knownFailures } from "./apiserver.known-failures.ts";
import { wallClock } from "./wall-clock.ts";

/** As the real server was started. */
const SERVICE_CIDR = "10.0.0.0/24";

/** Who recorded, as a client certificate would show it. */
const RECORDER: Identity = {
  user: "admin",
  groups: ["system:masters", "system:authenticated"],
  extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=0"] },
};

/** As the recorded plane's nodes ran pods. */
const POD_RULES: readonly PodRule[] = [{ hasLabels: ["never"], outcome: "pending" }];

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

/** How a scenario is reached: what the replayer asks, and where. */
export interface Door {
  readonly server: string;
  readonly fetchLike: (url: string, init?: RequestInit) => Promise<Response>;
  close(): Promise<void>;
}

/** Opens a fresh server for one level, behind the door that is under test. */
export type OpenDoor = (server: ApiServer) => Promise<Door>;

const LEVELS: readonly PlaneLevel[] = ["none", "controllers", "nodes"];
const SERVER_URL = "https://apiserver.test";

function levelOf({ needs = [] }: Scenario): PlaneLevel {
  return needs.includes("nodes") ? "nodes" : needs.includes("kcm") ? "controllers" : "none";
}

/** Transcripts of a real API server, replayed against ours: one server for each level of simulated controllers. */
export function apiserverSuite(name: string, open: OpenDoor, known: Readonly<Record<string, string>>): Suite {
  return {
    name,
    knownFailures: known,
    present: (folder) => existsSync(join(folder, "apiserver", "replay.mjs")),
    run: async (folder, tell, options) => {
      const replayer = (await import(pathToFileURL(join(folder, "apiserver", "replay.mjs")).href)) as Replayer; // the corpus' own program
      const wanted = replayer.loadScenarios(join(folder, "apiserver")).filter((scenario) => options.filter?.test(scenario.name) ?? true);
      for (const level of LEVELS) {
        const scenarios = wanted.filter((scenario) => levelOf(scenario) === level);
        if (scenarios.length > 0) await replayLevel(replayer, scenarios, level, open, tell);
      }
    },
  };
}

async function replayLevel(
  replayer: Replayer,
  scenarios: readonly Scenario[],
  level: PlaneLevel,
  open: OpenDoor,
  tell: (result: CaseResult) => void,
): Promise<void> {
  const { authority, serviceAccountKey } = createPki(Date.now());
  // Scenarios ask for some addresses of the lower half by name: nobody else may be given them.
  const random = (): number => 0.5 + Math.random() / 2;
  const server = createApiServer({ clock: wallClock, serviceAccountKey, random, serviceCidr: SERVICE_CIDR });
  const caPem = authority.certificate;
  const plane = await startControlPlane(server, {
    level,
    caPem,
    nodes: 2,
    podReadyAfterMs: 0,
    podRules: POD_RULES,
    autoscalerPeriodMs: 2000,
  });
  const door = await open(server);
  try {
    await replayer.replay(scenarios, door.fetchLike, { server: door.server, jobs: 8, onResult: (result) => tell(caseResult(result)) });
  } finally {
    await door.close();
    await plane.stop();
    server.close();
  }
}

/** Through bytes, but without a socket. */
export const suite: Suite = apiserverSuite(
  "apiserver",
  async (server) => ({ server: SERVER_URL, fetchLike: createFetch(server, RECORDER), close: async () => undefined }),
  knownFailures,
);

function caseResult({ name, area, result, failures = [] }: ScenarioResult): CaseResult {
  const [first] = failures;
  const detail = first ? `${first.step} ${first.request ?? ""}: ${first.diffs.join("; ")}` : "";
  return { name, area, outcome: result, ...(detail === "" ? {} : { detail }) };
}
