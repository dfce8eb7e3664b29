// SPDX-License-Identifier: Apache-2.0

/** Replaces a secret in a text by `*****`. An empty secret changes nothing. @see fluxcd/pkg masktoken */
export function maskToken(text: string, token: string): string {
  return token === "" ? text : text.replaceAll(token, "*****");
}
