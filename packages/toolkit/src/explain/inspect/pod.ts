// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Finding } from "../finding.ts";
import { after, formatSubject, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { conditionOf, isTrueAt, listAt, numberAt, textAt, timeAt, valueAt } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { notFound } from "./missing.ts";
import { podInputs } from "./pod-inputs.ts";
import { terminating } from "./terminating.ts";

/** Reasons for which a container waits without anything being wrong. */
const STARTING: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);
/** How long a pod may take to start. */
const SOON_MS = 30_000;

/** A pod: scheduled, its volumes there, its containers running and ready. */
export const inspectPod: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "pods", undefined)] };
  const { object } = look;
  if (conditionOf(object, "Ready")?.status === "True" || textAt(object, "status", "phase") === "Succeeded") {
    const gone = terminating(object, ref, "pods", walk);
    return gone.length > 0
      ? { links: [], findings: gone }
      : { links: [{ stage: "pods", state: "ok", object: subjectOf(ref), text: "ready" }], findings: [] };
  }
  const here = [...path, keyOf(ref)];
  const findings = [
    ...terminating(object, ref, "pods", walk),
    ...(containerFinding(object, ref, walk) ??
      schedulingFinding(object, ref, walk, here) ??
      startFinding(object, ref, walk) ??
      unready(object, ref, walk)),
  ];
  return { links: [], findings };
};

interface Container {
  readonly name: string;
  /** `initContainers.0` */
  readonly path: string;
  readonly status: unknown;
}

/** Those of init come first: the others wait for them. */
function containersOf(pod: KubeObject): readonly Container[] {
  return (["initContainers", "containers"] as const).flatMap((list) => {
    const statuses = listAt(pod, "status", list === "containers" ? "containerStatuses" : "initContainerStatuses");
    return listAt(pod, "spec", list).map((container, index) => {
      const name = textAt(container, "name");
      return { name, path: `${list}.${index}`, status: statuses.find((each) => textAt(each, "name") === name) };
    });
  });
}

/** The first container that says what is wrong. */
function containerFinding(pod: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] | undefined {
  for (const container of containersOf(pod)) {
    const waiting = textAt(container.status, "state", "waiting", "reason");
    if (waiting !== "" && !STARTING.has(waiting)) return waitingFindings(pod, ref, container, waiting, walk);
    const ended = valueAt(container.status, "state", "terminated");
    const exitCode = numberAt(ended, "exitCode") ?? 0;
    if (exitCode !== 0) {
      const reason = textAt(ended, "reason") || "Error";
      const message = `container ${container.name} ended with exit code ${exitCode}`;
      return [found({ stage: "pods", ref, reason, message, paths: [`${container.path}.image`] })];
    }
  }
  const reason = textAt(pod, "status", "reason");
  if (textAt(pod, "status", "phase") !== "Failed") return undefined;
  return [found({ stage: "pods", ref, reason: reason || "Failed", message: textAt(pod, "status", "message") || "the pod has failed" })];
}

function waitingFindings(pod: KubeObject, ref: ObjectRef, container: Container, reason: string, walk: Walk): readonly Finding[] {
  const message = textAt(container.status, "state", "waiting", "message");
  const self = found({
    stage: "pods",
    ref,
    reason,
    message: `container ${container.name}: ${message || reason}`,
    paths: [`${container.path}.image`],
  });
  switch (reason) {
    case "CrashLoopBackOff": {
      const last = valueAt(container.status, "lastState", "terminated");
      const why = textAt(last, "reason");
      const end = `it ended with exit code ${numberAt(last, "exitCode") ?? "unknown"}${why === "" ? "" : ` (${why})`}, ${numberAt(container.status, "restartCount") ?? 0} restarts`;
      return [
        {
          ...self,
          reason: why === "OOMKilled" ? why : reason,
          message: `${self.message}; ${end}`,
          ...(why === "OOMKilled" ? { paths: [`${container.path}.resources.limits.memory`] } : {}),
        },
      ];
    }
    case "CreateContainerConfigError": {
      const gone = podInputs(pod, ref).filter(({ ref: its }) => walk.isAbsent(its));
      const step = { stage: "pods", state: "failed", object: subjectOf(ref), text: self.message } as const;
      const missing = gone.map(({ ref: its, path }) => ({ ...notFound(its, "pods", ref), paths: [path] }));
      return [...after([step], missing), { ...self, paths: [container.path] }];
    }
    case "ImagePullBackOff":
    case "ErrImagePull": {
      const pulled = walk.eventsOf(ref).find((event) => event.reason === "Failed" && event.message.startsWith("Failed to pull image"));
      const secrets = listAt(pod, "spec", "imagePullSecrets").map((each) => refTo("Secret", ref.namespace, textAt(each, "name")));
      const isDenied = /unauthorized|authoriz|denied|forbidden|\b40[13]\b/i.test(`${message} ${pulled?.message ?? ""}`);
      const step = { stage: "pods", state: "failed", object: subjectOf(ref), text: self.message } as const;
      const gone = isDenied ? secrets.filter((secret) => walk.isAbsent(secret)).map((secret) => notFound(secret, "pods", ref)) : [];
      return [...after([step], gone), pulled === undefined ? self : { ...self, message: `container ${container.name}: ${pulled.message}` }];
    }
    default:
      return [self];
  }
}

