// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { hasAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { nonNegative, portNumber, portNumberOrName } from "../validation/scalars.ts";

const HEADER_NAME = /^[-A-Za-z0-9]+$/;
const HEADER_TEXT =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
const SCHEMES: readonly string[] = ["HTTP", "HTTPS"];

/** The fields of a container that hold a probe. */
export type ProbeKind = "livenessProbe" | "readinessProbe" | "startupProbe";

/** The probe of that kind, if the container has it. */
export function probe(container: JsonObject, kind: ProbeKind, grace: number | undefined, containerPath: string, problems: Problems): void {
  const own = objectIn(container, kind);
  if (!own) return;
  const path = at(containerPath, kind);
  handler(own, grace, path, problems);
  nonNegative(own, path, problems, "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");
  const period = numberAt(own, "terminationGracePeriodSeconds");
  if (period !== undefined && period <= 0) problems.invalid(at(path, "terminationGracePeriodSeconds"), period, "must be greater than 0");
  if (kind === "readinessProbe") {
    if (period !== undefined) problems.invalid(at(path, "terminationGracePeriodSeconds"), period, "must not be set for readinessProbes");
  } else if (numberAt(own, "successThreshold") !== 1) {
    problems.invalid(at(path, "successThreshold"), numberAt(own, "successThreshold") ?? 0, "must be 1");
  }
}

/** What runs when a container starts or stops. */
export function lifecycle(
  container: JsonObject,
  grace: number | undefined,
  containerPath: string,
  problems: Problems,
  os: string | undefined,
): void {
  const own = objectIn(container, "lifecycle");
  if (!own) return;
  const path = at(containerPath, "lifecycle");
  for (const hook of ["postStart", "preStop"]) if (hasAt(own, hook)) handler(objectAt(own, hook), grace, at(path, hook), problems);
  if (hasAt(own, "stopSignal") && os === undefined) {
    problems.forbidden(at(path, "stopSignal"), "may not be set for containers with empty `spec.os.name`");
  }
}

const HANDLERS: readonly (readonly [string, (action: JsonObject, path: string, problems: Problems, grace: number | undefined) => void])[] =
  [
    ["exec", (action, path, problems) => void (listAt(action, "command").length === 0 && problems.required(at(path, "command")))],
    ["httpGet", httpGet],
    ["tcpSocket", (action, path, problems) => portNumberOrName(action["port"], at(path, "port"), problems)],
    ["grpc", (action, path, problems) => portNumber(numberAt(action, "port") ?? 0, at(path, "port"), problems)],
    ["sleep", sleepAction],
  ];

/** Exactly one way to ask. */
function handler(owner: JsonObject, grace: number | undefined, path: string, problems: Problems): void {
  let found = false;
  for (const [name, check] of HANDLERS) {
    const action = objectIn(owner, name);
    if (!action) continue;
    if (found) problems.forbidden(at(path, name), "may not specify more than 1 handler type");
    else check(action, at(path, name), problems, grace);
    found = true;
  }
  if (!found) problems.required(path, "must specify a handler type");
}

function httpGet(action: JsonObject, path: string, problems: Problems): void {
  if (textAt(action, "path") === "") problems.required(at(path, "path"));
  portNumberOrName(action["port"], at(path, "port"), problems);
  if (!SCHEMES.includes(textAt(action, "scheme"))) problems.notSupported(at(path, "scheme"), action["scheme"], SCHEMES);
  for (const header of objectsAt(action, "httpHeaders")) {
    const name = textAt(header, "name");
    if (!HEADER_NAME.test(name)) problems.invalid(at(path, "httpHeaders"), name, HEADER_TEXT);
  }
}

function sleepAction(action: JsonObject, path: string, problems: Problems, grace: number | undefined): void {
  const seconds = numberAt(action, "seconds") ?? 0;
  if (grace !== undefined && (seconds < 0 || seconds > grace)) {
    problems.invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`);
  }
}
