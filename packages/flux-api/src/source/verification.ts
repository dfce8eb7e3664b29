// SPDX-License-Identifier: Apache-2.0
import { array, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { localReference } from "../references.ts";

/** What checks signatures. */
export const verifier = oneOf(["cosign", "notation"], { description: "What the signature was made with.", default: "cosign" });

export const verificationSecret = localReference(
  "Secret with the trusted public keys: `*.pub` for cosign; `trustpolicy.json` and certificates for notation.",
);

/** Who may have signed without a key. */
export const identities = array(
  object(
    {
      issuer: string({ description: "Regular expression for the issuer of the signer's certificate." }),
      subject: string({ description: "Regular expression for the subject of the signer's certificate." }),
    },
    { description: "One signer." },
  ),
  { description: "Signers that are trusted without a key; one of them must match." },
);

/** @see source-controller api/v1 OCIRepositoryVerification */
export const verification = object(
  { matchOIDCIdentity: optional(identities), provider: verifier, secretRef: optional(verificationSecret) },
  { description: "Accept only what these have signed." },
);
