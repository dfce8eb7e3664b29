// SPDX-License-Identifier: Apache-2.0
import type { Condition, KindDefinition, KubeObject } from "@flux-ts/kube-core";
import { isNotFound, toApiVersion } from "@flux-ts/kube-core";
import { fluxKinds } from "@flux-ts/flux-api";
import { connect } from "../../connect.ts";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { renderTable } from "../../output/table.ts";

interface FluxObject extends KubeObject {
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly artifact?: { readonly revision?: string };
    readonly lastAppliedRevision?: string;
  };
}

/** `flux get <kind> [NAME]`. @see spec §4.3 */
export function getKind(kindName: string): Run {
  return async ({ args, flags, io }) => {
    const kind = fluxKinds.find((one) => one.kind === kindName);
    if (kind === undefined) throw new Error(`no kind ${kindName}`);
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const isEverywhere = flags.bool("all-namespaces");
    const objects = await read(kind, args[0]);
    const shown = objects.filter(statusFilter(flags.string("status-selector")));
    if (objects.length === 0 && args[0] === undefined) {
      throw new CommandError(`no ${kind.kind} objects found in "${isEverywhere ? "any" : namespace}" namespace`);
    }
    const header = [...(isEverywhere ? ["Namespace"] : []), "Name", "Revision", "Suspended", "Ready", "Message"];
    const rows = shown.map((object) => [...(isEverywhere ? [object.metadata.namespace ?? ""] : []), ...rowOf(object)]);
    io.stdout(renderTable(flags.bool("no-header") ? [] : header, rows));

    async function read(definition: KindDefinition, name: string | undefined): Promise<readonly FluxObject[]> {
      const ref = { apiVersion: toApiVersion(definition.group, definition.version), kind: definition.kind };
      if (name === undefined) {
        const selector = flags.string("label-selector");
        const { items } = await client.list<FluxObject>(ref, {
          ...(isEverywhere ? {} : { namespace }),
          ...(selector === "" ? {} : { labelSelector: selector }),
        });
        return items;
      }
      try {
        return [await client.get<FluxObject>({ ...ref, namespace, name })];
      } catch (error) {
        if (!isNotFound(error)) throw error;
        throw new CommandError(`${definition.kind} object '${name}' not found in "${namespace}" namespace`);
      }
    }
  };
}

function rowOf(object: FluxObject): readonly string[] {
  const ready = object.status?.conditions?.find((condition) => condition.type === "Ready");
  const revision = object.status?.artifact?.revision ?? object.status?.lastAppliedRevision ?? "";
  return [
    object.metadata.name ?? "",
    shorten(revision),
    object.spec?.suspend === true ? "True" : "False",
    ready?.status ?? "False",
    shorten(ready?.message ?? "waiting to be reconciled"),
  ];
}

/** Digests and commits are cut to eight digits. */
function shorten(text: string): string {
  return text.replace(/\b[0-9a-f]{40,128}\b/g, (hex) => hex.slice(0, 8));
}

function statusFilter(selector: string): (object: FluxObject) => boolean {
  if (selector === "") return () => true;
  const [, type = "", operator, status = ""] = /^([^!=]+)(!=|==?)(.*)$/.exec(selector) ?? [];
  if (operator === undefined) throw new CommandError(`expected status selector in type=status format, but found: ${selector}`);
  return (object) => {
    const found = object.status?.conditions?.find((condition) => condition.type.toLowerCase() === type.toLowerCase());
    const matches = found?.status.toLowerCase() === status.toLowerCase();
    return operator === "!=" ? !matches : matches;
  };
}
