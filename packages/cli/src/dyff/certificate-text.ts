// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * What is worth knowing of a certificate, as dyff shows it.
 * @returns undefined when the first block of the text is no certificate in PEM
 * @see homeport/dyff v1.10.2 certificateSummaryAsYAML
 */
export function certificateText(text: string): string | undefined {
  const block = /^-----BEGIN ([A-Z0-9 ]+)-----[^]*?^-----END \1-----/m.exec(text)?.[0];
  if (block === undefined) return undefined;
  try {
    const certificate = new X509Certificate(
      block.replace(/BEGIN [A-Z0-9 ]+-/, "BEGIN CERTIFICATE-").replace(/END [A-Z0-9 ]+-/, "END CERTIFICATE-"),
    );
    const [subject, issuer] = [namesOf(certificate.subject), namesOf(certificate.issuer)];
    const all = (names: Names, field: string): string => (names.get(field) ?? []).join(" ");
    const commonName = (names: Names): string => names.get("CN")?.at(-1) ?? "";
    const serial = BigInt(`0x${certificate.serialNumber}`);
    return `Subject:
  Common Name: ${commonName(subject)}
  Organization: ${all(subject, "O")}
  Organization Unit: ${all(subject, "OU")}
  Locality: ${all(subject, "L")}
  State: ${all(subject, "ST")}
  Country: ${all(subject, "C")}
Validity Period:
  NotBefore: ${timeText(certificate.validFrom)}
  NotAfter: ${timeText(certificate.validTo)}
Issuer: ${commonName(issuer)}, ${all(issuer, "O")}
Serial Number: ${serial} (0x${serial.toString(16)})
`;
  } catch {
    return undefined; // It is something else in PEM: a key, or a damaged certificate.
  }
}

type Names = ReadonlyMap<string, readonly string[]>;

/** Lines as `O=Example`, in the order of the certificate; what means something in a name is behind a backslash. */
function namesOf(lines: string | undefined): Names {
  const names = new Map<string, string[]>();
  for (const line of (lines ?? "").split("\n")) {
    const at = line.indexOf("=");
    if (at < 0) continue;
    const known = names.get(line.slice(0, at)) ?? [];
    names.set(line.slice(0, at), [...known, line.slice(at + 1).replace(/\\(.)/g, "$1")]);
  }
  return names;
}

/** `Jan 2 15:04:05 2006 UTC` */
function timeText(time: string): string {
  const date = new Date(time);
  const clock = date.toISOString().slice(11, 19);
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()} ${clock} ${date.getUTCFullYear()} UTC`;
}
