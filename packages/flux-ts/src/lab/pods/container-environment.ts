// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";

/** The variables of a container: given ones, and fields of its pod. Those that would come from elsewhere are left out. */
export function containerEnvironment(pod: KubeObject, container: JsonObject): ReadonlyMap<string, string> {
  const environment = new Map<string, string>();
  const entries = Array.isArray(container["env"]) ? container["env"].filter(isJsonObject) : [];
  for (const { name, value, valueFrom } of entries) {
    if (typeof name !== "string") continue;
    const text = typeof value === "string" ? value : isJsonObject(valueFrom) ? fieldOf(pod, valueFrom) : undefined;
    if (text !== undefined) environment.set(name, expand(text, environment));
  }
  return environment;
}

/** Replaces `$(NAME)` by its value, and `$$(NAME)` by `$(NAME)`; names that are not there stay. @see kubernetes third_party/forked/golang/expansion */
export function expand(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\$)?\(([^()]*)\)/g, (whole, escaped: string | undefined, name: string) =>
    escaped === undefined ? (environment.get(name) ?? whole) : whole.slice(1),
  );
}

function fieldOf(pod: KubeObject, { fieldRef }: JsonObject): string | undefined {
  const spec = isJsonObject(pod["spec"]) ? pod["spec"] : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  switch (isJsonObject(fieldRef) ? fieldRef["fieldPath"] : undefined) {
    case "metadata.name":
      return pod.metadata.name ?? "";
    case "metadata.namespace":
      return pod.metadata.namespace ?? "";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "spec.nodeName":
      return text(spec["nodeName"]);
    case "spec.serviceAccountName":
      return text(spec["serviceAccountName"]);
    default:
      return undefined;
  }
}
