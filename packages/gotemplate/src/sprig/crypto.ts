// SPDX-License-Identifier: Apache-2.0
import { formatValue } from "../format/sprintf.ts";
import { FunctionError } from "../template-error.ts";
import { Slice, Struct, type TemplateFunction, type Value, fn, typeOf } from "../values.ts";
import { toNumber } from "./convert.ts";
import { derivePassword } from "./derive-password.ts";

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly days: number;
  readonly ips: readonly string[];
  readonly dnsNames: readonly string[];
  /** A private key to use, PEM; otherwise one of RSA with 2048 bits is made. */
  readonly key: string | undefined;
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

/** Sprig's functions of passwords, keys and certificates. Without a port they fail when called. @see Masterminds/sprig crypto.go */
export function cryptoFunctions(port: CryptoPort | undefined): [string, TemplateFunction][] {
  const make = (
    name: string,
    signature: string,
    run: (crypto: CryptoPort, args: readonly Value[], wanted: CertificateRequest) => Value,
    asked: (args: readonly Value[]) => CertificateRequest = () => request("", null, null, null),
  ): [string, TemplateFunction] => [
    name,
    fn(signature, (args) => {
      // Bad arguments are told of first.
      const wanted = asked(args);
      if (port === undefined)
        throw new FunctionError(`${name} needs cryptography, which this renderer was not given: pass the crypto port`);
      return run(port, args, wanted);
    }),
  ];
  const [list, text] = ["[]interface {}", "string"];
  const signed = `${text},${list},${list},int`;
  return [
    make("bcrypt", text, (crypto, [password]) => crypto.bcrypt(String(password))),
    make("htpasswd", "string,string", (crypto, [user, password]) => {
      if (String(user).includes(":")) return `invalid username: ${String(user)}`;
      return `${String(user)}:${crypto.bcrypt(String(password))}`;
    }),
    make("genPrivateKey", text, (crypto, [kind]) => crypto.generatePrivateKey(String(kind))),
    [
      "derivePassword",
      fn("uint32,string,string,string,string", ([counter, ...rest], call) => {
        // scrypt takes about as long as this many steps, and 32 MiB.
        call.spend(100_000);
        const [kind = "", password = "", user = "", site = ""] = rest.map(String);
        return derivePassword(toNumber(counter), kind, password, user, site);
      }),
    ],
    make("buildCustomCert", "string,string", (crypto, [cert, key]) => toStruct(crypto.customCertificate(String(cert), String(key)))),
    make("genCA", "string,int", (crypto, [name, days]) => toStruct(crypto.certificateAuthority(request(name, null, null, days)))),
    make("genCAWithKey", "string,int,string", (crypto, [name, days, key]) =>
      toStruct(crypto.certificateAuthority(request(name, null, null, days, key))),
    ),
    make(
      "genSelfSignedCert",
      signed,
      (crypto, _args, wanted) => toStruct(crypto.selfSignedCertificate(wanted)),
      ([name, ips, names, days]) => request(name, ips, names, days),
    ),
    make(
      "genSelfSignedCertWithKey",
      `${signed},string`,
      (crypto, _args, wanted) => toStruct(crypto.selfSignedCertificate(wanted)),
      ([name, ips, names, days, key]) => request(name, ips, names, days, key),
    ),
    make(
      "genSignedCert",
      `${signed},${CERTIFICATE}`,
      (crypto, [, , , , authority], wanted) => toStruct(crypto.signedCertificate(wanted, fromStruct(authority))),
      ([name, ips, names, days]) => request(name, ips, names, days),
    ),
    make(
      "genSignedCertWithKey",
      `${signed},${CERTIFICATE},string`,
      (crypto, [, , , , authority], wanted) => toStruct(crypto.signedCertificate(wanted, fromStruct(authority))),
      ([name, ips, names, days, , key]) => request(name, ips, names, days, key),
    ),
    make("encryptAES", "string,string", (crypto, [password, value]) => crypto.encryptAes(String(password), String(value))),
    make("decryptAES", "string,string", (crypto, [password, value]) => crypto.decryptAes(String(password), String(value))),
  ];
}

function request(name: Value, ips: Value, names: Value, days: Value, key?: Value): CertificateRequest {
  const texts = (list: Value, problem: (item: Value) => string): string[] =>
    list instanceof Slice
      ? list.items.map((item) => {
          if (typeof item !== "string") throw new FunctionError(problem(item));
          return item;
        })
      : [];
  return {
    commonName: String(name),
    days: toNumber(days),
    ips: texts(ips, (item) => `error parsing ip: ${formatValue(item)} is not a string`),
    dnsNames: texts(names, (item) => `error processing alternate dns name: ${formatValue(item)} is not a string`),
    key: typeof key === "string" ? key : undefined,
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
