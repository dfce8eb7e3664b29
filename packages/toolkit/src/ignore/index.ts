// SPDX-License-Identifier: Apache-2.0
export { parsePattern } from "./pattern.ts";
export type { IgnorePattern, Verdict } from "./pattern.ts";
export { defaultPatterns, ignoreFile, ignoresOf, matchPatterns, readPatterns, versionControlPatterns } from "./source-ignore.ts";
export type { IgnoreFile, Ignores } from "./source-ignore.ts";
