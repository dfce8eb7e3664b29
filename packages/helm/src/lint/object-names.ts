// SPDX-License-Identifier: Apache-2.0

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

function tooLong(name: string, most: number): string[] {
  return name.length > most ? [`must be no more than ${most} bytes`] : [];
}

function isSubdomain(name: string): boolean {
  return name.split(".").every((part) => /^[a-z0-9]/.test(part) && /[a-z0-9]$/.test(part) && /^[-a-z0-9]+$/.test(part));
}

/** What is wrong with the name of an object of a kind. @see k8s.io/apimachinery pkg/api/validation */
export function nameProblems(kind: string, name: string): string[] {
  switch (kind.toLowerCase()) {
    case "service":
      return [...tooLong(name, 63), ...(/^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(name) ? [] : [LABEL_1035])];
    case "namespace":
      return [...tooLong(name, 63), ...(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name) ? [] : [LABEL_1123])];
    case "certificatesigningrequest":
      return [];
    case "role":
    case "clusterrole":
    case "rolebinding":
    case "clusterrolebinding":
      if (name === "." || name === "..") return [`may not be '${name}'`];
      return ["/", "%"].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
    default:
      return [...tooLong(name, 253), ...(isSubdomain(name) ? [] : [SUBDOMAIN])];
  }
}
