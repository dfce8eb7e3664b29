// SPDX-License-Identifier: Apache-2.0

const server = "its SSH server is made of Go's library: SSH is tested against a real server in src/git/transport.test.ts";
const handler = "its server is a handler in Go that counts requests: credentials over HTTP are tested in src/git/transport.test.ts";
const refusal = "credentials over HTTP are always allowed, as source-controller and image-automation-controller allow them (G-AUTH-2)";

/** Cases that are known to fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/git/gogit:TestClone_cloneBranch/empty repo": "no work tree is ever written, so that there is no .git folder to find",
  "pkg/git/gogit:TestClone_cloneRefName/ref name pointing to a branch":
    "the corpus names what HEAD was when the table was made, and HEAD has moved when the step runs",
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: URL based credential over HTTP (name and password)": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: URL based credential over HTTP (name)": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: URL based credential over HTTP (without scheme)": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: basic auth over HTTP (name and password)": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: basic auth over HTTP (password)": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/allowed: bearer token over HTTP": handler,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: URL based credential over HTTP (name and password)": refusal,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: URL based credential over HTTP (name)": refusal,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: URL based credential over HTTP (scheme with mixed casing)": refusal,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: URL based credential over HTTP (without scheme)": refusal,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: basic auth over HTTP (name)": refusal,
  "pkg/git/gogit:TestClone_CredentialsOverHttp/blocked: basic auth over HTTP (password)": refusal,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ecdsa-sha2-nistp256 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ecdsa-sha2-nistp384": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ecdsa-sha2-nistp384 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ecdsa-sha2-nistp521": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ecdsa-sha2-nistp521 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: rsa-sha2-256": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: rsa-sha2-256 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: rsa-sha2-512": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: rsa-sha2-512 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ssh-ed25519 with hashed host names": server,
  "pkg/git/gogit:Test_ssh_HostKeyAlgos/support for hostkey: ssh-rsa with hashed host names": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/non-matching kex": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: curve25519-sha256": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: curve25519-sha256@libssh.org": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: diffie-hellman-group14-sha1": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: diffie-hellman-group14-sha256": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: ecdh-sha2-nistp256": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: ecdh-sha2-nistp384": server,
  "pkg/git/gogit:Test_ssh_KeyExchangeAlgos/support for kex: ecdh-sha2-nistp521": server,
  "pkg/git/gogit:Test_ssh_KeyTypes/ECDSA P256": server,
  "pkg/git/gogit:Test_ssh_KeyTypes/ECDSA P384": server,
  "pkg/git/gogit:Test_ssh_KeyTypes/ED25519": server,
};
