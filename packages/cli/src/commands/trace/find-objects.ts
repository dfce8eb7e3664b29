// SPDX-License-Identifier: Apache-2.0
import type { Client, ResourceInfo } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";

export interface Place {
  readonly client: Client;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/**
 * The object of `--kind` and `--api-version`. It keeps the kind as it was given.
 * @throws {CommandError} when something is missing, or the object is not there
 */
export async function findByKind(
  name: string | undefined,
  kind: string,
  apiVersion: string,
  { client, namespace, signal }: Place,
): Promise<KubeObject> {
  if (name === undefined) throw new CommandError("object name is required");
  if (kind === "") throw new CommandError("object kind is required (--kind)");
  if (apiVersion === "") throw new CommandError("object apiVersion is required (--api-version)");
  try {
    const known = (await client.resources()).find(
      (each) => versionOf(each) === apiVersion && each.kind.toLowerCase() === kind.toLowerCase(),
    );
    const info = known ?? (await client.resourceFor({ apiVersion, kind }));
    const ref = { apiVersion, kind: info.kind, name, ...(info.namespaced ? { namespace } : {}) };
    return { ...(await client.get(ref, { signal })), kind };
  } catch (error) {
    signal.throwIfAborted();
    throw new CommandError(`failed to find object: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The objects that arguments name, as kubectl reads them: `deployment web`, `deploy,sts web db`, `deploy/web cm/web`.
 * @throws {CommandError} for arguments that name nothing, or when an object is not there
 */
export async function findByArguments(args: readonly string[], place: Place): Promise<readonly KubeObject[]> {
  const resources = await place.client.resources();
  const requireResource = (name: string): void => {
    if (resourceNamed(resources, name) === undefined) throw new CommandError(`the server doesn't have a resource type "${name}"`);
  };
  // A kind that nobody knows is told before a name that is missing.
  if (args.length === 1 && args[0]?.includes("/") === false) args[0].split(",").forEach(requireResource);
  const wanted = readArguments(args);
  const objects: KubeObject[] = [];
  for (const { resource, name } of wanted) {
    const info = resourceNamed(resources, resource);
    if (info === undefined) throw new CommandError(`the server doesn't have a resource type "${resource}"`);
    const ref = { apiVersion: versionOf(info), kind: info.kind, name, ...(info.namespaced ? { namespace: place.namespace } : {}) };
    try {
      objects.push(await place.client.get(ref, { signal: place.signal }));
    } catch (error) {
      place.signal.throwIfAborted();
      throw new CommandError(`x: ${(error as Error).message}`, { cause: error });
    }
  }
  return objects;
}

interface Wanted {
  readonly resource: string;
  readonly name: string;
}

function readArguments(args: readonly string[]): readonly Wanted[] {
  const [first, ...names] = args;
  if (first === undefined) throw new CommandError("either `<resource>/<name>` or `<resource> <name>` is required as an argument");
  if (args.some((arg) => arg.includes("/"))) return args.map(readPair);
  if (names.length === 0) throw new CommandError("resource(s) were provided, but no name was specified");
  return first.split(",").flatMap((resource) => names.map((name) => ({ resource, name })));
}

function readPair(arg: string): Wanted {
  const [resource = "", name = "", ...more] = arg.split("/");
  if (!arg.includes("/")) {
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  if (resource === "" || name === "" || more.length > 0) {
    throw new CommandError(`arguments in resource/name form must have a single resource and name`);
  }
  return { resource, name };
}

/** By plural, singular, short name or kind; then `plural.group` and `plural.version.group`. */
function resourceNamed(resources: readonly ResourceInfo[], text: string): ResourceInfo | undefined {
  const word = text.toLowerCase();
  const exact = resources.find((each) => each.plural === word || each.singular === word || each.kind.toLowerCase() === word);
  if (exact !== undefined) return exact;
  const short = resources.find((each) => each.shortNames.includes(word));
  if (short !== undefined) return short;
  const dot = word.indexOf(".");
  if (dot < 0) return undefined;
  const [name, rest] = [word.slice(0, dot), word.slice(dot + 1)];
  return resources.find(
    (each) => (each.plural === name || each.singular === name) && (each.group === rest || `${each.version}.${each.group}` === rest),
  );
}

function versionOf({ group, version }: ResourceInfo): string {
  return group === "" ? version : `${group}/${version}`;
}
