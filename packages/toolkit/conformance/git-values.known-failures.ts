// SPDX-License-Identifier: Apache-2.0

const signatures = "signatures of commits and tags are not verified yet: a GitRepository with spec.verify fails instead";
const noQuestion = "there is no such question here: what a checkout gave is told by its kind, and an error by its code and message";

/** Cases that are known to fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/git:TestHash_Digest/With an unknown (SHA-256) hash": "repositories with SHA-256 work here, and their revisions say so",
  "pkg/git:TestErrRepositoryNotFound_Error/with message and URL": noQuestion,
  "pkg/git:TestIsAnnotatedTag/annotated tag": noQuestion,
  "pkg/git:TestIsAnnotatedTag/empty encoded": noQuestion,
  "pkg/git:TestIsConcreteCommit/partial commit": noQuestion,
  "pkg/git:TestTag_String/annotated tag with hash": noQuestion,
  "pkg/git:TestTag_String/lightweight tag without hash": noQuestion,
  "pkg/git:TestTag_String/tag with empty hash": noQuestion,
  "pkg/git:TestCommit_VerifyPGP/missing signature": signatures,
  "pkg/git:TestCommit_VerifyPGP/valid PGP signature": signatures,
  "pkg/git:TestCommit_VerifySSH/invalid signature": signatures,
  "pkg/git:TestCommit_VerifySSH/missing signature": signatures,
  "pkg/git:TestCommit_VerifySSH/no authorized keys provided": signatures,
  "pkg/git:TestCommit_VerifySSH/valid SSH signature": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/PGP/commit_brainpool_p256_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/PGP/commit_ecdsa_p256_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/PGP/commit_ecdsa_p521_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/PGP/commit_rsa_2048_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/SSH/commit_ecdsa_p384_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/SSH/commit_ed25519_signed.txt": signatures,
  "pkg/git:TestSignatureTypeFromFixtures/SSH/commit_rsa_signed.txt": signatures,
  "pkg/git:TestTag_DeprecatedVerify_RejectsSSH": signatures,
  "pkg/git:TestTag_VerifyPGP/invalid signature": signatures,
  "pkg/git:TestTag_VerifyPGP/no key rings provided": signatures,
  "pkg/git:TestTag_VerifyPGP/valid PGP signature": signatures,
  "pkg/git:TestTag_VerifySSH/invalid signature": signatures,
  "pkg/git:TestTag_VerifySSH/no authorized keys provided": signatures,
  "pkg/git:TestTag_VerifySSH/valid SSH signature": signatures,
};
