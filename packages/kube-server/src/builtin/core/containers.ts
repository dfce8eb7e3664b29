// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, portNameProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { resourceRequirements } from "../validation/resource-requirements.ts";
import { oneOf, portNumber, PROTOCOLS, requireOneOf } from "../validation/scalars.ts";
import { env, envFrom } from "./environment.ts";
import { lifecycle, probe, type ProbeKind } from "./probes.ts";
import { containerSecurity } from "./security-context.ts";
import { volumeDevices, volumeMounts } from "./volume-mounts.ts";

/** What the containers of one pod have in common. */
export interface PodSurroundings {
  readonly volumes: ReadonlyMap<string, JsonObject>;
  readonly claims: ReadonlySet<string>;
  readonly grace: number | undefined;
  readonly restartPolicy: string;
  readonly os: string | undefined;
  readonly hostUsers: boolean;
}

const PROBES: readonly ProbeKind[] = ["livenessProbe", "readinessProbe", "startupProbe"];
const RESTART_POLICIES: readonly string[] = ["Always", "Never", "OnFailure"];
const ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always";

/** `containers` of a pod. */
export function containers(spec: JsonObject, pod: PodSurroundings, path: string, problems: Problems): void {
  const all = objectsAt(spec, "containers");
  const base = at(path, "containers");
  if (all.length === 0) return problems.required(base);
  const names = new Set<string>();
  all.forEach((container, index) => {
    const own = `${base}[${index}]`;
    anyContainer(container, pod, own, problems);
    uniqueName(container, names, own, problems);
    lifecycle(container, pod.grace, own, problems, pod.os);
    for (const kind of PROBES) probe(container, kind, pod.grace, own, problems);
    restartPolicy(container, own, problems);
  });
  hostPorts(all, base, problems);
}

/** `initContainers` of a pod: those that restart always are sidecars and may do what containers may. */
export function initContainers(spec: JsonObject, pod: PodSurroundings, path: string, problems: Problems): void {
  const all = objectsAt(spec, "initContainers");
  if (all.length === 0) return;
  const names = new Set(objectsAt(spec, "containers").map((container) => textAt(container, "name")));
  all.forEach((container, index) => {
    const own = `${at(path, "initContainers")}[${index}]`;
    anyContainer(container, pod, own, problems);
    restartPolicy(container, own, problems);
    uniqueName(container, names, own, problems);
    hostPorts([container], at(path, "initContainers"), problems);
    if (textAt(container, "restartPolicy") === "Always") {
      lifecycle(container, pod.grace, own, problems, pod.os);
      for (const kind of PROBES) probe(container, kind, pod.grace, own, problems);
      return;
    }
    for (const key of ["lifecycle", ...PROBES]) if (hasAt(container, key)) problems.forbidden(at(own, key), ONLY_SIDECARS);
    objectsAt(container, "resizePolicy").forEach((policy, position) => {
      if (textAt(policy, "restartPolicy") === "RestartContainer") {
        problems.invalid(
          `${at(own, "resizePolicy")}[${position}].restartPolicy`,
          "RestartContainer",
          "must not be set to 'RestartContainer' for non-sidecar initContainers",
        );
      }
    });
  });
}

/** What holds for containers of every kind. */
export function anyContainer(container: JsonObject, pod: PodSurroundings, path: string, problems: Problems): void {
  const name = textAt(container, "name");
  if (name === "") problems.required(at(path, "name"));
  else problems.invalidFor(at(path, "name"), name, dns1123LabelProblems(name));
  if (textAt(container, "image") === "") problems.required(at(path, "image"));
  requireOneOf(container, "terminationMessagePolicy", path, problems, ["File", "FallbackToLogsOnError"]);
  ports(container, path, problems);
  env(container, path, problems);
  envFrom(container, path, problems);
  volumeMounts(container, pod.volumes, path, problems);
  volumeDevices(container, pod.volumes, path, problems);
  requireOneOf(container, "imagePullPolicy", path, problems, ["Always", "IfNotPresent", "Never"]);
  resourceRequirements(objectAt(container, "resources"), at(path, "resources"), problems, pod.claims);
  resizePolicy(container, pod.restartPolicy, path, problems);
  containerSecurity(container, path, problems, pod.hostUsers);
}

function uniqueName(container: JsonObject, names: Set<string>, path: string, problems: Problems): void {
  const name = textAt(container, "name");
  if (names.has(name)) problems.duplicate(at(path, "name"), name);
  else if (name !== "") names.add(name);
}

function ports(container: JsonObject, path: string, problems: Problems): void {
  const names = new Set<string>();
  objectsAt(container, "ports").forEach((port, index) => {
    const own = `${at(path, "ports")}[${index}]`;
    const name = textAt(port, "name");
    const details = name === "" ? [] : portNameProblems(name);
    problems.invalidFor(at(own, "name"), name, details);
    if (name !== "" && details.length === 0) {
      if (names.has(name)) problems.duplicate(at(own, "name"), name);
      names.add(name);
    }
    const [containerPort, hostPort] = [numberAt(port, "containerPort") ?? 0, numberAt(port, "hostPort") ?? 0];
    if (containerPort === 0) problems.required(at(own, "containerPort"));
    else portNumber(containerPort, at(own, "containerPort"), problems);
    if (hostPort !== 0) portNumber(hostPort, at(own, "hostPort"), problems);
    requireOneOf(port, "protocol", own, problems, PROTOCOLS);
  });
}

