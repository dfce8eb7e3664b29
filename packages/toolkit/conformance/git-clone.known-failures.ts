// SPDX-License-Identifier: Apache-2.0

const workTree = "no work tree is ever written, so that there is no .git folder to find";
const handler = "its server is a handler in Go that counts requests: credentials over HTTP are tested in src/git/transport.test.ts";
const refusal = "credentials over HTTP are always allowed, as source-controller and image-automation-controller allow them (G-AUTH-2)";

/** Cases that are known to fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/git/gogit:TestClone_cloneBranch/empty repo": workTree,
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
  "pkg/git/gogit:Test_ssh_KeyTypes/ECDSA P256": workTree,
  "pkg/git/gogit:Test_ssh_KeyTypes/ECDSA P384": workTree,
  "pkg/git/gogit:Test_ssh_KeyTypes/ED25519": workTree,
};
