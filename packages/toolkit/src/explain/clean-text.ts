// SPDX-License-Identifier: Apache-2.0

/** Longer messages are cut. */
const MOST_CHARACTERS = 1200;

const USER_OF_ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"@]+@/gi;
const SECRET_PARAMETER =
  /\b((?:access[_-]?|api[_-]?|auth[_-]?)?(?:token|key|password|passwd|secret|signature|sig|credential)s?=)[^\s&'",;]+/gi;
const SECRET_FIELD = /("(?:[\w-]*(?:token|password|passwd|secret|apikey)[\w-]*)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const BEARER = /\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/g;
// Other texts may move the cursor of a terminal.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A message of anybody's as it may be printed: without credentials, control characters, and not endless. */
export function cleanText(text: string): string {
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return short
    .replace(USER_OF_ADDRESS, "$1***@")
    .replace(SECRET_PARAMETER, "$1***")
    .replace(SECRET_FIELD, '$1"***"')
    .replace(BEARER, "$1 ***")
    .replace(CONTROL, "")
    .trimEnd();
}
