// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, Transport, TransportRequest } from "@flux-ts/kube-core";
import { parseApiVersion } from "@flux-ts/kube-core";
import type { KindRef, ResourceInfo } from "./client.ts";
import { isPathMissing, kindMissing, objectOf } from "./answer.ts";
import { groupVersionPath } from "./paths.ts";

type Json = Readonly<Record<string, unknown>>;

const aggregated =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/** What a server serves, asked once and remembered. */
export interface Discovery {
  /** @throws {ApiError} 404 when the server has no such kind */
  resourceFor(kind: KindRef, signal?: AbortSignal): Promise<ResourceInfo>;
  /** Every resource in its preferred version, in the server's order; subresources are left out. */
  resources(signal?: AbortSignal): Promise<readonly ResourceInfo[]>;
  /** Forget one group and version, or everything. */
  forget(apiVersion?: string): void;
}

/**
 * Discovery over a transport: one GET per group and version that is asked for (a controller needs a handful, a cluster
 * has hundreds), aggregated discovery for the whole list, the legacy endpoints where that is not served.
 *
 * @param kinds known beforehand: never asked for
 */
export function createDiscovery(
  transport: Transport,
  request: Pick<TransportRequest, "headers" | "identity">,
  kinds: readonly KindDefinition[],
): Discovery {
  const known = new Map<string, ResourceInfo>();
  for (const kind of kinds) {
    for (const version of [kind.version, ...kind.olderVersions.map((older) => older.version)]) {
      const info = fromDefinition(kind, version);
      known.set(keyOf({ apiVersion: info.group === "" ? version : `${info.group}/${version}`, kind: kind.kind }), info);
    }
  }
  const perVersion = new Map<string, Promise<readonly ResourceInfo[]>>();
  let whole: Promise<readonly ResourceInfo[]> | undefined;

  const read = async (path: string, accept: string | undefined, signal: AbortSignal | undefined): Promise<Json> => {
    const response = await transport({
      method: "GET",
      path,
      ...request,
      headers: { ...request.headers, ...(accept === undefined ? {} : { accept }) },
      ...(signal === undefined ? {} : { signal }),
    });
    return objectOf(response, `Discovery of ${path}`);
  };

  // Not cancelled with its first asker: others wait for the same answer.
  const inVersion = (apiVersion: string): Promise<readonly ResourceInfo[]> => {
    const remembered = perVersion.get(apiVersion);
    if (remembered !== undefined) return remembered;
    const { group, version } = parseApiVersion(apiVersion);
    const asked = read(groupVersionPath(group, version), undefined, undefined).then(
      (list) => fromResourceList(list, group, version),
      (error: unknown) => {
        perVersion.delete(apiVersion);
        if (isPathMissing(error) || isNoSuchGroup(error)) return [];
        throw error;
      },
    );
    perVersion.set(apiVersion, asked);
    return asked;
  };

  const everything = async (signal: AbortSignal | undefined): Promise<readonly ResourceInfo[]> => {
    const found: ResourceInfo[] = [];
    for (const path of ["/api", "/apis"]) {
      const answer = await read(path, aggregated, signal);
      if (answer["kind"] === "APIGroupDiscoveryList") found.push(...fromAggregated(answer));
      else for (const apiVersion of preferredVersions(answer)) found.push(...(await inVersion(apiVersion)));
    }
    return found;
  };

  return {
    async resourceFor(kind) {
      const pinned = known.get(keyOf(kind));
      if (pinned !== undefined) return pinned;
      const wasRemembered = perVersion.has(kind.apiVersion);
      const match = (list: readonly ResourceInfo[]): ResourceInfo | undefined => list.find((info) => info.kind === kind.kind);
      const found = match(await inVersion(kind.apiVersion));
      if (found !== undefined) return found;
      if (!wasRemembered) throw kindMissing(kind.apiVersion, kind.kind);
      perVersion.delete(kind.apiVersion);
      const anew = match(await inVersion(kind.apiVersion));
      if (anew === undefined) throw kindMissing(kind.apiVersion, kind.kind);
      return anew;
    },
    resources(signal) {
      whole ??= everything(signal).catch((error: unknown) => {
        whole = undefined;
        throw error;
      });
      return whole;
    },
    forget(apiVersion) {
      whole = undefined;
      if (apiVersion === undefined) perVersion.clear();
      else perVersion.delete(apiVersion);
    },
  };
}

function keyOf(kind: KindRef): string {
  return `${kind.apiVersion} ${kind.kind}`;
}

function isNoSuchGroup(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 404;
}

function fromDefinition(kind: KindDefinition, version: string): ResourceInfo {
  return {
    group: kind.group,
    version,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.singular,
    namespaced: kind.namespaced,
    verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
    shortNames: kind.shortNames,
    categories: kind.categories,
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === "object" && item !== null) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** @see apimachinery meta/v1 APIResourceList */
function fromResourceList(list: Json, group: string, version: string): readonly ResourceInfo[] {
  return objects(list["resources"])
    .filter((entry) => !text(entry["name"]).includes("/"))
    .map((entry) => ({
      group: text(entry["group"]) || group,
      version: text(entry["version"]) || version,
      kind: text(entry["kind"]),
      plural: text(entry["name"]),
      singular: text(entry["singularName"]) || text(entry["kind"]).toLowerCase(),
      namespaced: entry["namespaced"] === true,
      verbs: strings(entry["verbs"]),
      shortNames: strings(entry["shortNames"]),
      categories: strings(entry["categories"]),
    }));
}

/** @see apidiscovery.k8s.io/v2 APIGroupDiscoveryList: versions come in order of preference */
function fromAggregated(list: Json): readonly ResourceInfo[] {
  const found: ResourceInfo[] = [];
  for (const item of objects(list["items"])) {
    const group = text((item["metadata"] as Json | undefined)?.["name"]);
    const seen = new Set<string>();
    for (const version of objects(item["versions"])) {
      for (const entry of objects(version["resources"])) {
        const plural = text(entry["resource"]);
        const responseKind = entry["responseKind"] as Json | undefined;
        if (seen.has(plural) || text(responseKind?.["kind"]) === "") continue;
        seen.add(plural);
        found.push({
          group,
          version: text(version["version"]),
          kind: text(responseKind?.["kind"]),
          plural,
          singular: text(entry["singularResource"]),
          namespaced: entry["scope"] === "Namespaced",
          verbs: strings(entry["verbs"]),
          shortNames: strings(entry["shortNames"]),
          categories: strings(entry["categories"]),
        });
      }
    }
  }
  return found;
}

/** From an APIVersions (`/api`) or an APIGroupList (`/apis`). */
function preferredVersions(answer: Json): readonly string[] {
  const core = strings(answer["versions"]);
  if (core.length > 0) return core.slice(0, 1);
  return objects(answer["groups"]).flatMap((group) => {
    const preferred = text((group["preferredVersion"] as Json | undefined)?.["groupVersion"]);
    const first = text(objects(group["versions"])[0]?.["groupVersion"]);
    return preferred || first ? [preferred || first] : [];
  });
}
