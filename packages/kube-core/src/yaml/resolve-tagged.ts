// SPDX-License-Identifier: Apache-2.0
import type { YamlFlavour } from "./resolve-plain.ts";
import { resolvePlain } from "./resolve-plain.ts";
import { YamlError } from "./yaml-error.ts";

const prefix = "tag:yaml.org,2002:";

/** The tag in its short form: `!!int`, `!custom`. */
export function shortTag(tag: string): string {
  if (tag.startsWith(`!<${prefix}`)) return `!!${tag.slice(prefix.length + 2, -1)}`;
  return tag;
}

/**
 * The value of a scalar with a tag. Tags that are not YAML's own mean nothing: the scalar is text.
 *
 * @throws {YamlError} TAG
 */
export function resolveTagged(
  text: string,
  tag: string,
  isPlain: boolean,
  flavour: YamlFlavour,
  place: { readonly line: number; readonly column: number },
): unknown {
  switch (tag) {
    case "!":
      return isPlain ? (resolvePlain(text, flavour)?.value ?? (resolvePlain(text, flavour) === undefined ? text : null)) : text;
    case "!!binary":
      return decodeBase64(text, place);
    case "!!null":
    case "!!bool":
    case "!!int":
    case "!!float":
    case "!!timestamp": {
      const found = resolvePlain(text, flavour);
      const name = found?.tag ?? "str";
      if (found !== undefined && (`!!${name}` === tag || (tag === "!!float" && name === "int"))) return found.value;
      throw new YamlError("TAG", `cannot decode !!${name} \`${text}\` as a ${tag}`, { ...place, shown: 0 });
    }
    default:
      return text;
  }
}

/** Bytes as text. */
function decodeBase64(text: string, place: { readonly line: number; readonly column: number }): string {
  const packed = text.replace(/[\r\n]/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new YamlError("TAG", "!!binary value contains invalid base64 data", { ...place, shown: 0 });
  }
  return new TextDecoder().decode(Uint8Array.from(atob(packed), (char) => char.charCodeAt(0)));
}
