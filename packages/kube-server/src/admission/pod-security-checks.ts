// SPDX-License-Identifier: Apache-2.0
// A table: the checks of the Pod Security Standards, in the order in which their findings are told.
import type { Container, PodSpec } from "./pod.ts";

/** What a pod has that a level forbids: `host namespaces`, and where. */
export interface Finding {
  readonly reason: string;
  readonly detail: string;
}

type Check = (spec: PodSpec) => Finding | undefined;

interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly procMount?: string;
  readonly seccompProfile?: { readonly type?: string };
  readonly appArmorProfile?: { readonly type?: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly sysctls?: readonly { readonly name?: string }[];
  readonly windowsOptions?: { readonly hostProcess?: boolean };
}

const BASELINE_CAPABILITIES: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);
const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);
const SELINUX_TYPES: ReadonlySet<string> = new Set(["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]);
const RESTRICTED_VOLUMES: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

function containersOf(spec: PodSpec): readonly Container[] {
  const ephemeral = (spec["ephemeralContainers"] ?? []) as readonly Container[]; // decoded as a pod
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...ephemeral];
}

function contextOf(holder: { readonly [field: string]: unknown }): SecurityContext {
  return (holder["securityContext"] ?? {}) as SecurityContext; // decoded as a pod
}

const quote = (text: string): string => JSON.stringify(text);
const names = (list: readonly Container[]): string => list.map(({ name }) => quote(name)).join(", ");
const noun = (word: string, list: readonly unknown[]): string => (list.length === 1 ? word : `${word}s`);
const containersText = (list: readonly Container[]): string => `${noun("container", list)} ${names(list)}`;
const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].toSorted();

const hostNamespaces: Check = (spec) => {
  const set = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
  return set.length > 0 ? { reason: "host namespaces", detail: set.map((field) => `${field}=true`).join(", ") } : undefined;
};

const hostPathVolumes: Check = (spec) => {
  const found = (spec.volumes ?? []).filter((volume) => volume["hostPath"] !== undefined);
  return found.length > 0
    ? { reason: "hostPath volumes", detail: `${noun("volume", found)} ${found.map(({ name }) => quote(name)).join(", ")}` }
    : undefined;
};

const hostPorts: Check = (spec) => {
  const portsOf = (container: Container): readonly number[] =>
    ((container["ports"] ?? []) as readonly { readonly hostPort?: number }[]).flatMap(({ hostPort }) => (hostPort ? [hostPort] : []));
  const found = containersOf(spec).filter((container) => portsOf(container).length > 0);
  if (found.length === 0) return undefined;
  const ports = [...new Set(found.flatMap(portsOf))].toSorted((a, b) => a - b);
  return {
    reason: "hostPort",
    detail: `${containersText(found)} ${found.length === 1 ? "uses" : "use"} ${noun("hostPort", ports)} ${ports.join(", ")}`,
  };
};

const privileged: Check = (spec) => {
  const found = containersOf(spec).filter((container) => contextOf(container).privileged === true);
  return found.length > 0
    ? { reason: "privileged", detail: `${containersText(found)} must not set securityContext.privileged=true` }
    : undefined;
};

const baselineCapabilities: Check = (spec) => {
  const forbiddenOf = (container: Container): readonly string[] =>
    (contextOf(container).capabilities?.add ?? []).filter((capability) => !BASELINE_CAPABILITIES.has(capability));
  const found = containersOf(spec).filter((container) => forbiddenOf(container).length > 0);
  if (found.length === 0) return undefined;
  const list = sorted(found.flatMap(forbiddenOf)).map(quote).join(", ");
  return {
    reason: "non-default capabilities",
    detail: `${containersText(found)} must not include ${list} in securityContext.capabilities.add`,
  };
};

const procMount: Check = (spec) => {
  const valueOf = (container: Container): string => contextOf(container).procMount ?? "Default";
  const found = containersOf(spec).filter((container) => valueOf(container) !== "Default");
  if (found.length === 0) return undefined;
  const values = sorted(found.map(valueOf)).map(quote).join(", ");
  return { reason: "procMount", detail: `${containersText(found)} must not set securityContext.procMount to ${values}` };
};

/** Who sets something forbidden: the pod itself, and which containers. */
function settersText(spec: PodSpec, isBad: (context: SecurityContext) => boolean): string | undefined {
  const parts = isBad(contextOf(spec)) ? ["pod"] : [];
  const found = containersOf(spec).filter((container) => isBad(contextOf(container)));
  if (found.length > 0) parts.push(containersText(found));
  return parts.length > 0 ? parts.join(" and ") : undefined;
}

const baselineSeccomp: Check = (spec) => {
  const setters = settersText(spec, ({ seccompProfile }) => seccompProfile?.type === "Unconfined");
  return setters === undefined
    ? undefined
    : { reason: "seccompProfile", detail: `${setters} must not set securityContext.seccompProfile.type to "Unconfined"` };
};

const appArmor: Check = (spec) => {
  const setters = settersText(spec, ({ appArmorProfile }) => appArmorProfile?.type === "Unconfined");
  return setters === undefined
    ? undefined
    : { reason: "forbidden AppArmor profile", detail: `${setters} must not set securityContext.appArmorProfile.type to "Unconfined"` };
};