/** No two containers may ask for the same port of the host. */
function hostPorts(all: readonly JsonObject[], base: string, problems: Problems): void {
  const taken = new Set<string>();
  all.forEach((container, index) =>
    objectsAt(container, "ports").forEach((port, position) => {
      const number = numberAt(port, "hostPort") ?? 0;
      const key = `${textAt(port, "protocol")}/${textAt(port, "hostIP")}/${number}`;
      if (number === 0) return;
      if (taken.has(key)) problems.duplicate(`${base}[${index}].ports[${position}].hostPort`, key);
      taken.add(key);
    }),
  );
}

function resizePolicy(container: JsonObject, podRestart: string, path: string, problems: Problems): void {
  const base = at(path, "resizePolicy");
  const seen = new Set<string>();
  objectsAt(container, "resizePolicy").forEach((policy, index) => {
    const [resource, restart] = [textAt(policy, "resourceName"), textAt(policy, "restartPolicy")];
    if (seen.has(resource)) problems.duplicate(`${base}[${index}]`, resource);
    seen.add(resource);
    if (resource === "") problems.required(base);
    else if (resource !== "cpu" && resource !== "memory") problems.notSupported(base, resource, ["cpu", "memory"]);
    if (restart === "") problems.required(base);
    else if (restart !== "NotRequired" && restart !== "RestartContainer")
      problems.notSupported(base, restart, ["NotRequired", "RestartContainer"]);
    if (podRestart === "Never" && restart !== "NotRequired")
      problems.invalid(base, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
  });
}

function restartPolicy(container: JsonObject, path: string, problems: Problems): void {
  const rules = objectsAt(container, "restartPolicyRules");
  if (!hasAt(container, "restartPolicy")) {
    if (rules.length > 0) problems.required(at(path, "restartPolicy"), "must specify restartPolicy when restart rules are used");
  } else oneOf(container, "restartPolicy", path, problems, RESTART_POLICIES);
  if (rules.length > 20) problems.tooMany(at(path, "restartPolicyRules"), rules.length, 20);
  rules.forEach((rule, index) => {
    const own = `${at(path, "restartPolicyRules")}[${index}]`;
    const actions = ["Restart", "RestartAllContainers"];
    if (!actions.includes(textAt(rule, "action"))) problems.notSupported(at(own, "action"), textAt(rule, "action"), actions);
    const codes = objectIn(rule, "exitCodes");
    if (!codes) return problems.required(at(own, "exitCodes"), "must be specified");
    const operators = ["In", "NotIn"];
    if (!operators.includes(textAt(codes, "operator")))
      problems.notSupported(at(own, "exitCodes", "operator"), textAt(codes, "operator"), operators);
    const count = listAt(codes, "values").length;
    if (count > 255) problems.tooMany(at(own, "exitCodes", "values"), count, 255);
  });
}

/** Ephemeral containers: a few fields only, and names that nobody has. */
export function ephemeralContainers(spec: JsonObject, pod: PodSurroundings, path: string, problems: Problems): void {
  const all = objectsAt(spec, "ephemeralContainers");
  if (all.length === 0) return;
  const names = new Set(["containers", "initContainers"].flatMap((key) => objectsAt(spec, key).map((one) => textAt(one, "name"))));
  const others = new Set(names);
  all.forEach((container, index) => {
    const own = `${at(path, "ephemeralContainers")}[${index}]`;
    anyContainer(container, pod, own, problems);
    trimmedImage(container, own, problems);
    uniqueName(container, names, own, problems);
    const target = textAt(container, "targetContainerName");
    if (target !== "" && !others.has(target)) problems.notFound(at(own, "targetContainerName"), target);
    for (const key of ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "restartPolicy", "resizePolicy"]) {
      if (hasAt(container, key)) problems.forbidden(at(own, key), "cannot be set for an Ephemeral Container");
    }
    if (Object.keys(objectAt(container, "resources")).length > 0)
      problems.forbidden(at(own, "resources"), "cannot be set for an Ephemeral Container");
    objectsAt(container, "volumeMounts").forEach((mount, position) => {
      for (const key of ["subPath", "subPathExpr"]) {
        if (textAt(mount, key) !== "")
          problems.forbidden(`${at(own, "volumeMounts")}[${position}].${key}`, "cannot be set for an Ephemeral Container");
      }
    });
  });
}

/** An image without blanks around it: asked of pods, not of templates. */
export function trimmedImage(container: JsonObject, path: string, problems: Problems): void {
  const image = textAt(container, "image");
  if (image.trim() !== image) problems.invalid(at(path, "image"), image, "must not have leading or trailing whitespace");
}

/** With the host's network, ports are the host's. @param everyPort also where no host port is asked for: in pods, not in templates */
export function hostNetworkPorts(spec: JsonObject, path: string, problems: Problems, everyPort: boolean): void {
  if (!isTrueAt(spec, "hostNetwork")) return;
  objectsAt(spec, "containers").forEach((container, index) =>
    objectsAt(container, "ports").forEach((port, position) => {
      const [host, own] = [numberAt(port, "hostPort") ?? 0, numberAt(port, "containerPort") ?? 0];
      if ((everyPort || host !== 0) && host !== own) {
        problems.invalid(
          `${at(path, "containers")}[${index}].ports[${position}].hostPort`,
          host,
          "must match `containerPort` when `hostNetwork` is true",
        );
      }
    }),
  );
}
