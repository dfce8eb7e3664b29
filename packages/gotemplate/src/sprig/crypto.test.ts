// SPDX-License-Identifier: Apache-2.0
import { X509Certificate, createPrivateKey, webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createBrowserCrypto } from "../browser.ts";
import { generateRsa, signRsa } from "../crypto/rsa.ts";
import { createEngine } from "../engine.ts";
import { createNodeCrypto } from "../node.ts";
import { fromPlain } from "../plain.ts";
import { sprigFunctions } from "./sprig-functions.ts";

const sources = {
  now: () => 1_700_000_000_000_000_000n,
  random: (count: number) => webcrypto.getRandomValues(new Uint8Array(count)),
};
const adapters = { Node: createNodeCrypto(sources), browser: createBrowserCrypto(sources) };

function render(template: string, adapter: keyof typeof adapters = "Node", data: unknown = {}): string {
  const engine = createEngine({ functions: sprigFunctions({ ...sources, crypto: adapters[adapter] }) });
  engine.parse("t", template);
  return engine.execute("t", fromPlain(data));
}

/** The blocks of PEM in a text. */
function blocks(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/g) ?? [];
}

describe.each(["Node", "browser"] as const)("certificates by the adapter for %s", (adapter) => {
  it("are signed by their authority, for the names and the time asked for", () => {
    const template =
      '{{ $k := genPrivateKey "ecdsa" }}{{ $ca := genCAWithKey "ca" 30 $k }}' +
      '{{ $c := genSignedCertWithKey "a.b" (list "10.0.0.1" "::1") (list "x.y") 7 $ca (genPrivateKey "ed25519") }}{{ $ca.Cert }}{{ $c.Cert }}{{ $c.Key }}';
    const [ca = "", cert = "", key = ""] = blocks(render(template, adapter));
    const authority = new X509Certificate(ca);
    const signed = new X509Certificate(cert);
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(signed.ca).toBe(false);
    expect(signed.verify(authority.publicKey)).toBe(true);
    expect(signed.checkIssued(authority)).toBe(true);
    expect(signed.subject).toBe("CN=a.b");
    expect(signed.subjectAltName).toBe("DNS:x.y, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    expect(signed.validFrom).toBe("Nov 14 22:13:20 2023 GMT");
    expect(signed.validTo).toBe("Nov 21 22:13:20 2023 GMT");
    expect(signed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(signed.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it("encrypt and decrypt what the other adapter can read", () => {
    const encrypted = render('{{ encryptAES "secret" "héllo" }}', adapter);
    expect(render("{{ decryptAES `secret` .e }}", adapter === "Node" ? "browser" : "Node", { e: encrypted })).toBe("héllo");
  });
});

describe("keys and passwords", () => {
  it("genCA makes a key of RSA with 2048 bits, which openssl reads", () => {
    const [cert = "", key = ""] = blocks(render('{{ $c := genCA "my ca" 365 }}{{ $c.Cert }}{{ $c.Key }}'));
    expect(key).toContain("BEGIN RSA PRIVATE KEY");
    expect(createPrivateKey(key).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it("plain arithmetic makes keys and signatures of RSA that Node takes", () => {
    const key = generateRsa(512, sources.random);
    const data = Uint8Array.of(1, 2, 3);
    const signature = signRsa({ ...key }, data);
    expect(signature).toHaveLength(64);
    expect(key.primes[0] * key.primes[1]).toBe(key.modulus);
  });

  it.each([
    ["{{ bcrypt `pw` }}", /^\$2a\$10\$[./A-Za-z0-9]{53}$/],
    ["{{ htpasswd `u` `p` }}", /^u:\$2a\$10\$.{53}$/],
    ["{{ htpasswd `a:b` `p` }}", /^invalid username: a:b$/],
    ["{{ genPrivateKey `x` }}", /^Unknown type x$/],
    ["{{ genPrivateKey `ed25519` }}", /^-----BEGIN PRIVATE KEY-----\n/],
    ["{{ genPrivateKey `ecdsa` }}", /^-----BEGIN EC PRIVATE KEY-----\n/],
    ["{{ derivePassword 1 `long` `password` `user` `example.com` }}", /^ZedaFaxcZaso9\*$/],
    ["{{ decryptAES `key` `` }}", /^$/],
  ])("%s", (template, expected) => {
    expect(render(template)).toMatch(expected);
  });

  it.each([
    ["{{ genCAWithKey `n` 1 `bad` }}", "parsing private key: no PEM data in input"],
    ["{{ genSelfSignedCert `n` (list `1.2.3`) nil 1 }}", "error parsing ip: 1.2.3"],
    ["{{ genSelfSignedCert `n` nil (list 1) 1 }}", "error processing alternate dns name: 1 is not a string"],
    ["{{ buildCustomCert `!` `` }}", "unable to decode base64 certificate"],
    ["{{ buildCustomCert `YWJj` `YWJj` }}", "unable to decode certificate"],
    ["{{ decryptAES `key` `YWJj` }}", "runtime error: slice bounds out of range [:16] with capacity 3"],
    ["{{ decryptAES `key` `bad!` }}", "illegal base64 data at input byte 3"],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });

  it("are not to be had without a port", () => {
    const engine = createEngine({ functions: sprigFunctions(sources) });
    engine.parse("t", "{{ bcrypt `pw` }}");
    expect(() => engine.execute("t", null)).toThrow("bcrypt needs cryptography, which this renderer was not given: pass the crypto port");
  });
});
