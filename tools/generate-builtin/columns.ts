// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names under which the printers import API groups, with the folder below k8s.io. */
const DOC_PACKAGES: Readonly<Record<string, string>> = {
  metav1: "apimachinery/pkg/apis/meta/v1",
  apiv1: "api/core/v1",
  appsv1: "api/apps/v1",
  batchv1: "api/batch/v1",
  autoscalingv1: "api/autoscaling/v1",
  autoscalingv2: "api/autoscaling/v2",
  autoscalingv2beta1: "api/autoscaling/v2",
  certificatesv1: "api/certificates/v1",
  certificatesv1beta1: "api/certificates/v1beta1",
  certificatesv1alpha1: "api/certificates/v1alpha1",
  coordinationv1: "api/coordination/v1",
  discoveryv1: "api/discovery/v1",
  flowcontrolv1: "api/flowcontrol/v1",
  networkingv1: "api/networking/v1",
  rbacv1: "api/rbac/v1",
  rbacv1beta1: "api/rbac/v1beta1",
  schedulingv1: "api/scheduling/v1",
  storagev1: "api/storage/v1",
  nodev1: "api/node/v1",
  policyv1: "api/policy/v1",
};

/** How the printers call a group where the type table calls it otherwise. */
const GROUP_NAMES: Readonly<Record<string, string>> = { api: "core", nodeapi: "node" };

/** The columns of one kind: name, type, format, priority and description, as the server sends them. */
export type Column = readonly [name: string, type: string, format: string, priority: number, description: string];

/** The columns of the built-in tables by group and kind, e.g. `core.Pod`; those of a kind without any are `default`. @param modules as for main.ts */
export function readColumns(kubernetes: string, modules: string): Map<string, readonly Column[]> {
  const source = readFileSync(join(kubernetes, "pkg/printers/internalversion/printers.go"), "utf8").replace(/^\s*\/\/.*$/gm, "");
  const docs = new Map(Object.entries(DOC_PACKAGES).map(([name, path]) => [name, readDocs(join(modules, "k8s.io", path))]));
  const printed = new Map(
    [...source.matchAll(/^func (print\w+)\(\w+ \*(\w+)\.(\w+),/gm)].map(([, name = "", group = "", kind = ""]) => [
      name,
      `${GROUP_NAMES[group] ?? group}.${kind}`,
    ]),
  );
  const definitions = new Map<string, readonly Column[]>();
  // Some are put together from several lists: `x := …{`, `x = append(x, …{`.
  const list = /^\t(\w+) :?= (?:append\(\1, )?\[\]metav1\.TableColumnDefinition\{\n([\s\S]*?)\n\t\}/gm;
  for (const [, name = "", body = ""] of source.matchAll(list)) {
    const own = body.split("\n").filter((line) => line.includes("Name:"));
    definitions.set(name, [...(definitions.get(name) ?? []), ...own.map((line) => readColumn(line, docs))]);
  }
  const columns = new Map<string, readonly Column[]>();
  for (const [, definition = "", printer = ""] of source.matchAll(/h\.TableHandler\((\w+), (\w+)\)/g)) {
    const kind = printed.get(printer);
    const own = definitions.get(definition);
    if (kind && own && !kind.endsWith("List")) columns.set(kind, own);
  }
  const meta = (field: string): string => docs.get("metav1")?.get(`ObjectMeta.${field}`) ?? "";
  columns.set("default", [
    ["Name", "string", "name", 0, meta("name")],
    ["Created At", "date", "", 0, meta("creationTimestamp")],
  ]);
  return columns;
}

function readColumn(line: string, docs: ReadonlyMap<string, ReadonlyMap<string, string>>): Column {
  const text = (key: string): string => JSON.parse(new RegExp(`\\b${key}: ("(?:[^"\\\\]|\\\\.)*")`).exec(line)?.[1] ?? '""') as string; // a quoted Go text
  // The involved object of an event is described by its own type.
  const named = line.replace("Event{}.InvolvedObject.", "ObjectReference{}.");
  const doc = /Description: (\w+)\.(\w+)\{\}\.SwaggerDoc\(\)\["(\w*)"\]/.exec(named);
  const description = doc ? (docs.get(doc[1] ?? "")?.get(`${doc[2]}.${doc[3]}`) ?? "") : text("Description");
  return [text("Name"), text("Type"), text("Format"), Number(/Priority: (\d+)/.exec(line)?.[1] ?? 0), description];
}

function readDocs(folder: string): ReadonlyMap<string, string> {
  const docs = new Map<string, string>();
  const file = readdirSync(folder).find((name) => name === "types_swagger_doc_generated.go");
  if (!file) return docs;
  let type = "";
  for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
    type = /^var map_(\w+) = /.exec(line)?.[1] ?? type;
    const entry = /^\t("(?:[^"\\]|\\.)*"):\s+("(?:[^"\\]|\\.)*"),$/.exec(line);
    if (entry?.[1] && entry[2]) docs.set(`${type}.${JSON.parse(entry[1]) as string}`, JSON.parse(entry[2]) as string); // quoted Go texts
  }
  return docs;
}
