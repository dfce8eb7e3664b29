// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { listKind } from "../get/list-kind.ts";
import type { FluxObject } from "../kinds.ts";
import { kindOf, referTo } from "../kinds.ts";
import { exportedObject, renderManifest } from "./exported-object.ts";

/** Sources whose `secretRef` holds what `--with-credentials` prints. */
const kindsWithSecret = new Set(["GitRepository", "OCIRepository", "Bucket", "HelmRepository"]);

/** `flux export <kind> NAME` and `--all`. @see cmd/flux/export.go, export_secret.go */
export function exportKind(kindName: string): Run {
  return async ({ args: [name], flags, io }) => {
    const kind = kindOf(kindName);
    const isAll = flags.bool("all");
    if (!isAll && name === undefined) throw new CommandError("name is required");
    using deadline = deadlineOf(flags, io);
    const { signal } = deadline;
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const objects = isAll
      ? await listKind(kind, client, { namespace, signal })
      : [await client.get<FluxObject>(referTo(kind, namespace, name ?? ""), { signal })];
    if (objects.length === 0) throw new CommandError(`no objects found in ${namespace} namespace`);
    const withCredentials = kindsWithSecret.has(kindName) && flags.has("with-credentials") && flags.bool("with-credentials");
    for (const object of objects) {
      io.stdout(renderManifest(exportedObject(object)));
      const secret = object.spec?.secretRef?.name;
      if (withCredentials && secret !== undefined) io.stdout(renderManifest(await credentials(client, object, secret, signal)));
    }
  };
}

async function credentials(client: Client, object: FluxObject, name: string, signal: AbortSignal): Promise<KubeObject> {
  const namespace = object.metadata.namespace ?? "";
  const ref = { apiVersion: "v1", kind: "Secret", name, namespace };
  try {
    const secret = await client.get<KubeObject & { readonly data?: unknown; readonly type?: string }>(ref, { signal });
    const { data, type } = secret;
    const exported = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace } };
    return { ...exported, ...(data === undefined ? {} : { data }), ...(type === undefined ? {} : { type }) };
  } catch (error) {
    throw new CommandError(`failed to retrieve secret ${name}, error: ${(error as Error).message}`, { cause: error });
  }
}
