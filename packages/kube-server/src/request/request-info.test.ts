// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { requestInfo } from "./request-info.ts";

describe("what a path asks for", () => {
  test.each([
    ["GET", "/api/v1/pods", { verb: "list", resource: "pods", namespace: "" }],
    ["GET", "/api/v1/namespaces/a/pods", { verb: "list", resource: "pods", namespace: "a" }],
    ["GET", "/api/v1/namespaces/a/pods/b", { verb: "get", resource: "pods", namespace: "a", name: "b" }],
    ["GET", "/api/v1/namespaces/a/pods/b/log", { verb: "get", subresource: "log", name: "b" }],
    ["GET", "/api/v1/namespaces/a", { verb: "get", resource: "namespaces", name: "a" }],
    ["PUT", "/api/v1/namespaces/a/finalize", { verb: "update", resource: "namespaces", name: "a", subresource: "finalize" }],
    ["POST", "/apis/apps/v1/namespaces/a/deployments", { verb: "create", group: "apps", version: "v1", resource: "deployments" }],
    ["PATCH", "/apis/apps/v1/namespaces/a/deployments/b/status", { verb: "patch", subresource: "status" }],
    ["DELETE", "/apis/apps/v1/namespaces/a/deployments", { verb: "deletecollection" }],
    ["DELETE", "/apis/apps/v1/namespaces/a/deployments/b", { verb: "delete" }],
    ["HEAD", "/api/v1/nodes/n", { verb: "get", resource: "nodes", name: "n" }],
    ["GET", "/version", { isResource: false, verb: "get" }],
    ["GET", "/apis", { isResource: false, verb: "get" }],
    ["GET", "/apis/apps/v1", { isResource: false, verb: "get" }],
  ])("%s %s", (method, path, expected) => {
    expect(requestInfo(method, path, false)).toMatchObject(expected);
  });

  test("a list with ?watch is a watch", () => {
    expect(requestInfo("GET", "/api/v1/pods", true)).toMatchObject({ verb: "watch", resource: "pods" });
  });
});
