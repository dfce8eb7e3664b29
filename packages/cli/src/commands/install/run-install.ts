// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, stringifyYaml } from "@flux-ts/kube-core";
import { build, toYaml } from "@flux-ts/kustomize";
import { formatChanges, readObjects } from "@flux-ts/toolkit/apply";
import { assessDeployments } from "../../assess-deployments.ts";
import { isManagedByFlux, readClusterInfo } from "../../cluster-info.ts";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { FlagValues } from "../../flags.ts";
import type { Io } from "../../io.ts";
import { applyManifests } from "../../manifests/apply-manifests.ts";
import { components as known } from "../../manifests/components.ts";
import type { InstallOptions } from "../../manifests/install-manifests.ts";
import { deploymentNames, installManifests } from "../../manifests/install-manifests.ts";
import { TOPOLOGIES } from "../../manifests/topology.ts";
import { namespaceOf } from "../../namespace.ts";
import { nodeFileSystem } from "../../node-file-system.ts";
import { progressOn } from "../../output/progress.ts";
import { VERSION } from "../../version-text.ts";

/** `flux install`. @see cmd/flux/install.go */
export const runInstall: Run = async ({ flags, io }) => {
  const options = readOptions(flags, io);
  const credentials = flags.string("registry-creds");
  if (credentials !== "" && options.imagePullSecret === "")
    throw new CommandError("--registry-creds requires --image-pull-secret to be set");
  if (credentials !== "" && credentials.split(":").length !== 2) {
    throw new CommandError("invalid --registry-creds format, expected 'user:password'");
  }
  const progress = progressOn(io);
  const isExport = flags.bool("export");
  if (!isExport) progress.generate("generating manifests");
  const manifests = flags.string("manifests");
  const text = manifests === "" ? toText(installManifests(options)) : buildManifests(resolve(io.cwd, manifests));
  const content = `${heading(options)}\n${text}`;
  if (isExport) return io.stdout(content);
  if (flags.bool("verbose")) io.stdout(content);
  progress.success("manifests build completed");
  progress.action(`installing components in ${options.namespace} namespace`);
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client } = connection;
  const ports = { clock: io.clock, signal: deadline.signal };
  await requireConsent(client, flags.bool("force"), io, deadline.signal);
  try {
    const changes = await applyManifests(client, readObjects(text), ports);
    io.stdout(`${formatChanges(changes)}\n`);
    if (credentials !== "") {
      progress.action(`generating image pull secret ${options.imagePullSecret}`);
      await client.apply(pullSecret(options, credentials), { fieldManager: "flux", force: true, signal: deadline.signal });
    }
  } catch (error) {
    deadline.signal.throwIfAborted();
    throw new CommandError(`install failed: ${(error as Error).message}`, { cause: error });
  }
  progress.waiting("verifying installation");
  if (!(await assessDeployments(client, options.namespace, deploymentNames(options), progress, ports)))
    throw new CommandError("install failed");
  progress.success("install finished");
};

function readOptions(flags: FlagValues, io: Io): InstallOptions {
  const components = [...flags.strings("components"), ...flags.strings("components-extra")];
  const missing = components.find((name) => known.every((each) => each.name !== name));
  if (missing !== undefined) throw new CommandError(`component ${missing} is not available`);
  const topology = TOPOLOGIES.find((known) => known === flags.string("topology")) ?? "split";
  if (topology === "single" && flags.string("image") === "") {
    throw new CommandError("--topology=single requires --image to be set: upstream has no image with all controllers");
  }
  return {
    version: versionOf(flags.string("version")),
    namespace: namespaceOf(flags, io),
    components,
    registry: flags.string("registry"),
    image: flags.string("image"),
    topology,
    imagePullSecret: flags.string("image-pull-secret"),
    watchesAllNamespaces: flags.bool("watch-all-namespaces"),
    networkPolicy: flags.bool("network-policy"),
    logLevel: flags.string("log-level"),
    clusterDomain: flags.string("cluster-domain"),
    tolerationKeys: flags.strings("toleration-keys"),
  };
}

/** Manifests of other versions are not downloaded: this command carries its own. */
function versionOf(input: string): string {
  const own = `v${VERSION}`;
  if (input === "" || input === "latest" || input === own) return own;
  if (!input.startsWith("v")) throw new CommandError(`targeted version '${input}' must be prefixed with 'v'`);
  throw new CommandError(`targeted version '${input}' is not compatible with your current version of flux (${VERSION})`);
}

function heading({ version, components }: InstallOptions): string {
  return `---\n# This manifest was generated by flux. DO NOT EDIT.\n# Flux Version: ${version}\n# Components: ${components.join(",")}`;
}

function toText(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringifyYaml(object)).join("---\n");
}

function buildManifests(folder: string): string {
  if (!["kustomization.yaml", "kustomization.yml", "Kustomization"].some((name) => existsSync(join(folder, name)))) {
    throw new CommandError("install failed: kustomization.yaml not found");
  }
  try {
    return toYaml(build(nodeFileSystem(), folder, { loadRestrictor: "none" }).objects);
  } catch (error) {
    throw new CommandError(`install failed: ${(error as Error).message}`, { cause: error });
  }
}

async function requireConsent(client: Client, isForced: boolean, io: Io, signal: AbortSignal): Promise<void> {
  const info = await readClusterInfo(client, signal).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw new CommandError(`cluster info unavailable: ${(error as Error).message}`, { cause: error });
  });
  if (info === undefined) return;
  const { isBootstrapped, version = "", managedBy = "" } = info;
  if (isBootstrapped) {
    throw new CommandError(`this cluster has already been bootstrapped with Flux ${version}! Please use 'flux bootstrap' to upgrade`);
  }
  if (isForced || isManagedByFlux(info)) return;
  io.stderr(`Flux ${version} has been installed on this cluster with ${managedBy}!\n`);
  const answer = await io.ask(`Are you sure you want to override the ${managedBy} installation? Y/N [y/N] `);
  if (!/^y$/i.test(answer.trim())) throw new CommandError("installation cancelled");
}

function pullSecret({ imagePullSecret, namespace, registry }: InstallOptions, credentials: string): KubeObject {
  const [username = "", password = ""] = credentials.split(":");
  const auth = Buffer.from(credentials).toString("base64");
  const config = JSON.stringify({ auths: { [registry]: { username, password, auth } } }, undefined, 2);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: imagePullSecret, namespace },
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": config },
  };
}
