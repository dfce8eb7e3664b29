// SPDX-License-Identifier: Apache-2.0

/** What Go's unicode.IsSpace takes for a space. */
const LEADING_SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const NOT_SPACE = /[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Whether a text has nothing but spaces. */
export function isBlank(text: string): boolean {
  return !NOT_SPACE.test(text);
}

/**
 * The documents of a rendered template, in order, without those that are blank. A document begins wherever a line begins
 * with `---`, even if it goes on after that. Only leading space is dropped: what is at the end may belong to a block scalar.
 *
 * @see helm.sh/helm/v4 pkg/release/v1/util SplitManifests
 */
export function splitManifests(text: string): string[] {
  const documents: string[] = [];
  for (const part of text.replace(LEADING_SPACE, "").split(/^---[ \t]*/m)) {
    if (!isBlank(part)) documents.push(part.replace(LEADING_SPACE, ""));
  }
  return documents;
}
