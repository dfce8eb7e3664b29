// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "@flux-ts/kube-core";
import { mergeGenerated } from "./generators/merge-generated.ts";
import { KustomizeError } from "./kustomize-error.ts";
import type { Resource } from "./resource.ts";
import { isDeleted } from "./resource.ts";
import type { ResourceId } from "./resource-id.ts";
import { formatId, idKey } from "./resource-id.ts";

/** The resources of a build in order, no two with the same id. */
export class ResourceMap {
  #list: Resource[];

  constructor(list: Iterable<Resource> = []) {
    this.#list = [];
    this.appendAll([...list]);
  }

  get list(): readonly Resource[] {
    return this.#list;
  }

  /** Replaces the list; the caller has checked the ids. */
  set list(list: readonly Resource[]) {
    this.#list = [...list];
  }

  /** @throws {KustomizeError} CONFLICT when an id is taken */
  appendAll(resources: readonly Resource[]): void {
    const [only] = resources;
    if (resources.length === 1 && only !== undefined) {
      if (this.#list.some((known) => known.key === only.key)) throw taken(only);
      this.#list.push(only);
      return;
    }
    const keys = new Set(this.#list.map((known) => known.key));
    for (const resource of resources) {
      if (keys.has(resource.key)) throw taken(resource);
      keys.add(resource.key);
      this.#list.push(resource);
    }
  }

  /** The resources that have or had this id. */
  withAnyId(id: ResourceId): Resource[] {
    const key = idKey(id);
    return this.#list.filter(
      (resource) => !isDeleted(resource) && (resource.key === key || resource.previousIds.some((previous) => idKey(previous) === key)),
    );
  }

  dropDeleted(): void {
    if (this.#list.some(isDeleted)) this.#list = this.#list.filter((resource) => !isDeleted(resource));
  }

  /** Takes what a generator made: adds it, or merges it into or replaces what is there, as its behaviour says. */
  absorb(generated: Resource): void {
    const matches = this.withAnyId(generated.id);
    const [old] = matches;
    if (old === undefined) {
      if (generated.behavior === "merge" || generated.behavior === "replace") {
        throw new KustomizeError("CANNOT_APPLY", `id ${goId(generated.id)} does not exist; cannot merge or replace`, {
          object: formatId(generated.id),
        });
      }
      this.appendAll([generated]);
      return;
    }
    if (matches.length > 1) {
      throw new KustomizeError(
        "CONFLICT",
        `found multiple objects ${matches.map((match) => formatId(match.id)).join(", ")} that could accept merge of ${formatId(generated.id)}`,
      );
    }
    if (generated.behavior !== "merge" && generated.behavior !== "replace") {
      throw new KustomizeError(
        "CONFLICT",
        `id ${goId(generated.id)} exists; can not use behavior: '${generated.behavior}', behavior must be merge or replace`,
        { object: formatId(generated.id) },
      );
    }
    const merged = mergeGenerated(old, generated);
    this.#list = this.#list.map((resource) => (resource === old ? merged : resource));
  }
}

function taken(resource: Resource): KustomizeError {
  const id = formatId(resource.id);
  return new KustomizeError("CONFLICT", `may not add resource with an already registered id: ${id}`, { object: id });
}

/** An id as Go prints the struct, which is what users find in kustomize's messages of generators. */
function goId({ group, version, kind, isClusterScoped, name, namespace }: ResourceId): string {
  const gvk = `resid.Gvk{Group:${goQuote(group)}, Version:${goQuote(version)}, Kind:${goQuote(kind)}, isClusterScoped:${isClusterScoped}}`;
  return `resid.ResId{Gvk:${gvk}, Name:${goQuote(name)}, Namespace:${goQuote(namespace)}}`;
}
