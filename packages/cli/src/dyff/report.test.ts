// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { certificateText } from "./certificate-text.ts";
import { diffLetters } from "./diff-letters.ts";
import { paintFor, withoutPaint } from "./paint.ts";
import { reportDifferences } from "./report.ts";

/** Self-signed, and long out of date. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIB7TCCAZOgAwIBAgIEEjSrzTAKBggqhkjOPQQDAjBUMQswCQYDVQQGEwJDSDEQ
MA4GA1UECgwHT3JnIE9uZTEMMAoGA1UECgwDVHdvMQ0wCwYDVQQLDARVbml0MRYw
FAYDVQQDDA1hLmV4YW1wbGUuY29tMB4XDTI2MTEyNDIyMTU0M1oXDTI2MTIwMzIy
MTU0M1owVDELMAkGA1UEBhMCQ0gxEDAOBgNVBAoMB09yZyBPbmUxDDAKBgNVBAoM
A1R3bzENMAsGA1UECwwEVW5pdDEWMBQGA1UEAwwNYS5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABKUTcdtHwVbmGv4JjAVXAORNq1XSIBYAqNCg
WiXluOqLqn2KzCq/c8fl/gWS4uNG67aXn5aoT4EHz2rnaXwTO9ejUzBRMB0GA1Ud
DgQWBBRctI9h12Ji5oc4qiFN2Sg4GauMWTAfBgNVHSMEGDAWgBRctI9h12Ji5oc4
qiFN2Sg4GauMWTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIFqE
yKHhLJYsxGyGAA4fVWoElUnk865EMOohf14Kk661AiEA+P0AZ18NUB6Ik9UWeseS
7kH8s49WZTrtqqbzXE9H1R4=
-----END CERTIFICATE-----
`;

describe("a report of differences", () => {
  test.each<readonly [what: string, from: unknown, to: unknown, text: string]>([
    ["nothing", { a: 1 }, { a: 1 }, "\n"],
    ["a value", { a: "x" }, { a: "y" }, "\na\n± value change\n- x\n+ y\n\n"],
    ["a type", { a: 1 }, { a: "1" }, "\na\n± type change from int to string\n- 1\n+ 1\n\n"],
    ["spaces", { a: "b c" }, { a: "b c " }, "\na\n± whitespace only change\n- b·c   + b·c·\n\n"],
    ["a number in a text, which is not quoted", {}, { a: "4" }, "\n(root level)\n+ one map entry added:\n  a: 4\n\n"],
    [
      "a name first, and what is deep last",
      {},
      { l: { b: { c: 1 }, a: "x", name: "n" } },
      "\n(root level)\n+ one map entry added:\n  l:\n    name: n\n    a: x\n    b:\n      c: 1\n\n",
    ],
    [
      "no known key: the order of names",
      {},
      { l: { b: { c: 1 }, d: "x" } },
      "\n(root level)\n+ one map entry added:\n  l:\n    b:\n      c: 1\n    d: x\n\n",
    ],
    [
      "resources before other keys",
      { r: [{ apiGroups: [""], resources: ["pods"] }, 1] },
      { r: [1] },
      "\nr\n- one list entry removed:\n- resources:\n  - pods\n  apiGroups:\n  -\n\n",
    ],
  ])("tells %s", (_, from, to, text) => {
    expect(reportDifferences(from, to).replace(/ +$/gm, "")).toBe(text);
  });

  test("tells certificates by what is in them", () => {
    expect(certificateText(CERTIFICATE)).toBe(`Subject:
  Common Name: a.example.com
  Organization: Org One Two
  Organization Unit: Unit
  Locality:${" "}
  State:${" "}
  Country: CH
Validity Period:
  NotBefore: Nov 24 22:15:43 2026 UTC
  NotAfter: Dec 3 22:15:43 2026 UTC
Issuer: a.example.com, Org One Two
Serial Number: 305441741 (0x1234abcd)
`);
    expect(certificateText("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")).toBeUndefined();
    expect(certificateText("plain")).toBeUndefined();
    expect(reportDifferences({ a: CERTIFICATE }, { a: `${CERTIFICATE}# again\n` })).toContain("± certificate change\n- Subject:\n");
  });

  test("has colours on a terminal that can show them, and says the same without", () => {
    const [from, to] = [
      { a: "nginx:1.0", l: [{ name: "b", v: 1 }, { name: "c" }] },
      { a: "nginx:2.0", l: [{ name: "b", v: 2 }] },
    ];
    const painted = reportDifferences(from, to, { paint: paintFor(true, { COLORTERM: "truecolor" }) });
    expect(painted).toContain("\u001b[1ml\u001b[0m.\u001b[1;3mb\u001b[0m.\u001b[1mv\u001b[0m\n");
    expect(painted).toContain(
      "\u001b[38;2;185;49;27m- \u001b[0m\u001b[38;2;255;160;122mnginx:\u001b[0m\u001b[1;38;2;185;49;27m1\u001b[0m\u001b[38;2;255;160;122m.0\u001b[0m\n",
    );
    expect(painted).toContain(
      "\u001b[38;2;178;34;34m-\u001b[0m \u001b[1;38;2;178;34;34mname:\u001b[0m \u001b[38;2;240;128;128mc\u001b[0m\n",
    );
    expect(reportDifferences(from, to, { paint: paintFor(true, {}) })).toContain("\u001b[93m± value change\u001b[0m\n");
    const text = reportDifferences(from, to);
    expect(withoutPaint(painted)).toBe(text);
    for (const paint of [paintFor(false, {}), paintFor(true, { TERM: "dumb" })]) expect(reportDifferences(from, to, { paint })).toBe(text);
  });
});

test.each([
  ["nginx:1.0", "nginx:2.0", "nginx:[-1+2].0"],
  ["1", "1.0", "1[+.0]"],
  ["abc", "abc", "abc"],
  ["", "ab", "[+ab]"],
  ["abcdef", "uvwxyz", ""],
  ["a-b", "a_b_", "a[--+_]b[+_]"],
])("diffLetters(%s, %s)", (from, to, shown) => {
  const marks = { equal: "", insert: "+", delete: "-" };
  const text = diffLetters(from, to)
    .map((edit) => (edit.kind === "equal" ? edit.text : `[${marks[edit.kind]}${edit.text}]`))
    .join("");
  expect(text.replaceAll("][", "")).toBe(shown);
});
