// SPDX-License-Identifier: Apache-2.0

/** Cuts commits and digests in a text to eight digits. @see flux2 internal/utils TruncateHex */
export function truncateHex(text: string): string {
  return text.replace(/\b[a-f0-9]{40,128}\b/g, (hex) => hex.slice(0, 8));
}
