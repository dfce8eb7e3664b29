// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import {
  configMapKeyProblems,
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  envVarNameProblems,
  generateNameOf,
  labelKeyProblems,
  labelValueProblems,
  pathSegmentProblems,
  portNameProblems,
} from "./names.ts";

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

describe("names", () => {
  test.each([
    [dns1123SubdomainProblems, "a.b-c", []],
    [dns1123SubdomainProblems, "A", [SUBDOMAIN]],
    [dns1123SubdomainProblems, "a".repeat(254), ["must be no more than 253 characters"]],
    [dns1123LabelProblems, "a.b", ["must not contain dots"]],
    [dns1123LabelProblems, "a".repeat(64), ["must be no more than 63 characters"]],
    [dns1035LabelProblems, "a-1", []],
    [pathSegmentProblems, "system:node", []],
    [pathSegmentProblems, "..", ["may not be '..'"]],
    [pathSegmentProblems, "a/b%c", ["may not contain '/'", "may not contain '%'"]],
    [labelKeyProblems, "app.kubernetes.io/name", []],
    [labelKeyProblems, "/a", ["prefix part must be non-empty"]],
    [labelKeyProblems, `x/${"a".repeat(64)}`, ["name part must be no more than 63 bytes"]],
    [labelKeyProblems, `X/a`, [`prefix part ${SUBDOMAIN}`]],
    [labelValueProblems, "", []],
    [labelValueProblems, "é".repeat(32), expect.arrayContaining(["must be no more than 63 bytes"])],
    [configMapKeyProblems, "..", ["must not be '..'"]],
    [configMapKeyProblems, "..a", ["must not start with '..'"]],
    [envVarNameProblems, "A_B.c-d", []],
    [portNameProblems, "http", []],
    [
      portNameProblems,
      "-1--",
      ["must contain at least one letter (a-z)", "must not contain consecutive hyphens", "must not begin or end with a hyphen"],
    ],
  ])("%o of %j", (problemsOf, text, problems) => {
    expect((problemsOf as (text: string) => string[])(text as string)).toEqual(problems);
  });

  test("a generateName may end with a hyphen", () => {
    expect(generateNameOf(dns1123SubdomainProblems)("web-")).toEqual([]);
    expect(dns1123SubdomainProblems("web-")).toEqual([SUBDOMAIN]);
    expect(dns1035LabelProblems("1")).toHaveLength(1);
  });
});
