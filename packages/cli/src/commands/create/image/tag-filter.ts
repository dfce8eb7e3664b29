// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";
import { CommandError } from "../../../command.ts";

/** `spec.filterTags` of an ImagePolicy. */
export interface TagFilter {
  readonly pattern: string;
  readonly extract: string | undefined;
}

/**
 * Which tags count, and what of them is compared.
 * @throws {CommandError} for a pattern that is none, and a template that names groups which the pattern does not have
 * @see cmd/flux/create_image_policy.go validateExtractStr
 */
export function tagFilterOf(pattern: string, extract: string): TagFilter | undefined {
  if (pattern === "") {
    if (extract !== "") throw new CommandError("cannot specify --filter-extract without specifying --filter-regex");
    return undefined;
  }
  let groups: ReadonlySet<string>;
  try {
    groups = new Set(Object.keys(RE2JS.compile(pattern).namedGroups()));
  } catch (error) {
    throw new CommandError("--filter-regex is an invalid regex pattern", { cause: error });
  }
  checkTemplate(extract, groups);
  return { pattern, extract: extract === "" ? undefined : extract };
}

/** `$name`, `${name}` and `$1` refer to groups, `$$` is a dollar. Numbers are not checked. @see regexp.Expand */
function checkTemplate(template: string, groups: ReadonlySet<string>): void {
  let rest = template;
  for (let at = rest.indexOf("$"); at >= 0; at = rest.indexOf("$")) {
    rest = rest.slice(at);
    if (rest.startsWith("$$")) {
      rest = rest.slice(2);
      continue;
    }
    const [whole, braced, bare] = /^\$(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u.exec(rest) ?? [];
    const name = braced ?? bare;
    if (whole === undefined || name === undefined) throw new CommandError("--filter-extract is malformed");
    const isNumber = /^(0|[1-9]\d{0,8})$/.test(name);
    if (!isNumber && !groups.has(name)) {
      throw new CommandError(`capture group $${name} used in --filter-extract not found in --filter-regex`);
    }
    rest = rest.slice(whole.length);
  }
}
