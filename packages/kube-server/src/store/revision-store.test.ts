// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { describe, expect, test } from "vitest";
import type { Journal } from "./change.ts";
import { RevisionStore } from "./revision-store.ts";

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

function namesOf(objects: readonly KubeObject[]): readonly (string | undefined)[] {
  return objects.map(({ metadata }) => metadata.name);
}

function filled(...keys: readonly string[]): RevisionStore {
  const store = new RevisionStore();
  for (const key of keys) store.put("configmaps", key, configMap(key));
  return store;
}

describe("the revision store", () => {
  test("numbers all writes in one row, whatever they write", () => {
    const store = new RevisionStore();
    const first = store.put("configmaps", "a/x", configMap("x"));
    const second = store.put("secrets", "a/x", configMap("x"));
    expect(Number(second.metadata.resourceVersion) - Number(first.metadata.resourceVersion)).toBe(1);
    expect(store.revision).toBe(Number(second.metadata.resourceVersion));
  });

  test("walks in key order, whatever the order of writes, in pages that tell how many remain", () => {
    const store = filled("b/2", "a/1", "b/1", "b/3", "c/1");
    const first = store.page("configmaps", "b/", undefined, 2);
    expect([namesOf(first.objects), first.lastKey, first.remaining]).toEqual([["b/1", "b/2"], "b/2", 1]);
    const second = store.page("configmaps", "b/", first.lastKey, 2);
    expect([namesOf(second.objects), second.lastKey, second.remaining]).toEqual([["b/3"], undefined, 0]);
  });

  test("does not take one namespace for another that begins with its name", () => {
    expect(namesOf(filled("web/a", "web-2/b", "we/c").page("configmaps", "web/").objects)).toEqual(["web/a"]);
  });

  test("shows the past: what was deleted is there, what came later is not", () => {
    const store = filled("a", "b", "c");
    store.put("configmaps", "b", configMap("b", { x: "old" }));
    const then = store.revision;
    store.put("configmaps", "b", configMap("b", { x: "new" }));
    store.delete("configmaps", "a");
    store.put("configmaps", "aa", configMap("aa"));
    const { objects } = store.pageAt(then, "configmaps", "");
    expect(namesOf(objects)).toEqual(["a", "b", "c"]);
    expect(objects[1]?.["data"]).toEqual({ x: "old" });
    expect(namesOf(store.pageAt(then, "configmaps", "", "a", 1).objects)).toEqual(["b"]);
  });

  test("keeps the history that it was told to, no more", () => {
    const store = new RevisionStore({ history: 3 });
    for (const key of ["a", "b", "c", "d", "e"]) store.put("configmaps", key, configMap(key));
    expect(store.changesSince(store.revision - 3, "configmaps").map(({ key }) => key)).toEqual(["c", "d", "e"]);
    expect(() => store.changesSince(store.revision - 4, "configmaps")).toThrow(expect.objectContaining({ code: "COMPACTED" }));
  });

  test("deleting what is not there writes nothing", () => {
    const store = filled("a");
    const { revision } = store;
    expect(store.delete("configmaps", "b")).toBeUndefined();
    expect(store.revision).toBe(revision);
  });

  test("tells every listener of changes in order, even when a listener writes", () => {
    const store = new RevisionStore();
    const seen: string[] = [];
    store.subscribe("configmaps", ({ key, type }) => {
      seen.push(`first ${type} ${key}`);
      if (key === "a" && type === "ADDED") store.put("configmaps", "made", configMap("made"));
    });
    store.subscribe("configmaps", ({ key, type }) => seen.push(`second ${type} ${key}`));
    store.put("configmaps", "a", configMap("a"));
    expect(seen).toEqual(["first ADDED a", "second ADDED a", "first ADDED made", "second ADDED made"]);
  });

  test("does not tell who unsubscribed", () => {
    const store = new RevisionStore();
    const seen: string[] = [];
    const stop = store.subscribe("*", ({ key }) => seen.push(key));
    store.put("configmaps", "a", configMap("a"));
    stop();
    store.put("configmaps", "b", configMap("b"));
    expect(seen).toEqual(["a"]);
  });

  test("what the journal refuses did not happen", () => {
    let isFull = false;
    const journal: Journal = {
      append: () => {
        if (isFull) throw new Error("no space left");
      },
      load: () => ({ revision: 41, objects: [{ resource: "configmaps", key: "kept", object: configMap("kept") }] }),
      close: () => undefined,
    };
    const store = new RevisionStore({ journal });
    const seen: string[] = [];
    store.subscribe("*", ({ key }) => seen.push(key));
    expect(store.put("configmaps", "a", configMap("a")).metadata.resourceVersion).toBe("42");
    isFull = true;
    expect(() => store.put("configmaps", "b", configMap("b"))).toThrow("no space left");
    expect(() => store.delete("configmaps", "a")).toThrow("no space left");
    expect([store.revision, namesOf(store.page("configmaps", "").objects), seen]).toEqual([42, ["a", "kept"], ["a"]]);
  });

  test("agrees with a plain map over random writes, at every revision it keeps", () => {
    let seed = 7;
    const next = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
    const store = new RevisionStore({ history: 50 });
    const past = new Map<number, readonly string[]>();
    const now = new Map<string, string>();
    for (let round = 0; round < 400; round++) {
      const key = `${["a", "ab", "b"][next(3)]}/${next(12)}`;
      if (next(3) === 0) {
        store.delete("configmaps", key);
        now.delete(key);
      } else {
        store.put("configmaps", key, configMap(key, { round: String(round) }));
        now.set(key, String(round));
      }
      past.set(store.revision, [...now].map(([name, value]) => `${name}=${value}`).toSorted());
      const revision = store.revision - next(40);
      if (revision < store.compactedRevision || !past.has(revision)) continue;
      const shown = store
        .pageAt(revision, "configmaps", "")
        .objects.map((object) => `${object.metadata.name}=${(object["data"] as { round: string }).round}`);
      expect(shown.toSorted()).toEqual(past.get(revision));
    }
  });
});
