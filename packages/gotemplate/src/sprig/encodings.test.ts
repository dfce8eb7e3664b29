// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig strings.go, crypto.go", () => {
  it.each([
    [
      '{{ b64enc "héllo" }} {{ b64dec "aMOpbGxv" }} {{ b64dec "YWI" }} {{ b64dec "YW\\nI=" }} {{ b64dec "YWI=x" }} {{ b64dec "Y=" }}',
      "aMOpbGxv héllo illegal base64 data at input byte 0 ab illegal base64 data at input byte 4 illegal base64 data at input byte 1",
    ],
    [
      `{{ b32enc "hi" }} {{ b32dec "NBUQ====" }} {{ b32dec "NB!" }} {{ b32dec "NBUQ===" }}`,
      "NBUQ==== hi illegal base32 data at input byte 2 illegal base32 data at input byte 7",
    ],
    [
      `{{ sha1sum "a" }} {{ sha256sum "" }} {{ adler32sum "Wikipedia" }}`,
      "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 300286872",
    ],
    ['{{ sha512sum "a" | trunc 16 }} {{ b64enc "\\xff\\x00" | b64dec | b64enc }}', "1f40fc92da241694 /wA="],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});