/** A pod that no node took. */
function schedulingFinding(pod: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] | undefined {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (textAt(pod, "spec", "nodeName") !== "" || scheduled?.status === "True") return undefined;
  const claims = claimsOf(pod, ref).flatMap((claim) => {
    const { findings } = walk.inspect(claim, here);
    return findings.map((finding) =>
      finding.reason === "NotFound" && formatSubject(finding.ref) === formatSubject(claim) ? notFound(claim, "pods", ref) : finding,
    );
  });
  const reason = scheduled?.reason || "Pending";
  const isOld = walk.now - (timeAt(pod, "metadata", "creationTimestamp") ?? 0) >= SOON_MS;
  const text = scheduled?.message || "no scheduler has looked at it";
  const self = found({
    weight: scheduled === undefined && !isOld ? "hold" : "failure",
    stage: "pods",
    ref,
    reason,
    message: text,
    ...(scheduled === undefined ? {} : { condition: { type: "PodScheduled", status: scheduled.status } }),
    paths: ["nodeSelector", "affinity", "tolerations", "topologySpreadConstraints"],
  });
  const step = { stage: "pods", state: "failed", object: subjectOf(ref), text } as const;
  return [
    ...after(
      [step],
      claims.filter(({ weight }) => weight === "failure"),
    ),
    self,
  ];
}

function claimsOf(pod: KubeObject, { namespace }: ObjectRef): readonly ObjectRef[] {
  return listAt(pod, "spec", "volumes")
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
    .filter((name) => name !== "")
    .map((name) => refTo("PersistentVolumeClaim", namespace, name));
}

/** A pod on a node whose containers did not start, for what events tell. */
function startFinding(pod: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] | undefined {
  if (textAt(pod, "status", "phase") !== "Pending") return undefined;
  const warning = walk.warningOf(
    ref,
    "FailedMount",
    "FailedAttachVolume",
    "FailedCreatePodSandBox",
    "FailedMapVolume",
    "Failed",
    "NetworkNotReady",
  );
  if (warning === undefined) return undefined;
  const gone = podInputs(pod, ref).filter(({ ref: its }) => walk.isAbsent(its));
  const step = { stage: "events", state: "failed", object: subjectOf(ref), text: `${warning.reason}: ${warning.message}` } as const;
  return [
    ...after(
      [step],
      gone.map(({ ref: its, path }) => ({ ...notFound(its, "pods", ref), paths: [path] })),
    ),
    found({ stage: "events", ref, reason: warning.reason, message: warning.message, paths: ["volumes"] }),
  ];
}

/** A pod that runs, or should, and is not ready. */
function unready(pod: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] {
  const ready = conditionOf(pod, "Ready");
  const probe = walk.warningOf(ref, "Unhealthy", "ProbeError");
  if (probe !== undefined) {
    const kind = /^(Readiness|Liveness|Startup)/.exec(probe.message)?.[1]?.toLowerCase() ?? "readiness";
    return [found({ stage: "events", ref, reason: probe.reason, message: probe.message, paths: [`containers.0.${kind}Probe`] })];
  }
  const startedAt = timeAt(pod, "status", "startTime") ?? timeAt(pod, "metadata", "creationTimestamp") ?? 0;
  const isOld = walk.now - startedAt >= SOON_MS;
  const reason = ready?.reason || textAt(pod, "status", "phase") || "Pending";
  const message = ready?.message || (isTrueAt(pod, "spec", "hostNetwork") ? "not ready" : "its node has not started it");
  const condition = ready === undefined ? {} : { condition: { type: "Ready", status: ready.status } };
  return [found({ weight: isOld ? "failure" : "hold", stage: "pods", ref, reason, message, ...condition, paths: ["containers.0"] })];
}
