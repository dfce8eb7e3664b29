// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { KubeCoreError } from "./error.ts";
import { columnPath, JsonPath } from "./json-path.ts";

const pod = {
  kind: "Pod",
  metadata: { name: "web", labels: { "app.kubernetes.io/name": "web" }, annotations: null },
  spec: {
    containers: [
      { name: "a", image: "a:1", cpu: 1 },
      { name: "b", image: "b:2", cpu: 2.5 },
      { name: "c", image: "c:3", cpu: 3 },
    ],
  },
  status: { conditions: [{ type: "Ready", status: "True", message: "all is well" }] },
};

describe("JsonPath prints templates as kubectl does", () => {
  test.each([
    ["{.metadata.name}", "web"],
    ["{$.kind}/{@.metadata.name}", "Pod/web"],
    ["{.metadata.labels.app\\.kubernetes\\.io/name}", "web"],
    ["{.metadata['name']}", "web"],
    ["{.metadata['name','labels']}", 'web {"app.kubernetes.io/name":"web"}'],
    ["{.metadata.annotations}", "null"],
    ["{.spec.containers[*].name}", "a b c"],
    ["{.spec.containers[-1].name}", "c"],
    ["{.spec.containers[0:2].name}", "a b"],
    ["{.spec.containers[::2].name}", "a c"],
    ["{.spec.containers[0,2].name}", "a c"],
    ['{.spec.containers[?(@.name=="b")].image}', "b:2"],
    ['{.spec.containers[?(@.name!="b")].image}', "a:1 c:3"],
    ["{.spec.containers[?(@.image)].name}", "a b c"],
    ['{range .spec.containers[*]}{.name}={.image}{"\\n"}{end}', "a=a:1\nb=b:2\nc=c:3\n"],
    ["{..type}", "Ready"],
    ["plain", "plain"],
  ])("%s", (template, expected) => {
    expect(new JsonPath(template).print(pod)).toBe(expected);
  });
});

describe("JsonPath refuses, in client-go's words", () => {
  test.each([
    ["{", "unclosed action"],
    ["{.a[}", "unterminated array"],
    ["{.a[x]}", "invalid array index x"],
    ["{.a[?(@.b==1]}", "unterminated filter"],
    ["{....a}", "invalid multiple recursive descent"],
    ["{#}", "unrecognized character in action: U+0023 '#'"],
    ["{'a}", "unterminated quoted string"],
  ])("%s", (template, message) => {
    expect(() => new JsonPath(template)).toThrow(new KubeCoreError("INVALID_JSON_PATH", message));
  });

  test.each([
    ["{.missing}", "missing is not found"],
    ["{.spec.containers[7].name}", "array index out of bounds: index 7, length 3"],
    ["{.metadata[0]}", "map[string]interface {} is not array or slice"],
    ['{.spec.containers[?(@.cpu>"1")].name}', "incompatible types for comparison"],
    ["{end}", "not in range, nothing to end"],
    ["{foo}", "unrecognized identifier foo"],
  ])("%s of an object that it does not fit", (template, message) => {
    expect(() => new JsonPath(template).print(pod)).toThrow(message);
  });

  test("what would give a million values", () => {
    const wide = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, { a: { a: { a: "x" } } }]));
    const deep = { wide: Array.from({ length: 200 }, () => wide) };
    expect(() => new JsonPath("{..a..a..a..a}").print(deep)).toThrow("more than 100000 results");
  });

  test("filters nested too deep", () => {
    const template = `{.a${"[?(@.a".repeat(30)}${")]".repeat(30)}}`;
    expect(() => new JsonPath(template)).toThrow(KubeCoreError);
  });
});

describe("columnPath", () => {
  test("finds the first value, and nothing where the path does not fit", () => {
    expect(columnPath('.status.conditions[?(@.type=="Ready")].message')(pod)).toBe("all is well");
    expect(columnPath(".status.phase")(pod)).toBeUndefined();
    expect(columnPath(".kind[0]")(pod)).toBeUndefined();
    expect(columnPath(".__proto__.x")(pod)).toBeUndefined();
  });
});
