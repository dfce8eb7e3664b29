// SPDX-License-Identifier: Apache-2.0
import { parseYaml } from "@flux-ts/kube-core";
import { expect, test } from "vitest";
import { yamlOf } from "../../test-support/files.ts";

/** The text of a file in a ConfigMap after a replacement has reached into it. */
function replaced(text: string, path: string, value: string, create = false): string {
  const indented = text.replace(/^/gm, "    ");
  const yaml = yamlOf({
    "kustomization.yaml": `resources: [a.yaml]\nreplacements:\n- sourceValue: ${JSON.stringify(value)}\n  targets:\n  - {select: {kind: ConfigMap}, fieldPaths: ['data.[f.y].${path}'], options: {create: ${create}}}\n`,
    "a.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  f.y: |\n${indented}\n`,
  });
  const { data } = parseYaml(yaml) as { readonly data: Readonly<Record<string, string>> };
  return data["f.y"] ?? "";
}

const text = "# top\nhost: \"a\" # side\nport: 80\nmode: 0o17\non: yes\nlist:\n- 'one'\n# two\n- two";

test.each([
  ["host", "b", text.replace('"a"', '"b"')],
  ["port", "81", text.replace("80", "81")],
  ["port", "none", text.replace("80", "!!int none")],
  ["mode", "0o20", text.replace("0o17", "0o20")],
  ["list.0", "it's", text.replace("'one'", "'it''s'")],
  ["list.1", "5", text.replace("- two", '- "5"')],
])("a replacement of %s by %s leaves comments, quotes and spellings of YAML text as they are", (path, value, expected) => {
  expect(replaced(text, path, value)).toBe(expected);
});

test("a field that is added stands behind the others", () => {
  expect(replaced(text, "more.deep", "x", true)).toBe(`${text}\nmore:\n  deep: x`);
});

test("text of another layout is written anew, as data", () => {
  expect(replaced("a:   1\nb: {c: d}", "a", "2")).toBe("a: 2\nb:\n  c: d");
});

test("JSON in which the value would be of another type stays as it is", () => {
  expect(replaced('{"port": 80}', "port", "81")).toBe('{"port":81}');
  expect(replaced('{"port": 80}', "port", "none")).toBe('{"port": 80}\n');
});
