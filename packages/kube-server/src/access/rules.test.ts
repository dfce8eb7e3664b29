// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { Attributes } from "./attributes.ts";
import type { PolicyRule } from "./rules.ts";
import { compactRules, ruleAllows, ruleText, uncovered } from "./rules.ts";

const identity = { user: "jane" };

function about(verb: string, resource: string, more: Partial<Extract<Attributes, { kind: "resource" }>> = {}): Attributes {
  return { kind: "resource", identity, verb, group: "", resource, subresource: "", namespace: "a", name: "", ...more };
}

describe("a rule", () => {
  const rule = (fields: PolicyRule): PolicyRule => ({ apiGroups: [""], verbs: ["get"], ...fields });
  test.each([
    ["names verb, group and resource", rule({ resources: ["pods"] }), about("get", "pods"), true],
    ["another verb", rule({ resources: ["pods"] }), about("list", "pods"), false],
    ["another group", rule({ resources: ["pods"] }), about("get", "pods", { group: "apps" }), false],
    ["all verbs", rule({ resources: ["pods"], verbs: ["*"] }), about("delete", "pods"), true],
    ["a resource is not its subresources", rule({ resources: ["pods"] }), about("get", "pods", { subresource: "log" }), false],
    ["a subresource", rule({ resources: ["pods/log"] }), about("get", "pods", { subresource: "log" }), true],
    ["a subresource of all", rule({ resources: ["*/scale"] }), about("get", "deployments", { subresource: "scale" }), true],
    ["all resources, and their subresources", rule({ resources: ["*"] }), about("get", "pods", { subresource: "log" }), true],
    ["the name", rule({ resources: ["pods"], resourceNames: ["x"] }), about("get", "pods", { name: "x" }), true],
    ["another name", rule({ resources: ["pods"], resourceNames: ["x"] }), about("get", "pods", { name: "y" }), false],
    ["names do not allow lists", rule({ resources: ["pods"], resourceNames: ["x"], verbs: ["list"] }), about("list", "pods"), false],
    ["nothing", {}, about("get", "pods"), false],
    ["a path", { verbs: ["get"], nonResourceURLs: ["/healthz"] }, { kind: "path", identity, verb: "get", path: "/healthz" }, true],
    ["paths below", { verbs: ["get"], nonResourceURLs: ["/logs/*"] }, { kind: "path", identity, verb: "get", path: "/logs/x" }, true],
    ["not the path above", { verbs: ["get"], nonResourceURLs: ["/logs/*"] }, { kind: "path", identity, verb: "get", path: "/logs" }, false],
  ] satisfies [string, PolicyRule, Attributes, boolean][])("%s", (_what, given, attributes, isAllowed) => {
    expect(ruleAllows(given, attributes)).toBe(isAllowed);
  });

  test("is told as kube-apiserver tells it", () => {
    expect(ruleText({ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] })).toBe(
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
    );
  });
});

describe("what somebody may not hand on", () => {
  const own: PolicyRule = { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] };
  test.each([
    ["the same", [own], [own], 0],
    ["a part", [own], [{ ...own, verbs: ["get"] }], 0],
    ["one verb more: for both resources", [own], [{ ...own, verbs: ["get", "delete"] }], 2],
    ["all of it", [own], [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }], 1],
    ["one name of what one has all of", [own], [{ ...own, resources: ["pods"], resourceNames: ["x"] }], 0],
    ["all of what one has one name of", [{ ...own, resourceNames: ["x"] }], [{ ...own, resources: ["pods"] }], 2],
    [
      "what two rules have together",
      [
        { ...own, verbs: ["get"] },
        { ...own, verbs: ["list"] },
      ],
      [own],
      0,
    ],
    ["paths below", [{ verbs: ["get"], nonResourceURLs: ["/a/*"] }], [{ verbs: ["get"], nonResourceURLs: ["/a/b", "/c"] }], 1],
    ["nothing", [], [], 0],
  ])("%s", (_what, owned, wanted, count) => {
    expect(uncovered(owned, wanted)).toHaveLength(count);
  });

  test("is told in few lines", () => {
    const parts = uncovered([], [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]);
    expect(compactRules(parts)).toEqual([{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]);
  });
});
