// SPDX-License-Identifier: Apache-2.0
import type { Logger } from "@flux-ts/kube-runtime";

export interface LogLine {
  readonly level: "trace" | "debug" | "info" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines for a test to read. */
export function recordingLogger(): { readonly log: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const create = (bound: Readonly<Record<string, unknown>>): Logger => {
    const write =
      (level: LogLine["level"]) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
        lines.push({ level, message, fields: { ...bound, ...fields } });
      };
    return {
      trace: write("trace"),
      debug: write("debug"),
      info: write("info"),
      error: write("error"),
      child: (fields) => create({ ...bound, ...fields }),
    };
  };
  return { log: create({}), lines };
}
