// SPDX-License-Identifier: Apache-2.0

/** Cases that are known to fail, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/artifact/storage:TestStorageConstructor": "its /$TMP2/ was a temporary file, which the corpus cannot tell from a folder",
};
