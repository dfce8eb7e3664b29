// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface LogFile {
  readonly path: string;
  write(line: string): void;
  close(): void;
}

/** Appends lines to a file that only its owner reads; its folder is made. */
export function openLog(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a", 0o600);
  let isOpen = true;
  return {
    path,
    write: (line) => {
      if (isOpen) writeSync(file, line);
    },
    close: () => {
      isOpen = false;
      closeSync(file);
    },
  };
}