const seLinux: Check = (spec) => {
  const contexts = [contextOf(spec), ...containersOf(spec).map(contextOf)].flatMap(({ seLinuxOptions }) =>
    seLinuxOptions ? [seLinuxOptions] : [],
  );
  const types = sorted(contexts.map(({ type = "" }) => type).filter((type) => !SELINUX_TYPES.has(type)));
  const setsUser = contexts.some(({ user }) => Boolean(user));
  const setsRole = contexts.some(({ role }) => Boolean(role));
  const setters = settersText(spec, ({ seLinuxOptions }) =>
    seLinuxOptions ? !SELINUX_TYPES.has(seLinuxOptions.type ?? "") || Boolean(seLinuxOptions.user) || Boolean(seLinuxOptions.role) : false,
  );
  if (setters === undefined) return undefined;
  const details = [
    ...(types.length > 0 ? [`${noun("type", types)} ${types.map(quote).join(", ")}`] : []),
    ...(setsUser ? ["user may not be set"] : []),
    ...(setsRole ? ["role may not be set"] : []),
  ];
  return { reason: "seLinuxOptions", detail: `${setters} set forbidden securityContext.seLinuxOptions: ${details.join("; ")}` };
};

const sysctls: Check = (spec) => {
  const found = (contextOf(spec).sysctls ?? []).map(({ name = "" }) => name).filter((name) => !SAFE_SYSCTLS.has(name));
  return found.length > 0 ? { reason: "forbidden sysctls", detail: found.join(", ") } : undefined;
};

const hostProcess: Check = (spec) => {
  const setters = settersText(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  return setters === undefined
    ? undefined
    : { reason: "hostProcess", detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};

const allowPrivilegeEscalation: Check = (spec) => {
  const found = containersOf(spec).filter((container) => contextOf(container).allowPrivilegeEscalation !== false);
  return found.length > 0
    ? {
        reason: "allowPrivilegeEscalation != false",
        detail: `${containersText(found)} must set securityContext.allowPrivilegeEscalation=false`,
      }
    : undefined;
};

const restrictedCapabilities: Check = (spec) => {
  const keeps = containersOf(spec).filter((container) => !(contextOf(container).capabilities?.drop ?? []).includes("ALL"));
  const addedBy = (container: Container): readonly string[] =>
    (contextOf(container).capabilities?.add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
  const adds = containersOf(spec).filter((container) => addedBy(container).length > 0);
  const details = [
    ...(keeps.length > 0 ? [`${containersText(keeps)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adds.length > 0
      ? [
          `${containersText(adds)} must not include ${sorted(adds.flatMap(addedBy)).map(quote).join(", ")} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  return details.length > 0 ? { reason: "unrestricted capabilities", detail: details.join("; ") } : undefined;
};

const restrictedVolumes: Check = (spec) => {
  const typeOf = (volume: Readonly<Record<string, unknown>>): string | undefined =>
    Object.keys(volume).find((field) => field !== "name" && !RESTRICTED_VOLUMES.has(field) && volume[field] !== undefined);
  const found = (spec.volumes ?? []).filter((volume) => typeOf(volume) !== undefined);
  if (found.length === 0) return undefined;
  const types = sorted(found.map((volume) => typeOf(volume) ?? ""));
  const who = `${noun("volume", found)} ${found.map(({ name }) => quote(name)).join(", ")}`;
  const uses = `${found.length === 1 ? "uses" : "use"} restricted volume ${noun("type", types)} ${types.map(quote).join(", ")}`;
  return { reason: "restricted volume types", detail: `${who} ${uses}` };
};

const runAsNonRoot: Check = (spec) => {
  const pod = contextOf(spec).runAsNonRoot;
  const explicit = containersOf(spec).filter((container) => contextOf(container).runAsNonRoot === false);
  const implicit = pod === true ? [] : containersOf(spec).filter((container) => contextOf(container).runAsNonRoot === undefined);
  const reason = "runAsNonRoot != true";
  if (pod === false && implicit.length > 0) {
    const parts = ["pod", ...(explicit.length > 0 ? [containersText(explicit)] : [])];
    return { reason, detail: `${parts.join(" and ")} must not set securityContext.runAsNonRoot=false` };
  }
  if (explicit.length > 0) return { reason, detail: `${containersText(explicit)} must not set securityContext.runAsNonRoot=false` };
  return implicit.length > 0
    ? { reason, detail: `pod or ${containersText(implicit)} must set securityContext.runAsNonRoot=true` }
    : undefined;
};

const runAsUser: Check = (spec) => {
  const setters = settersText(spec, (context) => context.runAsUser === 0);
  return setters === undefined ? undefined : { reason: "runAsUser=0", detail: `${setters} must not set runAsUser=0` };
};

const restrictedSeccomp: Check = (spec) => {
  const isGood = (type: string | undefined): boolean => type === "RuntimeDefault" || type === "Localhost";
  const bad = settersText(spec, ({ seccompProfile }) => seccompProfile?.type !== undefined && !isGood(seccompProfile.type));
  const reason = "seccompProfile";
  if (bad !== undefined) return { reason, detail: `${bad} must not set securityContext.seccompProfile.type to "Unconfined"` };
  if (isGood(contextOf(spec).seccompProfile?.type)) return undefined;
  const found = containersOf(spec).filter((container) => contextOf(container).seccompProfile?.type === undefined);
  return found.length > 0
    ? { reason, detail: `pod or ${containersText(found)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` }
    : undefined;
};

const SHARED: readonly Check[] = [appArmor, hostNamespaces, hostPorts, privileged, procMount, seLinux, sysctls, hostProcess];

/** By level. A check of the restricted level takes the place of the baseline's of the same kind. */
export const POD_SECURITY_CHECKS: Readonly<Record<"baseline" | "restricted", readonly Check[]>> = {
  baseline: [
    appArmor,
    baselineCapabilities,
    hostNamespaces,
    hostPathVolumes,
    hostPorts,
    privileged,
    procMount,
    seLinux,
    baselineSeccomp,
    sysctls,
    hostProcess,
  ],
  restricted: [...SHARED, allowPrivilegeEscalation, restrictedCapabilities, restrictedVolumes, runAsNonRoot, runAsUser, restrictedSeccomp],
};
