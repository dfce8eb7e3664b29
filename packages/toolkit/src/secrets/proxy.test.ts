// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { proxyFromSecret } from "./proxy.ts";
import type { SecretContent } from "./read-secret.ts";
import { decodeSecretData, secretText } from "./read-secret.ts";

const secret = (data: Record<string, string>): SecretContent => ({
  namespace: "apps",
  name: "proxy",
  data: new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)])),
});

test("a proxy has an address and, from the Secret or its own URL, credentials", () => {
  expect(proxyFromSecret(secret({ address: "http://proxy:8080" }))).toEqual({ url: "http://proxy:8080" });
  expect(proxyFromSecret(secret({ address: "https://a:b@proxy" }))).toEqual({ url: "https://proxy", username: "a", password: "b" });
  expect(proxyFromSecret(secret({ address: "http://a:b@proxy", username: "u", password: "p:@/" }))).toEqual({
    url: "http://proxy",
    username: "u",
    password: "p:@/",
  });
});

test.each([
  [{}, "secret 'apps/proxy': key 'address' not found"],
  [{ address: "" }, "secret 'apps/proxy': proxy address is empty"],
  [{ address: `http://${"a".repeat(3000)}` }, "secret 'apps/proxy': proxy URL exceeds maximum length of 2048 characters"],
  [{ address: "ftp://u:secret@proxy" }, "secret 'apps/proxy': proxy URL must use one of the supported schemes (http, https), got 'ftp'"],
  [{ address: "no url: secret" }, "secret 'apps/proxy': failed to parse proxy address"],
])("a Secret with %j is refused, without its values in the message", (data, message) => {
  expect(() => proxyFromSecret(secret(data))).toThrow(message);
});

test("names of object prototypes are keys of a Secret like others", () => {
  const object = { apiVersion: "v1", kind: "Secret", metadata: {}, data: JSON.parse('{"__proto__":"eA==","a":"eQ==","odd":7}') as unknown };
  expect([...secretText({ namespace: "", name: "", data: decodeSecretData(object) })]).toEqual([
    ["__proto__", "x"],
    ["a", "y"],
  ]);
});
