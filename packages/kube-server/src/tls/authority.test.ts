// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAuthority, issueClient, issueServer } from "./authority.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { loadOrCreatePki } from "./pki-files.ts";

const now = Date.parse("2026-11-24T09:30:00Z");

test("a client's certificate names its user and groups, and is the authority's own", () => {
  const authority = createAuthority(now);
  const ca = new X509Certificate(authority.certificate);
  const client = new X509Certificate(issueClient(authority, { user: "admin", groups: ["system:masters", "team"] }, now).certificate);
  expect(client.subject).toBe("O=system:masters\nO=team\nCN=admin");
  expect(client.verify(ca.publicKey)).toBe(true);
  expect(client.checkIssued(ca)).toBe(true);
  expect({ authority: ca.ca, client: client.ca }).toEqual({ authority: true, client: false });
  expect(client.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
});

test("a server's certificate is for its names and addresses only", () => {
  const server = new X509Certificate(issueServer(createAuthority(now), ["localhost", "127.0.0.1", "::1"], now).certificate);
  expect(server.checkHost("localhost")).toBe("localhost");
  expect(server.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(server.checkIP("::1")).toBe("::1");
  expect(server.checkHost("example.com")).toBeUndefined();
});

test("another authority is not trusted", () => {
  const client = new X509Certificate(issueClient(createAuthority(now), { user: "admin" }, now).certificate);
  expect(client.verify(new X509Certificate(createAuthority(now).certificate).publicKey)).toBe(false);
});

test("keys are kept for their owner alone, and stay the same", () => {
  const folder = mkdtempSync(join(tmpdir(), "pki-"));
  try {
    const first = loadOrCreatePki(join(folder, "pki"), now);
    expect(loadOrCreatePki(join(folder, "pki"), now)).toEqual(first);
    writeKubeconfig(join(folder, "admin.yaml"), "x");
    const modes = ["pki", "pki/ca.key", "pki/sa.key", "admin.yaml"].map((path) => statSync(join(folder, path)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
