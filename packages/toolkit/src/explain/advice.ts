// SPDX-License-Identifier: Apache-2.0
import type { ObjectRef } from "@flux-ts/kube-core";
import type { Culprit } from "./explanation.ts";
import type { Finding } from "./finding.ts";
import { formatSubject, subjectOf } from "./finding.ts";
import { cleanText } from "./clean-text.ts";
import { commandKind, isFlux } from "./kinds.ts";

interface Advice {
  readonly advice: string;
  readonly next: string;
}

/** What is told of a finding, with what to do about it. */
export function advise(finding: Finding): Culprit {
  const { stage, ref, reason, condition, place } = finding;
  return {
    stage,
    object: subjectOf(ref),
    reason,
    message: cleanText(finding.message),
    ...(condition === undefined ? {} : { condition }),
    ...(place === undefined ? {} : { place }),
    ...adviceFor(finding),
  };
}

type Rule = (finding: Finding) => Advice | undefined;

function adviceFor(finding: Finding): Advice {
  for (const rule of [ofReason, ofSource, ofKustomization, ofApply, ofPod]) {
    const advice = rule(finding);
    if (advice !== undefined) return advice;
  }
  const { ref } = finding;
  if (isFlux(ref))
    return { advice: "See what its controller tells.", next: `flux events --for ${ref.kind}/${ref.name}${inNamespace(ref)}` };
  return { advice: "Look at the object and its events.", next: describe(ref) };
}

const ofReason: Rule = ({ ref, reason, because }) => {
  switch (reason) {
    case "NotFound":
      return notFound(ref, because);
    case "Suspended":
      return { advice: "Resume it when it may go on.", next: `flux resume ${commandKind(ref.kind)} ${ref.name}${inNamespace(ref)}` };
    case "DependencyCycle":
      return {
        advice: "Take one of the dependencies out of spec.dependsOn.",
        next: `flux export ${commandKind(ref.kind)} ${ref.name}${inNamespace(ref)}`,
      };
    case "NotReconciled":
      return isFlux(ref)
        ? { advice: "See that its controller runs.", next: "flux check" }
        : { advice: "See that the controllers of Kubernetes run.", next: "kubectl get pods -n kube-system" };
    case "ScaledToZero":
      return { advice: "Scale it up again.", next: `kubectl scale ${kubectlName(ref)} --replicas=1${inNamespace(ref)}` };
    case "Paused":
      return {
        advice: "Take spec.paused out of the manifest, or go on with the rollout.",
        next: `kubectl rollout resume ${kubectlName(ref)}${inNamespace(ref)}`,
      };
    case "Terminating":
      return {
        advice: "See that what its finalizers belong to runs; take a finalizer away only when that is gone for good.",
        next: `kubectl get ${kubectlName(ref)}${inNamespace(ref)} -o yaml`,
      };
    case "Progressing":
      return isFlux(ref)
        ? { advice: "Wait, it is under way.", next: `flux get ${listOf(ref)} ${ref.name}${inNamespace(ref)} --watch` }
        : undefined;
    case "QuotaExceeded":
      return { advice: "Ask for less, or raise the quota.", next: describe(ref) };
    case "Forbidden":
      if (ref.kind !== "ServiceAccount") return undefined;
      return {
        advice: "Bind a Role to the ServiceAccount that allows it.",
        next: `kubectl auth can-i --list --as=system:serviceaccount:${ref.namespace ?? ""}:${ref.name}${inNamespace(because ?? ref)}`,
      };
    default:
      return undefined;
  }
};

function notFound(ref: ObjectRef, because: ObjectRef | undefined): Advice {
  const refers = because === undefined ? "" : `, or correct the reference in ${formatSubject(because)}`;
  if (isFlux(ref)) return { advice: `Create it${refers}.`, next: `flux get ${listOf(ref)}${inNamespace(ref)}` };
  if (ref.kind === "Namespace")
    return { advice: "Add a manifest of the Namespace: it is applied before what is in it.", next: "kubectl get namespaces" };
  return { advice: `Create it${refers}.`, next: `kubectl get ${ref.kind.toLowerCase()}${inNamespace(ref)}` };
}

const SOURCE_ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /find remote ref|reference not found|no match found for semver|commit .* not found/i,
    "Push the branch, tag or commit, or correct spec.ref.",
  ],
  [/known_hosts|knownhosts|host ?key|key mismatch/i, "Put the host key of the server into known_hosts of the Secret."],
  [/x509|certificate|tls:/i, "Put the certificate of the authority into ca.crt of the Secret."],
  [
    /authenti|authori[sz]|unauthorized|forbidden|denied|handshake|\b40[13]\b|invalid credentials/i,
    "Correct the credentials in the Secret that spec.secretRef names.",
  ],
  [
    /dial |refused|no such host|timed? ?out|deadline exceeded|unreachable|status code: 5\d\d|EOF|reset by peer/i,
    "See that the address of spec.url is right and can be reached from the cluster.",
  ],
  [/repository not found|not found/i, "Correct spec.url, or give the credentials access to it."],
];

