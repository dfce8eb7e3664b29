// SPDX-License-Identifier: Apache-2.0
// Forms of names, each a function from text to problems in Kubernetes' words (none: valid).

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const KEY_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${KEY_NAME})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const ENV_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*";

const LABEL_RE = new RegExp(`^${LABEL}$`);
const SUBDOMAIN_RE = new RegExp(`^${SUBDOMAIN}$`);
const LABEL_1035_RE = new RegExp(`^${LABEL_1035}$`);
const KEY_NAME_RE = new RegExp(`^${KEY_NAME}$`);
const LABEL_VALUE_RE = new RegExp(`^${LABEL_VALUE}$`);
const CONFIG_KEY_RE = new RegExp(`^${CONFIG_KEY}$`);
const ENV_NAME_RE = new RegExp(`^${ENV_NAME}$`);

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const KEY_TEXT = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const encoder = new TextEncoder();

const QUALIFIED_RE = new RegExp(`^(?:${SUBDOMAIN}/)?${KEY_NAME}$`);

/** Length in bytes of UTF-8, which is what Go counts. */
function lengthOf(text: string): number {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(text) ? text.length : encoder.encode(text).length;
}

/** `text (e.g. 'a',  or 'b', regex used for validation is 'x')`. */
export function regexProblem(text: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${text} (regex used for validation is '${pattern}')`;
  return `${text} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${pattern}')`;
}

function tooLong(text: string, limit: number, unit: "characters" | "bytes"): string[] {
  // No character has more than three bytes for each of its units.
  return text.length * 3 > limit && lengthOf(text) > limit ? [`must be no more than ${limit} ${unit}`] : [];
}

/** A name as most objects have it. @see apimachinery validation.IsDNS1123Subdomain */
export function dns1123SubdomainProblems(text: string): string[] {
  return subdomainProblems(text, "characters");
}

function subdomainProblems(text: string, unit: "characters" | "bytes"): string[] {
  const problems = tooLong(text, 253, unit);
  if (!SUBDOMAIN_RE.test(text)) problems.push(regexProblem(SUBDOMAIN_TEXT, SUBDOMAIN, "example.com"));
  return problems;
}

/** A name as namespaces, containers and Pod hostnames have it. @see validation.IsDNS1123Label */
export function dns1123LabelProblems(text: string): string[] {
  const problems = tooLong(text, 63, "characters");
  if (LABEL_RE.test(text)) return problems;
  problems.push(SUBDOMAIN_RE.test(text) ? "must not contain dots" : regexProblem(LABEL_TEXT, LABEL, "my-name", "123-abc"));
  return problems;
}

/** A name as Services have it. @see validation.IsDNS1035Label */
export function dns1035LabelProblems(text: string): string[] {
  const problems = tooLong(text, 63, "characters");
  if (!LABEL_1035_RE.test(text)) {
    problems.push(
      regexProblem(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        LABEL_1035,
        "my-name",
        "abc-123",
      ),
    );
  }
  return problems;
}

/** A name as RBAC objects have it: one segment of a path. @see api/validation/path.IsValidPathSegmentName */
export function pathSegmentProblems(text: string): string[] {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
}

/** A key of labels, annotations (in lower case), finalizers: `[prefix/]name`. @see validation.IsQualifiedName */
export function labelKeyProblems(text: string): string[] {
  if (text.length <= 63 && QUALIFIED_RE.test(text)) return [];
  const parts = text.split("/");
  if (parts.length > 2) {
    return [
      `a valid label key ${regexProblem(KEY_TEXT, KEY_NAME, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems: string[] = [];
  const [prefix, name] = parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : [undefined, parts[0] ?? ""];
  if (prefix === "") problems.push("prefix part must be non-empty");
  else if (prefix !== undefined) problems.push(...subdomainProblems(prefix, "bytes").map((problem) => `prefix part ${problem}`));
  if (name === "") problems.push("name part must be non-empty");
  else problems.push(...tooLong(name, 63, "bytes").map((problem) => `name part ${problem}`));
  if (!KEY_NAME_RE.test(name)) problems.push(`name part ${regexProblem(KEY_TEXT, KEY_NAME, "MyName", "my.name", "123-abc")}`);
  return problems;
}

/** @see validation.IsValidLabelValue */
export function labelValueProblems(text: string): string[] {
  const problems = tooLong(text, 63, "bytes");
  if (!LABEL_VALUE_RE.test(text)) {
    problems.push(
      regexProblem(
        `a valid label must be an empty string or ${KEY_TEXT.replace("must consist", "consist")}`,
        LABEL_VALUE,
        "MyValue",
        "my_value",
        "12345",
      ),
    );
  }
  return problems;
}

/** A key of a ConfigMap or Secret. @see validation.IsConfigMapKey */
export function configMapKeyProblems(text: string): string[] {
  const problems = tooLong(text, 253, "characters");
  if (!CONFIG_KEY_RE.test(text)) {
    problems.push(
      regexProblem(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_KEY,
        "key.name",
        "KEY_NAME",
        "key-name",
      ),
    );
  }
  return [...problems, ...parentFolderProblems(text)];
}

/** @see validation.IsEnvVarName */
export function envVarNameProblems(text: string): string[] {
  const problems: string[] = [];
  if (!ENV_NAME_RE.test(text)) {
    problems.push(
      regexProblem(
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
        ENV_NAME,
        "my.env-name",
        "MY_ENV.NAME",
        "MyEnvName1",
      ),
    );
  }
  return [...problems, ...parentFolderProblems(text)];
}

function parentFolderProblems(text: string): string[] {
  if (text === "." || text === "..") return [`must not be '${text}'`];
  return text.startsWith("..") ? ["must not start with '..'"] : [];
}

/** The name of a port of a container or Service. @see validation.IsValidPortName */
export function portNameProblems(text: string): string[] {
  const problems = tooLong(text, 15, "characters");
  if (!/^[-a-z0-9]+$/.test(text)) problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) problems.push("must contain at least one letter (a-z)");
  if (text.includes("--")) problems.push("must not contain consecutive hyphens");
  if (/^-|-$/.test(text)) problems.push("must not begin or end with a hyphen");
  return problems;
}

/** The rule that a generateName must keep: like the name's, but it may end with what the name may only hold inside. */
export function generateNameOf(problemsOf: (text: string) => string[]): (text: string) => string[] {
  return (text) => problemsOf(text.length > 1 && text.endsWith("-") ? `${text.slice(0, -2)}a` : text);
}
