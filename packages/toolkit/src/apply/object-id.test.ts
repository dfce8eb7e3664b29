// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { formatId, parseId, refOfId, subjectOf } from "./object-id.ts";

describe("formatId() and parseId()", () => {
  test.each([
    ["apps_web_apps_Deployment", { namespace: "apps", name: "web", group: "apps", kind: "Deployment" }],
    ["apps_conf__ConfigMap", { namespace: "apps", name: "conf", group: "", kind: "ConfigMap" }],
    ["_prod__Namespace", { namespace: "", name: "prod", group: "", kind: "Namespace" }],
    [
      "_scn__a__b_rbac.authorization.k8s.io_ClusterRole",
      { namespace: "", name: "scn:a:b", group: "rbac.authorization.k8s.io", kind: "ClusterRole" },
    ],
  ])("%s names one object, both ways", (text, id) => {
    expect(formatId(id)).toBe(text);
    expect(parseId(text)).toEqual(id);
  });

  test.each(["", "a", "a_b", "a_b_c"])("%j is no id", (text) => {
    expect(() => parseId(text)).toThrow(`unable to parse stored object metadata: ${text}`);
  });
});

test("a subject has a namespace only where the object has one", () => {
  expect(subjectOf({ namespace: "apps", name: "web", group: "apps", kind: "Deployment" })).toBe("Deployment/apps/web");
  expect(subjectOf({ namespace: "", name: "prod", group: "", kind: "Namespace" })).toBe("Namespace/prod");
  expect(refOfId({ namespace: "", name: "prod", group: "", kind: "Namespace" }, "v1")).toEqual({
    apiVersion: "v1",
    kind: "Namespace",
    name: "prod",
  });
});
