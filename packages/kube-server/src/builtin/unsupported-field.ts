// SPDX-License-Identifier: Apache-2.0

/** What kinds with own field labels say to others. @see kubernetes pkg/apis/core/v1 addConversionFuncs */
export function unsupportedField(label: string): string {
  return `field label not supported: ${label}`;
}