const ofSource: Rule = ({ ref, stage, message }) => {
  if (stage !== "source" || !isFlux(ref)) return undefined;
  const advice = SOURCE_ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return advice === undefined ? undefined : { advice: `${advice} Then:`, next: reconcile(ref) };
};

const ofKustomization: Rule = ({ ref, reason, message }) => {
  if (ref.kind !== "Kustomization" || !isFlux(ref)) return undefined;
  const withSource = `${reconcile(ref)} --with-source`;
  if (message.startsWith("kustomization path not found"))
    return { advice: "Correct spec.path, or add the folder. Then:", next: withSource };
  if (message.startsWith("failed to download archive"))
    return { advice: "See that source-controller runs and can be reached by kustomize-controller.", next: "flux check" };
  if (/variable not set/.test(message))
    return {
      advice: "Give the variable a value in spec.postBuild, or a default where it is used: ${name:=value}. Then:",
      next: withSource,
    };
  if (/SOPS|sops|decrypt/.test(message))
    return { advice: "Configure spec.decryption with the key that the file was encrypted for. Then:", next: withSource };
  if (reason === "BuildFailed") return { advice: "Mend the file, commit and push. Then:", next: withSource };
  if (reason === "AccessDenied")
    return {
      advice: "Refer to a source of the same namespace: this installation does not allow others.",
      next: `flux export kustomization ${ref.name}${inNamespace(ref)}`,
    };
  return undefined;
};

const ofApply: Rule = ({ ref, stage, message, because }) => {
  if (stage !== "apply" || (isFlux(ref) && because === undefined)) return undefined;
  const group = /no matches for kind "[^"]*" in version "([^"/]+)\/[^"]+"/.exec(message)?.[1];
  if (group !== undefined) {
    return {
      advice: "Install the CustomResourceDefinition first: in a Kustomization of its own, that this one depends on.",
      next: `kubectl api-resources --api-group=${group}`,
    };
  }
  if (/immutable/.test(message)) {
    return {
      advice:
        "The field cannot be changed. Undo the change, or have the object made anew: annotation kustomize.toolkit.fluxcd.io/force: enabled.",
      next: `kubectl get ${kubectlName(ref)}${inNamespace(ref)} -o yaml`,
    };
  }
  const owner = because !== undefined && isFlux(because) ? `${reconcile(because)} --with-source` : describe(ref);
  return { advice: "Mend the manifest, commit and push. Then:", next: owner };
};

const ofPod: Rule = ({ ref, reason }) => {
  if (ref.kind !== "Pod") return undefined;
  const logs = `kubectl logs ${ref.name}${inNamespace(ref)}`;
  switch (reason) {
    case "CrashLoopBackOff":
      return { advice: "Its log says why it ends.", next: `${logs} --previous` };
    case "OOMKilled":
      return { advice: "It needs more memory than its limit: raise the limit, or find out why.", next: `${logs} --previous` };
    case "Error":
    case "ContainersNotReady":
      return { advice: "Its log says more.", next: logs };
    case "ImagePullBackOff":
    case "ErrImagePull":
    case "InvalidImageName":
      return { advice: "Correct the image and its tag, or give the pod an imagePullSecret for the registry.", next: describe(ref) };
    case "Unschedulable":
      return { advice: "See what the nodes have to offer, and what the pod asks for.", next: "kubectl get nodes --show-labels" };
    default:
      return undefined;
  }
};

function reconcile(ref: ObjectRef): string {
  return `flux reconcile ${commandKind(ref.kind)} ${ref.name}${inNamespace(ref)}`;
}

function describe(ref: ObjectRef): string {
  return `kubectl describe ${kubectlName(ref)}${inNamespace(ref)}`;
}

function kubectlName({ kind, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name}`;
}

function inNamespace({ namespace }: ObjectRef): string {
  return namespace === undefined || namespace === "" ? "" : ` -n ${namespace}`;
}

/** As `flux get` takes it. */
function listOf({ kind }: ObjectRef): string {
  const names: ReadonlyMap<string, string> = new Map([
    ["GitRepository", "sources git"],
    ["OCIRepository", "sources oci"],
    ["Bucket", "sources bucket"],
    ["HelmRepository", "sources helm"],
    ["HelmChart", "sources chart"],
    ["Kustomization", "kustomizations"],
    ["HelmRelease", "helmreleases"],
  ]);
  return names.get(kind) ?? "all";
}
