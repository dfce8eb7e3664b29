// SPDX-License-Identifier: Apache-2.0
import { ApiError } from "@flux-ts/kube-core";
import type { KubeObject } from "@flux-ts/kube-core";
import type { SubresourceHandler } from "@flux-ts/kube-server";
import { podsWithoutContainers } from "../pods-without-containers.ts";
import type { LogLine, PodLog } from "./pod-log.ts";

type Request = Parameters<SubresourceHandler>[2];

/**
 * `pods/log` of pods that run in this process; others are told that there is no log of them.
 * @see kubernetes pkg/registry/core/pod LogLocation for the words of refusals
 */
export function serveLogs(
  find: (namespace: string, name: string) => KubeObject | undefined,
  logOf: (uid: string) => PodLog | undefined,
): SubresourceHandler {
  const otherwise = podsWithoutContainers["pods/log"];
  return (plane, definition, request) => {
    const { namespace, name } = request.info;
    const pod = find(namespace, name);
    if (pod === undefined) throw failure(404, "NotFound", `pods ${JSON.stringify(name)} not found`, { name, kind: "pods" });
    requireContainer(pod, request);
    const log = logOf(pod.metadata.uid ?? "");
    if (log === undefined) {
      if (otherwise === undefined) throw failure(404, "NotFound", "the server could not find the requested resource");
      return otherwise(plane, definition, request);
    }
    if (request.query.flag("previous")) {
      throw failure(
        400,
        "BadRequest",
        `previous terminated container ${JSON.stringify(containerOf(pod, request))} in pod ${JSON.stringify(name)} not found`,
      );
    }
    const lines = selectLines(log.lines, request, plane.clock.now());
    const isStamped = request.query.flag("timestamps");
    if (!request.query.flag("follow")) {
      return { status: 200, contentType: "text/plain", text: cut(lines.map((line) => show(line, isStamped)).join(""), request) };
    }
    return { status: 200, contentType: "text/plain", stream: follow(log, lines, isStamped, request.signal) };
  };
}

function containerNames(pod: KubeObject): readonly string[] {
  const { containers = [] } = (pod["spec"] ?? {}) as { readonly containers?: readonly { readonly name: string }[] }; // admitted as a pod
  return containers.map(({ name }) => name);
}

function containerOf(pod: KubeObject, request: Request): string {
  return request.query.first("container") ?? containerNames(pod)[0] ?? "";
}

function requireContainer(pod: KubeObject, request: Request): void {
  const names = containerNames(pod);
  const { name = "" } = pod.metadata;
  const asked = request.query.first("container") ?? "";
  if (asked === "" && names.length > 1) {
    throw failure(400, "BadRequest", `a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`);
  }
  if (asked !== "" && !names.includes(asked)) throw failure(400, "BadRequest", `container ${asked} is not valid for pod ${name}`);
}

function selectLines(all: readonly LogLine[], request: Request, now: number): readonly LogLine[] {
  const seconds = request.query.integer("sinceSeconds");
  const time = request.query.first("sinceTime");
  const since =
    seconds !== undefined ? now - seconds * 1000 : time !== undefined && time !== "" ? Date.parse(time) : Number.NEGATIVE_INFINITY;
  if (Number.isNaN(since)) throw failure(400, "BadRequest", `sinceTime: Invalid value: ${JSON.stringify(time)}`);
  const lines = all.filter(({ at }) => at >= since);
  const tail = request.query.integer("tailLines");
  if (tail === undefined) return lines;
  if (tail < 0) throw failure(422, "Invalid", 'PodLogOptions "" is invalid: tailLines: Invalid value: must be greater than or equal to 0');
  return tail === 0 ? [] : lines.slice(-tail);
}

function show({ at, text }: LogLine, isStamped: boolean): string {
  return isStamped ? `${new Date(at).toISOString()} ${text}` : text;
}

function cut(text: string, request: Request): string {
  const most = request.query.integer("limitBytes");
  return most === undefined ? text : Buffer.from(text).subarray(0, most).toString("utf8");
}

async function* follow(
  log: PodLog,
  first: readonly LogLine[],
  isStamped: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const waiting: LogLine[] = [...first];
  let isOver = log.isOver;
  let wake: () => void = () => undefined;
  const stop = log.follow((line) => {
    if (line === undefined) isOver = true;
    else waiting.push(line);
    wake();
  });
  const aborted = (): void => wake();
  signal?.addEventListener("abort", aborted);
  try {
    while (signal?.aborted !== true) {
      const lines = waiting.splice(0);
      if (lines.length > 0) yield Buffer.from(lines.map((line) => show(line, isStamped)).join(""));
      else if (isOver) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", aborted);
  }
}

function failure(code: number, reason: string, message: string, details?: { readonly name: string; readonly kind: string }): ApiError {
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  });
}
