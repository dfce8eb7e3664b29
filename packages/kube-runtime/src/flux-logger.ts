// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Clock } from "@flux-ts/kube-core";
import { pino, type Logger as Pino } from "pino";
import { Cancelled, Failure } from "./failure.ts";
import type { Logger } from "./logger.ts";

/** `--log-level`. */
export type LogLevel = "trace" | "debug" | "info" | "error";

/** How lines look, and where they go. */
export interface FluxLoggerOptions {
  readonly level: LogLevel;
  /** `json`: a line per record; `console`: time, level, message and fields, separated by tabs. */
  readonly encoding: "json" | "console";
  readonly clock: Clock;
  /** Takes a line with its line break; standard error in production. Called synchronously. */
  readonly write: (line: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * A logger whose lines `flux logs` reads: `level`, `ts`, `msg`, then what was bound and what is told.
 *
 * Errors are told by their message; those that nobody expected with their stack, too.
 *
 * @see fluxcd/pkg runtime/logger
 */
export function createFluxLogger(options: FluxLoggerOptions): Logger {
  const { level, encoding, clock, write } = options;
  const root = pino(
    {
      level,
      base: null,
      messageKey: "msg",
      timestamp: () => `,"ts":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: encoding === "json" ? write : (line) => write(toConsoleLine(line)) },
  );
  return wrap(root);
}

function wrap(target: Pino): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}): void => {
      if (target.isLevelEnabled(level)) target[level](toFields(fields, level === "error"), message);
    };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    error: at("error"),
    child: (fields) => wrap(target.child(toFields(fields, false))),
  };
}

function toFields(fields: Fields, withStack: boolean): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (!(value instanceof Error)) {
      told[key] = value;
      continue;
    }
    told[key] = value.message;
    const isExpected = value instanceof Failure || value instanceof Cancelled || value instanceof ApiError;
    if (withStack && !isExpected && value.stack !== undefined) told["stacktrace"] = value.stack;
  }
  return told;
}

/** The human form of a line: what `--log-encoding=console` shows. */
function toConsoleLine(line: string): string {
  const { level, ts, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.keys(fields).length === 0 ? "" : `\t${JSON.stringify(fields)}`;
  return `${String(ts)}\t${String(level).toUpperCase()}\t${String(msg)}${rest}\n`;
}
