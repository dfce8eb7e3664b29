// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/semver v3", () => {
  it.each([
    [
      `{{ semver "v1.2.3-rc.1+b" }} {{ (semver "1.2.3").Minor }} {{ (semver "1.2.3-a.b").Prerelease }} {{ (semver "1").IncMajor }} {{ (semver "v1.2").Original }}`,
      "1.2.3-rc.1+b 2 a.b 2.0.0 v1.2",
    ],
    [
      `{{ semverCompare "^1.2.0" "1.9.9" }} {{ semverCompare "~1.2" "1.3.0" }} {{ semverCompare ">=1.2 <2 || 3.x" "3.1.4" }} {{ semverCompare "1.2 - 1.4" "1.4.9" }}`,
      "true false true true",
    ],
    [
      `{{ semverCompare ">=1.0.0" "1.1.0-beta" }} {{ semverCompare ">=1.0.0-0" "1.1.0-beta" }} {{ semverCompare "*" "1.0.0" }} {{ semverCompare "^0.2.3" "0.3.0" }}`,
      "false true true false",
    ],
    [
      `{{ (semver "1.2.3").Compare (semver "1.2.3-rc") }} {{ (semver "1.2.3").LessThan (semver "1.10.0") }} {{ semver "1.2.3" | toJson }}`,
      `1 true "1.2.3"`,
    ],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ semver "a" }}`, "error calling semver: invalid semantic version"],
    [`{{ semver "1.2.3-01" }}`, "error calling semver: version segment starts with 0"],
    [`{{ semverCompare "foo" "1.2.3" }}`, `error calling semverCompare: improper constraint: "foo"`],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
