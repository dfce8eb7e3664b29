// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import { toApiError } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { PART_OF_FLUX } from "../../cluster-info.ts";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { FlagValues } from "../../flags.ts";
import { progressOn } from "../../output/progress.ts";
import type { LogFilter } from "./log-entry.ts";
import { formatLogLine } from "./log-entry.ts";

/** A longer line of a log is not printed. */
const MAX_LINE_LENGTH = 1024 * 1024;

interface Deployment extends KubeObject {
  readonly spec: { readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } } };
}

interface Pod extends KubeObject {
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
  readonly status?: { readonly phase?: string };
}

/** `flux logs`. @see cmd/flux/logs.go */
export const runLogs: Run = async ({ args, flags, io }) => {
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  if (args.length > 0) throw new CommandError("no argument required");
  const { client } = connection;
  const pods = await findPods(client, flags.string("flux-namespace"), deadline.signal);
  const query = queryOf(flags);
  const filter = {
    level: flags.string("level"),
    kind: flags.string("kind"),
    name: flags.string("name"),
    namespace: flags.bool("all-namespaces") ? undefined : connection.namespace,
  };
  let hasFailed = false;
  const print = async (pod: Pod): Promise<void> => {
    try {
      await printLog(
        client,
        pod,
        query,
        filter,
        (line) => io.stdout(line),
        deadline.signal,
        (problem) => progressOn(io).failure(problem),
      );
    } catch (error) {
      if (deadline.signal.aborted && flags.bool("follow")) return;
      io.stderr(`failed getting logs: ${(error as Error).message}\n`);
      hasFailed = true;
    }
  };
  if (flags.bool("follow")) await Promise.all(pods.map(print));
  else for (const pod of pods) await print(pod);
  if (hasFailed && !flags.bool("follow")) throw new CommandError("failed to collect logs from all Flux pods");
};

function queryOf(flags: FlagValues): Readonly<Record<string, string>> {
  const [sinceMs, sinceTime] = [flags.durationMs("since"), flags.string("since-time")];
  if (sinceMs !== 0 && sinceTime !== "") throw new CommandError("at most one of `sinceTime` or `sinceDuration` may be specified");
  if (sinceTime !== "" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.test(sinceTime)) {
    throw new CommandError(`${sinceTime} is not a valid (RFC3339) time`);
  }
  const tail = flags.int("tail");
  return {
    ...(flags.bool("follow") ? { follow: "true" } : {}),
    ...(tail > -1 ? { tailLines: String(tail) } : {}),
    ...(sinceTime === "" ? {} : { sinceTime: new Date(sinceTime).toISOString().replace(/\.\d+Z$/, "Z") }),
    ...(sinceMs === 0 ? {} : { sinceSeconds: String(Math.round(sinceMs / 1000)) }),
  };
}

/** One pod of each controller, one that runs before one that does not. */
async function findPods(client: Client, namespace: string, signal: AbortSignal): Promise<readonly Pod[]> {
  const deployments = await client.list<Deployment>(
    { apiVersion: "apps/v1", kind: "Deployment" },
    { namespace, labelSelector: PART_OF_FLUX, signal },
  );
  const found: Pod[] = [];
  for (const { spec } of deployments.items) {
    const labelSelector = Object.entries(spec.template.metadata?.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    const { items } = await client.list<Pod>({ apiVersion: "v1", kind: "Pod" }, { namespace, labelSelector, signal });
    const pod = items.find(({ status }) => status?.phase === "Running") ?? items[0];
    if (pod !== undefined) found.push(pod);
  }
  if (found.length === 0) throw new CommandError(`no Flux pods found in namespace ${JSON.stringify(namespace)}`);
  return found;
}

async function printLog(
  client: Client,
  pod: Pod,
  query: Readonly<Record<string, string>>,
  filter: LogFilter,
  print: (line: string) => void,
  signal: AbortSignal,
  tellProblem: (problem: string) => void,
): Promise<void> {
  const { namespace = "", name = "" } = pod.metadata;
  const container = pod.spec.containers.length > 1 ? { container: "manager" } : {};
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;
  const response = await client.transport({ method: "GET", path, query: { ...query, ...container }, signal });
  if (response.status >= 400) throw toApiError(response);
  for await (const line of linesOf(response.stream, response.text ?? "")) {
    try {
      const formatted = formatLogLine(line, filter);
      if (formatted !== undefined) print(formatted);
    } catch (error) {
      tellProblem(`parse error: ${(error as Error).message}`);
      return;
    }
  }
}

async function* linesOf(stream: AsyncIterable<Uint8Array> | undefined, text: string): AsyncGenerator<string> {
  if (stream === undefined) {
    yield* text.split("\n");
    return;
  }
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_LENGTH) rest = "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
