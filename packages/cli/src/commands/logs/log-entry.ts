// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, parseJson } from "@flux-ts/kube-core";

/** Which entries are printed; `""` asks for all. */
export interface LogFilter {
  readonly level: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined: about the objects of all namespaces. */
  readonly namespace: string | undefined;
}

/**
 * A line of a controller's log as it is printed: `<time> <level> <Kind>/<name>.<namespace> - <message> <error>`.
 *
 * @returns undefined for what is no entry, or is not asked for
 * @throws {KubeCoreError} for a line that begins as an entry and is none
 * @see cmd/flux/logs.go
 */
export function formatLogLine(line: string, filter: LogFilter): string | undefined {
  if (!line.startsWith("{")) return undefined;
  const entry = parseJson(line);
  const text = (field: string): string => {
    const value = isJsonObject(entry) ? entry[field] : undefined;
    return typeof value === "string" ? value : "";
  };
  const [kind, controllerKind, name, namespace] = [text("reconciler kind"), text("controllerKind"), text("name"), text("namespace")];
  const isAsked =
    (filter.level === "" || filter.level === text("level")) &&
    (filter.kind === "" || isSame(filter.kind, kind) || isSame(filter.kind, controllerKind)) &&
    (filter.name === "" || isSame(filter.name, name)) &&
    (filter.namespace === undefined || isSame(filter.namespace, namespace));
  if (!isAsked) return undefined;
  const object = `${kind === "" ? controllerKind : kind}${name === "" ? "" : `/${name}.${namespace}`}`;
  return `${text("ts")} ${text("level")} ${object} - ${text("msg")} ${text("error")}\n`;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
