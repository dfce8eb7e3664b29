// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { compileIgnoreRules, withIgnoredFields, withoutPaths } from "./ignore-rules.ts";

const web = (replicas: number | undefined, more: object = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "apps", resourceVersion: "1", ...more },
  spec: { ...(replicas === undefined ? {} : { replicas }), template: { spec: { containers: [{ name: "a", image: "x:1" }] } } },
});

const ownedBy = (manager: string, fieldsV1: object): object => ({
  managedFields: [{ manager, operation: "Apply", apiVersion: "apps/v1", fieldsV1 }],
});

describe("ignore rules (G-SSA-9)", () => {
  test("select objects by whole matches of regular expressions and by labels", () => {
    const ignored = compileIgnoreRules([
      { paths: ["/a"], target: { kind: "Deploy.*", name: "we" } },
      { paths: ["/b"], target: { group: "apps", labelSelector: "app in (web)" } },
      { paths: ["/c"] },
    ]);
    expect(ignored(web(1, { labels: { app: "web" } }))).toEqual(["/b", "/c"]);
    expect(() => compileIgnoreRules([{ paths: [], target: { name: "(" } }])).toThrow(
      "failed to create ignore rule selector: invalid name regex",
    );
  });

  test("a field that another applier owns is left out", () => {
    const live = web(5, ownedBy("hpa", { "f:spec": { "f:replicas": {} } }));
    const sent = withIgnoredFields(web(2), { live, dryRun: web(2), paths: ["/spec/replicas"], fieldManager: "ours" });
    expect(sent).toEqual(web(undefined));
  });

  test("a field that nobody else applies is sent as it is, for without it would go", () => {
    const live = web(5, ownedBy("ours", { "f:spec": { "f:replicas": {} } }));
    const sent = withIgnoredFields(web(2), { live, dryRun: web(2), paths: ["/spec/replicas"], fieldManager: "ours" });
    expect(sent).toEqual(web(5));
  });

  test("items of lists are found by their keys", () => {
    const path = "/spec/template/spec/containers/0/image";
    const fields = { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"a"}': { "f:image": {} } } } } } };
    const live = withoutPaths(web(1, ownedBy("updater", fields)), [path]);
    const sent = withIgnoredFields(web(1), { live, dryRun: web(1), paths: [path], fieldManager: "ours" });
    expect(sent["spec"]).toMatchObject({ template: { spec: { containers: [{ name: "a" }] } } });
    expect(JSON.stringify(sent)).not.toContain("x:1");
  });

  test("what is not there is passed over", () => {
    expect(withoutPaths(web(1), ["/spec/none/deep", "/spec/template/spec/containers/7/image"])).toEqual(web(1));
  });
});
