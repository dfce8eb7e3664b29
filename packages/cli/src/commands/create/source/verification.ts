// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FlagValues } from "../../../flags.ts";
import { given, referenceTo } from "../creation.ts";

/** How signatures are verified, as `spec.verify` says it. */
export interface Verification {
  readonly provider: string;
  readonly secretRef: { readonly name: string } | undefined;
  readonly matchOIDCIdentity: readonly { readonly issuer: string; readonly subject: string }[] | undefined;
}

/**
 * The flags `--verify-…`.
 * @throws {CommandError} for what is verified with nothing
 */
export function verificationOf(flags: FlagValues): Verification | undefined {
  const provider = given(flags, "verify-provider");
  const issuer = flags.string("verify-issuer");
  const subject = flags.string("verify-subject");
  const isMatched = issuer !== "" || subject !== "";
  if (provider !== undefined) {
    const matchOIDCIdentity = isMatched ? [{ issuer, subject }] : undefined;
    return { provider, secretRef: referenceTo(flags, "verify-secret-ref"), matchOIDCIdentity };
  }
  if (given(flags, "verify-secret-ref") !== undefined) {
    throw new CommandError("a verification provider must be specified when a secret is specified");
  }
  if (isMatched) throw new CommandError("a verification provider must be specified when OIDC issuer/subject is specified");
  return undefined;
}
