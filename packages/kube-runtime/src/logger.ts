// SPDX-License-Identifier: Apache-2.0

/** Structured logs in the line format of Flux. Fields must hold no secrets. */
export interface Logger {
  trace(message: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

/** Says nothing. */
export const silentLogger: Logger = { trace() {}, debug() {}, info() {}, error() {}, child: () => silentLogger };
