// SPDX-License-Identifier: Apache-2.0

/** One entry of an Accept header. */
interface Accepted {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** In which form an answer is wanted. */
export interface Negotiated {
  readonly form: "object" | "table" | "metadata" | "metadata-list" | "discovery-v2" | "discovery-v2beta1";
  readonly encoding: "json" | "yaml";
  /** The version of meta.k8s.io that a converted answer carries. */
  readonly metaVersion: "v1" | "v1beta1";
  /** Indented JSON. */
  readonly isPretty: boolean;
}

const PLAIN: Negotiated = { form: "object", encoding: "json", metaVersion: "v1", isPretty: false };

export const SERVED_TYPES = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"] as const;

/** What an endpoint can show besides the object itself. */
export interface Forms {
  readonly table: boolean;
  /** Of an object or of a list: which of the two it is, the one who answers must see. */
  readonly metadata: boolean;
  readonly discovery?: boolean;
}

/**
 * Chooses the first acceptable form; undefined when there is none (406).
 * Protobuf is never chosen: every client that accepts it accepts JSON as well.
 */
export function negotiate(accept: string | undefined, forms: Forms): Negotiated | undefined {
  if (accept === undefined || accept.trim() === "" || accept === "application/json") return PLAIN;
  for (const entry of parseAccept(accept)) {
    const encoding = encodingOf(entry.type);
    if (!encoding) continue;
    const isPretty = entry.parameters.get("pretty") === "1";
    const as = entry.parameters.get("as");
    if (as === undefined) return { ...PLAIN, encoding, isPretty };
    const group = entry.parameters.get("g");
    const version = entry.parameters.get("v");
    if (group === "apidiscovery.k8s.io" && as === "APIGroupDiscoveryList" && forms.discovery) {
      if (version === "v2") return { ...PLAIN, encoding, form: "discovery-v2" };
      if (version === "v2beta1") return { ...PLAIN, encoding, form: "discovery-v2beta1" };
      continue;
    }
    if (group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) continue;
    if (as === "Table" && forms.table) return { ...PLAIN, encoding, isPretty, form: "table", metaVersion: version };
    if (as === "PartialObjectMetadata" && forms.metadata) return { ...PLAIN, encoding, isPretty, form: "metadata", metaVersion: version };
    if (as === "PartialObjectMetadataList" && forms.metadata) {
      return { ...PLAIN, encoding, isPretty, form: "metadata-list", metaVersion: version };
    }
  }
  return undefined;
}

/** Whether YAML is the first that is accepted of what is served. */
export function prefersYaml(accept: string | undefined): boolean {
  if (!accept?.includes("yaml")) return false;
  const [first] = parseAccept(accept).flatMap(({ type }) => encodingOf(type) ?? []);
  return first === "yaml";
}

function encodingOf(type: string): "json" | "yaml" | undefined {
  if (type === "application/json" || type === "*/*" || type === "application/*") return "json";
  return type === "application/yaml" ? "yaml" : undefined;
}

/** Entries in order of preference: quality, then place. */
function parseAccept(header: string): readonly Accepted[] {
  const entries = header.split(",").map((text) => {
    const [type = "", ...pairs] = text.split(";").map((part) => part.trim());
    const parameters = new Map<string, string>();
    for (const pair of pairs) {
      const equals = pair.indexOf("=");
      if (equals > 0)
        parameters.set(
          pair.slice(0, equals).trim(),
          pair
            .slice(equals + 1)
            .trim()
            .replace(/^"(.*)"$/, "$1"),
        );
    }
    const quality = Number(parameters.get("q") ?? "1");
    return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
  });
  return entries.toSorted((a, b) => b.quality - a.quality);
}
