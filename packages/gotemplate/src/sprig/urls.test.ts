// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("net/url", () => {
  it.each([
    [
      `{{ urlParse "https://u:p%40@h.x:8080/a%20b?q=1#f%20g" | toJson }} {{ urlParse "mailto:a@b" | toJson }}`,
      `{"fragment":"f g","host":"h.x:8080","hostname":"h.x","opaque":"","path":"/a b","query":"q=1","scheme":"https","userinfo":"u:p%40"} {"fragment":"","host":"","hostname":"","opaque":"a@b","path":"","query":"","scheme":"mailto","userinfo":""}`,
    ],
    [
      `{{ urlJoin (dict "scheme" "http" "host" "h:80" "path" "/a b" "query" "q=1" "fragment" "é" "userinfo" "u:p") }} {{ urlJoin (dict "path" "a:b") }}`,
      "http://u:p@h:80/a%20b?q=1#%C3%A9 ./a:b",
    ],
    [`{{ urlJoin (urlParse "http://[fe80::1%25en0]:80/x*y") }}`, "http://[fe80::1%25en0]:80/x%2Ay"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ urlParse "http://h:x/" }}`, `error calling urlParse: unable to parse url: parse "http://h:x/": invalid port ":x" after host`],
    [`{{ urlParse "http://h/%zz" }}`, `error calling urlParse: unable to parse url: parse "http://h/%zz": invalid URL escape "%zz"`],
    [`{{ urlJoin (dict "host" 1) }}`, "error calling urlJoin: unable to parse host key, must be of type string, but int found"],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
