// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "@flux-ts/kube-core";

const validationTypes = ["integrity", "authenticity", "authenticTimestamp", "expiry", "revocation"];
const validationActions = ["enforce", "log", "skip"];
const levels = ["strict", "permissive", "audit", "skip"];
const storeTypes = ["ca", "signingAuthority", "tsa"];

type Json = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a trust policy of Notation, in the words of its library; undefined when nothing is.
 * The distinguished names of identities are not read.
 * @see notation-go verifier/trustpolicy Document.Validate
 */
export function trustPolicyProblem(document: unknown): string | undefined {
  const { version, trustPolicies } = isJsonObject(document) ? (document as Json) : {};
  if (version === undefined || version === "") return "trust policy document has empty version, version must be specified";
  if (version !== "1.0") return `trust policy document uses unsupported version ${quote(version)}`;
  const statements = Array.isArray(trustPolicies) ? trustPolicies.map((one: unknown) => (isJsonObject(one) ? (one as Json) : {})) : [];
  if (statements.length === 0) return "trust policy document can not have zero trust policy statements";
  const names = new Set<unknown>();
  for (const statement of statements) {
    const { name } = statement;
    if (names.has(name)) return `multiple trust policy statements use the same name ${quote(name)}, statement names must be unique`;
    const problem = statementProblem(statement);
    if (problem !== undefined) return `trust policy: ${problem}`;
    names.add(name);
  }
  return scopesProblem(statements);
}

function statementProblem({ name, signatureVerification, trustStores, trustedIdentities }: Json): string | undefined {
  if (typeof name !== "string" || name === "") return "a trust policy statement is missing a name, every statement requires a name";
  const verification: Json = isJsonObject(signatureVerification) ? signatureVerification : {};
  const about = `trust policy statement ${quote(name)}`;
  const levelProblem = verificationProblem(verification);
  if (levelProblem !== undefined) return `${about} has invalid signatureVerification: ${levelProblem}`;
  const stores = texts(trustStores);
  const identities = texts(trustedIdentities);
  if (verification["level"] === "skip") {
    return stores.length > 0 || identities.length > 0
      ? `${about} is set to skip signature verification but configured with trust stores and/or trusted identities, remove them if signature verification needs to be skipped`
      : undefined;
  }
  if (stores.length === 0 || identities.length === 0) {
    return `${about} is either missing trust stores or trusted identities, both must be specified`;
  }
  return storesProblem(about, stores) ?? identitiesProblem(about, identities);
}

function verificationProblem({ level, override, verifyTimestamp }: Json): string | undefined {
  if (level === undefined || level === "") return "signature verification level is empty or missing in the trust policy statement";
  if (!levels.includes(level as string)) return `invalid signature verification level ${quote(level)}`;
  const overrides = isJsonObject(override) ? Object.entries(override) : [];
  if (overrides.length > 0 && level === "skip") {
    return `signature verification level "skip" can't be used to customize signature verification`;
  }
  for (const [type, action] of overrides) {
    if (!validationTypes.includes(type)) {
      return `verification type ${quote(type)} in custom signature verification is not supported, supported values are ${quoteAll(validationTypes)}`;
    }
    if (!validationActions.includes(action as string)) {
      return `verification action ${quote(action)} in custom signature verification is not supported, supported values are ${quoteAll(validationActions)}`;
    }
    if (type === "integrity") return `${quote(type)} verification can not be overridden in custom signature verification`;
    if (type !== "revocation" && action === "skip") {
      return `${quote(type)} verification can not be skipped in custom signature verification`;
    }
  }
  if (verifyTimestamp === undefined || verifyTimestamp === "" || verifyTimestamp === "always" || verifyTimestamp === "afterCertExpiry") {
    return undefined;
  }
  return `verifyTimestamp must be "always" or "afterCertExpiry", but got ${quote(verifyTimestamp)}`;
}

function storesProblem(about: string, stores: readonly string[]): string | undefined {
  for (const store of stores) {
    const colon = store.indexOf(":");
    if (colon < 0) {
      return `${about} has malformed trust store value ${quote(store)}. The required format is <TrustStoreType>:<TrustStoreName>`;
    }
    const [type, name] = [store.slice(0, colon), store.slice(colon + 1)];
    if (!storeTypes.includes(type)) {
      return `${about} uses an unsupported trust store type ${quote(type)} in trust store value ${quote(store)}`;
    }
    if (!/^[a-zA-Z0-9_.-]+$/.test(name)) {
      return `${about} uses an unsupported trust store name ${quote(name)} in trust store value ${quote(store)}. Named store name needs to follow [a-zA-Z0-9_.-]+ format`;
    }
  }
  return undefined;
}

function identitiesProblem(about: string, identities: readonly string[]): string | undefined {
  if (identities.length > 1 && identities.includes("*")) {
    return `${about} uses a wildcard trusted identity '*', a wildcard identity cannot be used in conjunction with other values`;
  }
  for (const identity of identities) {
    if (identity === "") return `${about} has an empty trusted identity`;
    if (identity === "*") continue;
    if (!identity.includes(":")) return `${about} has trusted identity ${quote(identity)} missing separator`;
    if (identity === "x509.subject:") return `${about} has trusted identity ${quote(identity)} without an identity value`;
  }
  return undefined;
}

function scopesProblem(statements: readonly Json[]): string | undefined {
  const seen = new Set<string>();
  for (const { name, registryScopes } of statements) {
    const scopes = texts(registryScopes);
    const about = `trust policy statement ${quote(name)}`;
    if (scopes.length === 0) return `${about} has zero registry scopes, it must specify registry scopes with at least one value`;
    if (scopes.length > 1 && scopes.includes("*")) {
      return `${about} uses wildcard registry scope '*', a wildcard scope cannot be used in conjunction with other scope values`;
    }
    for (const scope of scopes) {
      if (seen.has(scope)) {
        return `registry scope ${quote(scope)} is present in multiple trust policy statements, one registry scope value can only be associated with one statement`;
      }
      seen.add(scope);
    }
  }
  return undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function quote(value: unknown): string {
  return JSON.stringify(String(value));
}

function quoteAll(values: readonly string[]): string {
  return `[${values.map(quote).join(" ")}]`;
}
