// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build as bundle } from "esbuild";
import { expect, test } from "vitest";

test("the core and the crypto port for browsers run where there is nothing of Node", async () => {
  const entry = (name: string): string => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  const { outputFiles } = await bundle({
    stdin: { contents: `export * from ${entry("index.ts")}; export * from ${entry("browser.ts")};`, resolveDir: "." },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "gotemplate",
    conditions: ["source"],
    logLevel: "silent",
  });
  const random = (count: number): Uint8Array => webcrypto.getRandomValues(new Uint8Array(count));
  // bcryptjs looks for timers, which browsers have, when it is loaded.
  const context = createContext({ TextDecoder, TextEncoder, setTimeout, random });
  runInContext(outputFiles[0]?.text ?? "", context);
  const output: unknown = runInContext(
    `const sources = { now: () => 0n, random: (count) => Uint8Array.from(random(count)) };
    const functions = gotemplate.sprigFunctions({ ...sources, crypto: gotemplate.createBrowserCrypto(sources) });
    const engine = gotemplate.createEngine({ functions });
    engine.parse("t", '{{ upper .a }} {{ decryptAES "k" (encryptAES "k" "x") }} {{ (genCAWithKey "ca" 1 (genPrivateKey "ed25519")).Cert | trunc 27 }}');
    typeof process + typeof Buffer + typeof require + " " + engine.execute("t", gotemplate.fromPlain({ a: "é" }))`,
    context,
  );
  expect(output).toBe("undefinedundefinedundefined É x -----BEGIN CERTIFICATE-----");
});
