// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { Client, Selected } from "@flux-ts/kube-client";
import { connect as connectTo, createClient, loadKubeconfig, ownKubeconfig, selectFrom, systemClock } from "@flux-ts/kube-client";
import { CommandError } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./version-text.ts";

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** What `--namespace` means here: the flag, else the environment, else the context's when asked, else `flux-system`. */
  readonly namespace: string;
}

/**
 * Connects to the cluster that the global flags and the kubeconfig name. @see spec §4.0
 * @throws {KubeClientError} when the kubeconfig cannot be used
 */
export async function connect(flags: FlagValues, io: Io): Promise<Connection> {
  const given = (name: string): string | undefined => (flags.string(name) === "" ? undefined : flags.string(name));
  const config = await loadKubeconfig({ path: given("kubeconfig"), env: io.env, home: io.home });
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
    cluster: { ...cluster, ...(files.caFile === undefined ? { ...(caData === undefined ? {} : { caData }) } : { caFile: files.caFile }) },
    user: {
      ...user,
      ...(files.certFile === undefined ? { ...(certData === undefined ? {} : { certData }) } : { certFile: files.certFile }),
      ...(files.keyFile === undefined ? { ...(keyData === undefined ? {} : { keyData }) } : { keyFile: files.keyFile }),
    },
  };
  const isInteractive = io.terminal.isTty;
  const transport = await connectTo(withFiles, { clock: systemClock(), trust: ownKubeconfig, env: io.env, isInteractive });
  const client = createClient(transport, { userAgent: `flux/v${VERSION}`, kinds: fluxKinds });
  return { client, namespace: namespaceOf(flags, io, selected.namespace), [Symbol.asyncDispose]: () => transport.close() };
}

function namespaceOf(flags: FlagValues, io: Io, ofContext: string): string {
  const follows = flags.bool("ns-follows-kube-context") || isTrue(io.env["FLUX_NS_FOLLOWS_KUBE_CONTEXT"]);
  const fallback = io.env["FLUX_SYSTEM_NAMESPACE"] || (follows ? ofContext : flags.string("namespace"));
  const namespace = flags.changed("namespace") ? flags.string("namespace") : fallback;
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw new CommandError(`namespace must be a valid DNS label: ${JSON.stringify(namespace)}`);
  }
  return namespace;
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}
