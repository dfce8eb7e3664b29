// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import { hasAt, isTrueAt, listAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "../validation/problems.ts";
import { descendingPath, ids, oneOf } from "../validation/scalars.ts";

const PROFILE_TYPES: readonly string[] = ["Localhost", "RuntimeDefault", "Unconfined"];
const SYSCTL = "^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([\\./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$";
const SYSCTL_RE = new RegExp(SYSCTL);
const MAX_SYSCTL = 253;
const MAX_APPARMOR = 4095;

/** `securityContext` of a container. */
export function containerSecurity(container: JsonObject, path: string, problems: Problems, hostUsers: boolean): void {
  const context = objectIn(container, "securityContext");
  if (!context) return;
  const own = at(path, "securityContext");
  ids(context, own, problems, "runAsUser", "runAsGroup");
  if (hasAt(context, "procMount")) {
    oneOf(context, "procMount", own, problems, ["Default", "Unmasked"]);
    if (hostUsers && textAt(context, "procMount") === "Unmasked")
      problems.invalid(at(own, "procMount"), "Unmasked", "`hostUsers` must be false to use `Unmasked`");
  }
  seccompProfile(context, own, problems);
  if (context["allowPrivilegeEscalation"] === false) {
    const printed = (): JsonObject => internalValue("core.SecurityContext", context);
    if (isTrueAt(context, "privileged"))
      problems.invalid(own, printed(), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    for (const capability of listAt(objectAt(context, "capabilities"), "add")) {
      if (capability === "CAP_SYS_ADMIN")
        problems.invalid(own, printed(), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }
  appArmorProfile(context, own, problems);
}

/** `securityContext` of a pod. */
export function podSecurity(spec: JsonObject, path: string, problems: Problems): void {
  const context = objectAt(spec, "securityContext");
  const own = at(path, "securityContext");
  ids(context, own, problems, "fsGroup", "runAsUser", "runAsGroup");
  listAt(context, "supplementalGroups").forEach((group, index) =>
    ids({ [`supplementalGroups[${index}]`]: group }, own, problems, `supplementalGroups[${index}]`),
  );
  if (isTrueAt(spec, "shareProcessNamespace") && isTrueAt(spec, "hostPID")) {
    problems.invalid(at(own, "shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled");
  }
  sysctls(context, spec, at(own, "sysctls"), problems);
  oneOf(context, "fsGroupChangePolicy", own, problems, ["Always", "OnRootMismatch"]);
  seccompProfile(context, own, problems);
  appArmorProfile(context, own, problems);
  oneOf(context, "supplementalGroupsPolicy", own, problems, ["Merge", "Strict"]);
  oneOf(context, "seLinuxChangePolicy", own, problems, ["Recursive"]); // the other way is behind a feature gate
}

function sysctls(context: JsonObject, spec: JsonObject, path: string, problems: Problems): void {
  const seen = new Set<string>();
  objectsAt(context, "sysctls").forEach((sysctl, index) => {
    const name = textAt(sysctl, "name");
    const own = `${path}[${index}].name`;
    if (name === "") problems.required(own);
    else if (name.length > MAX_SYSCTL || !SYSCTL_RE.test(name)) {
      problems.invalid(own, name, `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL}`);
    } else if (seen.has(name)) problems.duplicate(own, name);
    const dotted = name.replaceAll("/", ".");
    if (isTrueAt(spec, "hostNetwork") && dotted.startsWith("net."))
      problems.invalid(own, name, "may not be specified when 'hostNetwork' is true");
    if (isTrueAt(spec, "hostIPC") && /^(?:kernel\.(?:shm|msg|sem)|fs\.mqueue\.)/.test(dotted)) {
      problems.invalid(own, name, "may not be specified when 'hostIPC' is true");
    }
    seen.add(name);
  });
}

function seccompProfile(context: JsonObject, path: string, problems: Problems): void {
  const profile = objectIn(context, "seccompProfile");
  if (!profile) return;
  const own = at(path, "seccompProfile");
  const type = textAt(profile, "type");
  if (type === "") problems.required(at(own, "type"), "type is required when seccompProfile is set");
  else oneOf(profile, "type", own, problems, PROFILE_TYPES);
  if (type === "Localhost") {
    if (hasAt(profile, "localhostProfile")) descendingPath(textAt(profile, "localhostProfile"), at(own, "localhostProfile"), problems);
    else problems.required(at(own, "localhostProfile"), "must be set when seccomp type is Localhost");
  } else if (hasAt(profile, "localhostProfile")) {
    problems.invalid(
      at(own, "localhostProfile"),
      internalValue("core.SeccompProfile", profile),
      "can only be set when seccomp type is Localhost",
    );
  }
}

function appArmorProfile(context: JsonObject, path: string, problems: Problems): void {
  const profile = objectIn(context, "appArmorProfile");
  if (!profile) return;
  const own = at(path, "appArmorProfile");
  const file = at(own, "localhostProfile");
  const type = textAt(profile, "type");
  const name = textAt(profile, "localhostProfile");
  if (type === "") problems.required(at(own, "type"), "type is required when appArmorProfile is set");
  else if (type === "Localhost") {
    if (name.trim() !== name) problems.invalid(file, name, "must not be padded with whitespace");
    else if (name === "") problems.required(file, "must be set when AppArmor type is Localhost");
    if (name.length > MAX_APPARMOR) problems.tooLong(file, MAX_APPARMOR);
  } else if (!PROFILE_TYPES.includes(type)) problems.notSupported(at(own, "type"), type, PROFILE_TYPES);
  else if (hasAt(profile, "localhostProfile")) problems.invalid(file, name, "can only be set when AppArmor type is Localhost");
}
