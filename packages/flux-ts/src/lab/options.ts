// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from "node:util";

export interface LabOptions {
  /** A repository of the user's own; absent: the sample fleet. */
  readonly repo?: string;
  readonly path: string;
  readonly branch?: string;
  /** Keeps the state here; absent: in memory. */
  readonly data?: string;
  /** Of the API server; 0 is any free one. */
  readonly port: number;
  /** Milliseconds until a simulated pod is ready. */
  readonly podReadyMs: number;
  /** Ends after everything is ready, for scripts. */
  readonly once: boolean;
}

export const LAB_HELP = `Usage: npm start [-- OPTIONS]

Runs GitOps on this machine: an embedded Kubernetes API server (HTTPS on loopback), the Flux controllers, and a git
repository over smart HTTP. Pods are simulated. Ends with Ctrl-C.

  --repo DIR        reconcile this local git repository instead of the sample fleet; new commits arrive by themselves
  --path PATH       the folder in it to apply (default ./clusters/lab for the sample, ./ for your own)
  --branch NAME     the branch (default: the one that is checked out)
  --data DIR        keep the state in this folder, over restarts; without it, it is in memory
  --port N          port of the API server (default: any free one)
  --pod-ready MS    how long a simulated pod takes to get ready (default 1500)
  --once            stop when everything is ready; the exit status is 1 if it is not within 60 seconds
  -h, --help        this text

Examples:
  npm start
  npm start -- --repo ~/fleet-infra --path ./clusters/staging
  npm start -- --data ./lab-state
`;

/** What can't be understood, in a sentence for the user. */
export class LabUsageError extends Error {
  override readonly name = "LabUsageError";
}

/** @returns undefined when help is asked for. @throws {LabUsageError} */
export function parseLabOptions(argv: readonly string[]): LabOptions | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        repo: { type: "string" },
        path: { type: "string" },
        branch: { type: "string" },
        data: { type: "string" },
        port: { type: "string", default: "0" },
        "pod-ready": { type: "string", default: "1500" },
        once: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new LabUsageError(`${(error as Error).message}. See npm start -- --help`);
  }
  if (values.help) return undefined;
  return {
    ...(values.repo === undefined ? {} : { repo: values.repo }),
    ...(values.branch === undefined ? {} : { branch: values.branch }),
    ...(values.data === undefined ? {} : { data: values.data }),
    path: values.path ?? (values.repo === undefined ? "./clusters/lab" : "./"),
    port: integer("--port", values.port, 65_535),
    podReadyMs: integer("--pod-ready", values["pod-ready"], 3_600_000),
    once: values.once,
  };
}

function integer(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new LabUsageError(`${name} takes a whole number from 0 to ${most}, not ${JSON.stringify(text)}`);
  return value;
}
