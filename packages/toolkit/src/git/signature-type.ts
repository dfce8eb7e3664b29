// SPDX-License-Identifier: Apache-2.0

export type SignatureType = "openpgp" | "ssh" | "x509" | "empty" | "unknown";

const beginnings: readonly (readonly [string, SignatureType])[] = [
  ["-----BEGIN PGP SIGNATURE-----", "openpgp"],
  ["-----BEGIN SSH SIGNATURE-----", "ssh"],
  ["-----BEGIN SIGNED MESSAGE-----", "x509"],
];

/** Of what kind the signature of a commit or tag is, by its first line. @see fluxcd/pkg git/signature GetSignatureType */
export function signatureType(signature: string): SignatureType {
  if (signature === "") return "empty";
  const text = signature.trimStart();
  return beginnings.find(([begin]) => text.startsWith(begin))?.[1] ?? "unknown";
}
