// SPDX-License-Identifier: Apache-2.0
// The server process of the HTTPS bench: tells its parent where it listens.
import { systemClock } from "@flux-ts/kube-client";
import { createApiServer, createPki, issueClient, issueServer, serveHttps } from "@flux-ts/kube-server";

const now = Date.now();
const pki = createPki(now);
const server = createApiServer({ clock: systemClock() });
const tls = issueServer(pki.authority, ["127.0.0.1"], now);
const { url } = await serveHttps(server, { tls: { ...tls, clientCa: pki.authority.certificate } });
const client = issueClient(pki.authority, { user: "admin", groups: ["system:masters"] }, now);
process.send?.({ url, ca: pki.authority.certificate, cert: client.certificate, key: client.key });
