// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { createAuthority, loadAuthority } from "./authority.ts";

const now = Date.now();
const authority = createAuthority(now);

test("certificates are signed by the authority and carry names, groups, addresses and usage", () => {
  const ca = new X509Certificate(authority.certPem);
  expect(ca.ca).toBe(true);
  const issued = authority.issue({ commonName: "admin", organizations: ["system:masters", "team"], usage: "client" }, now);
  const client = new X509Certificate(issued.certPem);
  expect(client.verify(ca.publicKey)).toBe(true);
  expect(client.checkIssued(ca)).toBe(true);
  expect(client.ca).toBe(false);
  expect(client.subject).toBe("O=system:masters\nO=team\nCN=admin");
  expect(client.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  const server = new X509Certificate(
    authority.issue({ commonName: "kube", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1", "::1"], usage: "server" }, now).certPem,
  );
  expect(server.checkHost("localhost")).toBe("localhost");
  expect(server.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(server.checkIP("::1")).toBe("::1");
  expect(server.checkHost("example.com")).toBeUndefined();
});

test("an authority that was kept goes on signing, and another one is not trusted", () => {
  const again = loadAuthority({ certPem: authority.certPem, keyPem: authority.keyPem });
  const ca = new X509Certificate(authority.certPem);
  expect(new X509Certificate(again.issue({ commonName: "a", usage: "client" }, now).certPem).verify(ca.publicKey)).toBe(true);
  expect(new X509Certificate(createAuthority(now).issue({ commonName: "a", usage: "client" }, now).certPem).verify(ca.publicKey)).toBe(
    false,
  );
});

test("a real TLS connection works with them, both sides verified", async () => {
  const server = authority.issue({ commonName: "kube", ipAddresses: ["127.0.0.1"], usage: "server" }, now);
  const client = authority.issue({ commonName: "admin", organizations: ["system:masters"], usage: "client" }, now);
  const listener = createServer(
    { cert: server.certPem, key: server.keyPem, ca: authority.certPem, requestCert: true, rejectUnauthorized: true },
    (req, res) => {
      res.end((req.socket as TLSSocket).getPeerCertificate().subject.CN);
    },
  );
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  try {
    const body = await new Promise<string>((resolve, reject) => {
      request({ host: "127.0.0.1", port, ca: authority.certPem, cert: client.certPem, key: client.keyPem, agent: false }, (res) => {
        res.setEncoding("utf8").on("data", resolve);
      })
        .on("error", reject)
        .end();
    });
    expect(body).toBe("admin");
  } finally {
    listener.close();
  }
});
