// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../../../go-quote.ts";
import type { GoUrl } from "../../go-url.ts";
import { parseRequestUri } from "../../go-url.ts";
import type { Cidr, IpAddress } from "../../ip.ts";
import { formatIp, isMappedIp, maskIp, parseCidr, parseIp } from "../../ip.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelValue } from "../values.ts";
import { ArrayList, CelOpaque, EntryMap, sizeOf } from "../values.ts";

const URL = "kubernetes.URL";
const IP = "net.IP";
const CIDR = "net.CIDR";

type UrlValue = CelOpaque<GoUrl>;
type IpValue = CelOpaque<IpAddress>;
type CidrValue = CelOpaque<Cidr>;

const perCharacter = (args: readonly CelValue[]): number => Math.ceil(sizeOf(args[0] ?? null) * 0.1);

/** @see k8s.io/apiserver pkg/cel/library/urls.go */
export const urls: readonly Declaration[] = [
  overload(`url(string) ${URL}`, toUrl, perCharacter),
  overload("isURL(string) bool", (text: string) => parseRequestUri(text) !== undefined),
  overload(`${URL}.getScheme() string`, ({ value }: UrlValue) => value.scheme),
  overload(`${URL}.getHost() string`, ({ value }: UrlValue) => value.host),
  overload(`${URL}.getHostname() string`, ({ value }: UrlValue) => value.hostname),
  overload(`${URL}.getPort() string`, ({ value }: UrlValue) => value.port),
  overload(`${URL}.getEscapedPath() string`, ({ value }: UrlValue) => value.escapedPath),
  overload(`${URL}.getQuery() map(string, list(string))`, ({ value }: UrlValue) => queryOf(value.rawQuery)),
];

function toUrl(text: string): UrlValue {
  const url = parseRequestUri(text);
  if (url === undefined)
    throw evaluationError(`URL parse error during conversion from string: parse ${goQuote(text)}: invalid URI for request`);
  return new CelOpaque(URL, url, text);
}

function queryOf(raw: string): EntryMap {
  const values = new Map<string, string[]>();
  for (const pair of raw.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const key = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeQuery(equals < 0 ? "" : pair.slice(equals + 1));
    if (key === undefined || value === undefined) continue;
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return new EntryMap([...values].map(([key, list]) => [key, new ArrayList(list)] as const));
}

function unescapeQuery(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function strictIp(text: string): IpAddress {
  const ip = parseIp(text);
  if (ip === undefined) throw evaluationError(`IP Address ${goQuote(text)} parse error during conversion from string: ${ipProblem(text)}`);
  if (isMappedIp(ip)) {
    throw evaluationError(`IP Address ${goQuote(text)} parse error during conversion from string: IPv4-mapped IPv6 address is not allowed`);
  }
  return ip;
}

function ipProblem(text: string): string {
  return `ParseAddr(${goQuote(text)}): unable to parse IP`;
}

function isValidIp(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && !isMappedIp(ip);
}

function ipValue(ip: IpAddress): IpValue {
  return new CelOpaque(IP, ip, formatIp(ip));
}

function within({ value, bits }: IpAddress, text: string): boolean {
  const range = parseCidr(text);
  return range?.ip.bits === bits && maskIp({ value, bits }, range.prefix).value === maskIp(range.ip, range.prefix).value;
}

function isGlobalUnicast(ip: IpAddress): boolean {
  const isBroadcast = ip.bits === 32 && ip.value === 0xffffffffn;
  const isMulticast = within(ip, "224.0.0.0/4") || within(ip, "ff00::/8");
  const isLocal = ["127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10"].some((range) => within(ip, range));
  return ip.value !== 0n && !isBroadcast && !isMulticast && !isLocal;
}

/** @see k8s.io/apiserver pkg/cel/library/ip.go */
export const ips: readonly Declaration[] = [
  overload(`ip(string) ${IP}`, (text: string) => ipValue(strictIp(text)), perCharacter),
  overload("isIP(string) bool", isValidIp, perCharacter),
  overload(
    "::ip.isCanonical(string) bool",
    (text: string) => formatIp(strictIp(text)) === text,
    (args) => Math.ceil(sizeOf(args[0] ?? null) * 0.2),
  ),
  overload(`string(${IP}) string`, ({ identity }: IpValue) => identity),
  overload(`${IP}.family() int`, ({ value }: IpValue) => (value.bits === 32 ? 4n : 6n)),
  overload(`${IP}.isUnspecified() bool`, ({ value }: IpValue) => value.value === 0n),
  overload(`${IP}.isLoopback() bool`, ({ value }: IpValue) => within(value, "127.0.0.0/8") || within(value, "::1/128")),
  overload(`${IP}.isLinkLocalMulticast() bool`, ({ value }: IpValue) => within(value, "224.0.0.0/24") || within(value, "ff02::/16")),
  overload(`${IP}.isLinkLocalUnicast() bool`, ({ value }: IpValue) => within(value, "169.254.0.0/16") || within(value, "fe80::/10")),
  overload(`${IP}.isGlobalUnicast() bool`, ({ value }: IpValue) => isGlobalUnicast(value)),
];

/** Told twice of a text that is no prefix, as Kubernetes does. */
const PREFIX_PROBLEM = "network address parse error during conversion from string";

function strictCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined || isMappedIp(cidr.ip))
    throw evaluationError(`${PREFIX_PROBLEM}: ${cidr === undefined ? `${PREFIX_PROBLEM}: ` : ""}${cidrProblem(text, cidr)}`);
  return cidr;
}

