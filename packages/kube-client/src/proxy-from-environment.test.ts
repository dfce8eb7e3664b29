// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { proxyFromEnvironment } from "./proxy-from-environment.ts";

const env = (noProxy: string): Record<string, string> => ({ HTTPS_PROXY: "proxy:3128", no_proxy: noProxy });

test.each([
  ["https://api.example.com:6443", "", "http://proxy:3128"],
  ["http://api.example.com", "", undefined],
  ["https://localhost:6443", "", undefined],
  ["https://127.0.0.1:6443", "", undefined],
  ["https://api.example.com", "example.com", undefined],
  ["https://api.example.com", ".example.com", undefined],
  ["https://example.com", ".example.com", "http://proxy:3128"],
  ["https://notexample.com", "example.com", "http://proxy:3128"],
  ["https://10.1.2.3", "10.0.0.0/8", undefined],
  ["https://11.1.2.3", "10.0.0.0/8", "http://proxy:3128"],
  ["https://[fd00::1]:6443", "fd00::/8", undefined],
  ["https://api.example.com:6443", "api.example.com:443", "http://proxy:3128"],
  ["https://api.example.com:6443", "api.example.com:6443", undefined],
  ["https://api.example.com", "*", undefined],
])("%s with NO_PROXY=%s goes through %s", (url, noProxy, expected) => {
  expect(proxyFromEnvironment(new URL(url), env(noProxy))).toBe(expected);
});
