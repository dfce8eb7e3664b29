// SPDX-License-Identifier: Apache-2.0

/** @see RFC 7234, section 5.5: quotes and backslashes are escaped, line breaks cannot be sent */
export function warningHeader(text: string): string {
  return `299 - "${text.replaceAll(/[\\"]/g, "\\$&").replaceAll(/[\r\n]+/g, " ")}"`;
}
