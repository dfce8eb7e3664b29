// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

it.each([
  ["{{ randAlphaNum 20 }}", /^[0-9A-Za-z]{20}$/],
  ["{{ randAlpha 20 }}", /^[A-Za-z]{20}$/],
  ["{{ randNumeric 20 }}", /^[0-9]{20}$/],
  ["{{ randAscii 20 }}", /^[ -~]{20}$/],
  ["{{ randInt 5 7 }}", /^[56]$/],
  ["{{ randBytes 9 }}", /^[A-Za-z0-9+/]{12}$/],
  ["{{ uuidv4 }}", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  ["{{ shuffle `aab` | len }}", /^3$/],
])("%s", (template, expected) => {
  expect(render(template)).toMatch(expected);
});
