// SPDX-License-Identifier: Apache-2.0
import { formatValue } from "../format/sprintf.ts";
import { parseIpAddress } from "../crypto/ip-address.ts";
import { FunctionError } from "../template-error.ts";
import { Slice, Struct, type TemplateFunction, type Value, fn, typeOf } from "../values.ts";
import { toNumber } from "./convert.ts";
import { derivePassword } from "./derive-password.ts";

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Names that a certificate is for beside its common name. */
export interface AlternativeNames {
  /** Addresses as bytes: 4 or 16. */
  readonly ips: readonly Uint8Array[];
  readonly dnsNames: readonly string[];
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly days: number;
  /** Checks what the template gave. @throws {FunctionError} for what is no address, or no text */
  readonly names: () => AlternativeNames;
  /** A private key to use, PEM; otherwise one of RSA with 2048 bits is made. */
  readonly key: string | undefined;
  readonly isAuthority: boolean;
}

/**
 * What Sprig's functions of keys and certificates need. Each may throw FunctionError with the text of Go's error.
 * Everything is synchronous, as templates are.
 */
export interface CryptoPort {
  bcrypt(password: string): string;
  /** `kind`: rsa, dsa, ecdsa, ed25519. */
  generatePrivateKey(kind: string): string;
  certificateAuthority(request: CertificateRequest): Certificate;
  selfSignedCertificate(request: CertificateRequest): Certificate;
  signedCertificate(request: CertificateRequest, authority: Certificate): Certificate;
  /** Checks a pair of PEM texts given in base64. */
  customCertificate(cert: string, key: string): Certificate;
  encryptAes(password: string, text: string): string;
  decryptAes(password: string, encrypted: string): string;
}

const CERTIFICATE = "sprig.certificate";

/** What a call costs in steps of a template: as long as so many take. */
const COST = { key: 200_000, cipher: 100, bcrypt: 500_000, dsa: 5_000_000, scrypt: 1_000_000 };

/** Sprig's functions of passwords, keys and certificates. Without a port they fail when called. @see Masterminds/sprig crypto.go */
export function cryptoFunctions(port: CryptoPort | undefined): [string, TemplateFunction][] {
  const make = (
    name: string,
    signature: string,
    cost: number,
    run: (crypto: CryptoPort, args: readonly Value[]) => Value,
  ): [string, TemplateFunction] => [
    name,
    fn(signature, (args, call) => {
      if (port === undefined)
        throw new FunctionError(`${name} needs cryptography, which this renderer was not given: pass the crypto port`);
      call.spend(cost);
      return run(port, args);
    }),
  ];
  const [list, text] = ["[]interface {}", "string"];
  const signed = `${text},${list},${list},int`;
  return [
    make("bcrypt", text, COST.bcrypt, (crypto, [password]) => crypto.bcrypt(String(password))),
    make("htpasswd", "string,string", COST.bcrypt, (crypto, [user, password]) => {
      if (String(user).includes(":")) return `invalid username: ${String(user)}`;
      return `${String(user)}:${crypto.bcrypt(String(password))}`;
    }),
    make("genPrivateKey", text, COST.dsa, (crypto, [kind]) => crypto.generatePrivateKey(String(kind))),
    [
      "derivePassword",
      fn("uint32,string,string,string,string", ([counter, ...rest], call) => {
        // scrypt takes 32 MiB, too.
        call.spend(COST.scrypt);
        const [kind = "", password = "", user = "", site = ""] = rest.map(String);
        return derivePassword(toNumber(counter), kind, password, user, site);
      }),
    ],
    make("buildCustomCert", "string,string", COST.cipher, (crypto, [cert, key]) =>
      toStruct(crypto.customCertificate(String(cert), String(key))),
    ),
    make("genCA", "string,int", COST.key, (crypto, [name, days]) =>
      toStruct(crypto.certificateAuthority({ ...request(name, null, null, days), isAuthority: true })),
    ),
    make("genCAWithKey", "string,int,string", COST.key, (crypto, [name, days, key]) =>
      toStruct(crypto.certificateAuthority({ ...request(name, null, null, days, key), isAuthority: true })),
    ),
    make("genSelfSignedCert", signed, COST.key, (crypto, [name, ips, names, days]) =>
      toStruct(crypto.selfSignedCertificate(request(name, ips, names, days))),
    ),
    make("genSelfSignedCertWithKey", `${signed},string`, COST.key, (crypto, [name, ips, names, days, key]) =>
      toStruct(crypto.selfSignedCertificate(request(name, ips, names, days, key))),
    ),
    make("genSignedCert", `${signed},${CERTIFICATE}`, COST.key, (crypto, [name, ips, names, days, authority]) =>
      toStruct(crypto.signedCertificate(request(name, ips, names, days), fromStruct(authority))),
    ),
    make("genSignedCertWithKey", `${signed},${CERTIFICATE},string`, COST.key, (crypto, [name, ips, names, days, authority, key]) =>
      toStruct(crypto.signedCertificate(request(name, ips, names, days, key), fromStruct(authority))),
    ),
    make("encryptAES", "string,string", COST.cipher, (crypto, [password, value]) => crypto.encryptAes(String(password), String(value))),
    make("decryptAES", "string,string", COST.cipher, (crypto, [password, value]) => crypto.decryptAes(String(password), String(value))),
  ];
}

function request(name: Value, ips: Value, dnsNames: Value, days: Value, key?: Value): CertificateRequest {
  const itemsOf = (list: Value): readonly Value[] => (list instanceof Slice ? list.items : []);
  return {
    commonName: String(name),
    days: toNumber(days),
    names: () => ({
      ips: itemsOf(ips).map((item) => {
        if (typeof item !== "string") throw new FunctionError(`error parsing ip: ${formatValue(item)} is not a string`);
        const parsed = parseIpAddress(item);
        if (parsed === undefined) throw new FunctionError(`error parsing ip: ${item}`);
        return parsed;
      }),
      dnsNames: itemsOf(dnsNames).map((item) => {
        if (typeof item !== "string") throw new FunctionError(`error processing alternate dns name: ${formatValue(item)} is not a string`);
        return item;
      }),
    }),
    key: typeof key === "string" ? key : undefined,
    isAuthority: false,
  };
}

function toStruct({ cert, key }: Certificate): Struct {
  return new Struct({
    type: CERTIFICATE,
    fields: new Map([
      ["Cert", cert],
      ["Key", key],
    ]),
  });
}

function fromStruct(value: Value): Certificate {
  if (!(value instanceof Struct)) throw new FunctionError(`wrong type for value; expected ${CERTIFICATE}; got ${typeOf(value)}`);
  return { cert: String(value.fields.get("Cert")), key: String(value.fields.get("Key")) };
}
