// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@flux-ts/kube-core";

/** What a connection and a request show of who they are. */
export interface Credentials {
  /** The subject of a client certificate that the authority has signed. */
  readonly certificate?: { readonly commonName: string; readonly organizations: readonly string[] };
  /** From `Authorization: Bearer`. */
  readonly bearerToken?: string;
}

/** Finds who a bearer token belongs to. */
export type TokenAuthenticator = (token: string) => Identity | undefined;

export const ANONYMOUS: Identity = { user: "system:anonymous", groups: ["system:unauthenticated"] };

/**
 * Who asks; anonymous without credentials, undefined for credentials that are no good.
 * @see apiserver authentication/request
 */
export function authenticate({ certificate, bearerToken }: Credentials, tokens: readonly TokenAuthenticator[]): Identity | undefined {
  if (bearerToken !== undefined) {
    for (const find of tokens) {
      const identity = find(bearerToken);
      if (identity) return authenticated(identity);
    }
    return undefined;
  }
  if (certificate) return authenticated({ user: certificate.commonName, groups: certificate.organizations });
  return ANONYMOUS;
}

function authenticated(identity: Identity): Identity {
  const groups = identity.groups ?? [];
  return groups.includes("system:authenticated") ? identity : { ...identity, groups: [...groups, "system:authenticated"] };
}
