// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fluxKinds } from "@flux-ts/flux-api";
import type { Client, Selected } from "@flux-ts/kube-client";
import { connect as connectTo, createClient, loadKubeconfig, ownKubeconfig, selectFrom, systemClock } from "@flux-ts/kube-client";
import { CommandError } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import type { Cluster, Io } from "./io.ts";
import { contextNamespaceOf, namespaceOf } from "./namespace.ts";
import { VERSION } from "./version-text.ts";

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** What `--namespace` means here. @see namespaceOf */
  readonly namespace: string;
}

/**
 * Connects to the cluster that the global flags name. @see spec §4.0
 * @throws {KubeClientError} when the kubeconfig cannot be used
 * @throws {CommandError} for a namespace that cannot be one
 */
export async function connect(flags: FlagValues, io: Io): Promise<Connection> {
  const cluster = await (io.cluster ?? ((given) => kubeconfigCluster(given, io)))(flags);
  try {
    const namespace = namespaceOf(flags, io, cluster.contextNamespace);
    const client = createClient(cluster.transport, { userAgent: `flux/v${VERSION}`, kinds: fluxKinds });
    return { client, namespace, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function kubeconfigCluster(flags: FlagValues, io: Io): Promise<Cluster> {
  const given = (name: string): string | undefined => (flags.string(name) === "" ? undefined : flags.string(name));
  const path = given("kubeconfig");
  if (path !== undefined && !existsSync(resolve(io.cwd, path))) throw new CommandError(`stat ${path}: no such file or directory`);
  const config = await loadKubeconfig({ path: path === undefined ? undefined : resolve(io.cwd, path), env: io.env, home: io.home });
  const selected = selectFrom(config, {
    context: given("context"),
    cluster: given("cluster"),
    user: given("user"),
    server: given("server"),
    token: given("token"),
    tlsServerName: given("tls-server-name"),
    insecureSkipTlsVerify: flags.changed("insecure-skip-tls-verify") ? flags.bool("insecure-skip-tls-verify") : undefined,
    as: given("as"),
    asGroups: flags.changed("as-group") ? flags.strings("as-group") : undefined,
    asUid: given("as-uid"),
  });
  const files = { caFile: given("certificate-authority"), certFile: given("client-certificate"), keyFile: given("client-key") };
  // A file on the command line stands in for what the kubeconfig embeds.
  const { caData, ...cluster } = selected.cluster;
  const { certData, keyData, ...user } = selected.user;
  const withFiles: Selected = {
    ...selected,
    cluster: { ...cluster, ...(files.caFile === undefined ? (caData === undefined ? {} : { caData }) : { caFile: files.caFile }) },
    user: {
      ...user,
      ...(files.certFile === undefined ? (certData === undefined ? {} : { certData }) : { certFile: files.certFile }),
      ...(files.keyFile === undefined ? (keyData === undefined ? {} : { keyData }) : { keyFile: files.keyFile }),
    },
  };
  const isInteractive = io.terminal.isTty;
  const transport = await connectTo(withFiles, { clock: systemClock(), trust: ownKubeconfig, env: io.env, isInteractive });
  const contextNamespace = contextNamespaceOf(config, selected.contextName);
  return { transport, contextNamespace, [Symbol.asyncDispose]: () => transport.close() };
}