function cidrProblem(text: string, cidr: Cidr | undefined): string {
  if (cidr !== undefined) return "IPv4-mapped IPv6 address is not allowed";
  return text.includes("/") ? `netip.ParsePrefix(${goQuote(text)}): bad bits after slash` : `netip.ParsePrefix(${goQuote(text)}): no '/'`;
}

function cidrValue(cidr: Cidr): CidrValue {
  return new CelOpaque(CIDR, cidr, `${formatIp(cidr.ip)}/${cidr.prefix}`);
}

function holdsIp(range: Cidr, ip: IpAddress): boolean {
  return range.ip.bits === ip.bits && maskIp(ip, range.prefix).value === maskIp(range.ip, range.prefix).value;
}

function holdsCidr(range: Cidr, other: Cidr): boolean {
  return range.prefix <= other.prefix && holdsIp(range, other.ip);
}

const containsCost =
  (extra: number, hasText: boolean) =>
  (args: readonly CelValue[]): number =>
    1 + extra + (hasText ? Math.ceil(sizeOf(args[1] ?? null) * 0.1) : 0);

/** @see k8s.io/apiserver pkg/cel/library/cidr.go */
export const cidrs: readonly Declaration[] = [
  overload(`cidr(string) ${CIDR}`, (text: string) => cidrValue(strictCidr(text)), perCharacter),
  overload("isCIDR(string) bool", isValidCidr, perCharacter),
  overload(`string(${CIDR}) string`, ({ identity }: CidrValue) => identity),
  overload(
    `${CIDR}.containsIP(string) bool`,
    ({ value }: CidrValue, text: string) => holdsIp(value, strictIp(text)),
    containsCost(0, true),
  ),
  overload(`${CIDR}.containsIP(${IP}) bool`, ({ value }: CidrValue, ip: IpValue) => holdsIp(value, ip.value), containsCost(0, false)),
  overload(
    `${CIDR}.containsCIDR(string) bool`,
    ({ value }: CidrValue, text: string) => holdsCidr(value, strictCidr(text)),
    containsCost(2, true),
  ),
  overload(
    `${CIDR}.containsCIDR(${CIDR}) bool`,
    ({ value }: CidrValue, other: CidrValue) => holdsCidr(value, other.value),
    containsCost(2, false),
  ),
  overload(
    `${CIDR}.ip() ${IP}`,
    ({ value }: CidrValue) => ipValue(value.ip),
    () => 1,
  ),
  overload(`${CIDR}.prefixLength() int`, ({ value }: CidrValue) => BigInt(value.prefix)),
  overload(`${CIDR}.masked() ${CIDR}`, ({ value }: CidrValue) => cidrValue({ ip: maskIp(value.ip, value.prefix), prefix: value.prefix })),
];

function isValidCidr(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && !isMappedIp(cidr.ip);
}
