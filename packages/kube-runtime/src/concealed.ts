// SPDX-License-Identifier: Apache-2.0
import type { Logger } from "./logger.ts";

const MASK = "*****";
/** Shorter ones are no secret that one could keep, and hiding them would hide half of every message. */
const SHORTEST = 4;
/** From here on a value is found inside of words, too. */
const LONG = 8;

/**
 * Values of Secrets that a reconcile read, so that nothing which is told holds one: conditions, events, logs, errors.
 *
 * A value is found as it is, as a line of its own when it has several, as JSON and Go quote it, in base64, and in
 * whichever case, since substitution can change that.
 */
export class Concealed {
  readonly #values = new Set<string>();
  #patterns: readonly RegExp[] | undefined;

  add(values: Iterable<string>): void {
    for (const value of values) for (const form of formsOf(value)) this.#values.add(form);
    this.#patterns = undefined;
  }

  /** `text` with `*****` in place of each value. */
  text(text: string): string {
    if (this.#values.size === 0) return text;
    this.#patterns ??= [...this.#values].toSorted((a, b) => b.length - a.length).map(toPattern);
    return this.#patterns.reduce((masked, pattern) => masked.replace(pattern, MASK), text);
  }

  /** A logger that tells none of them; those that come later count as well. */
  logger(target: Logger): Logger {
    const fields = (given: Readonly<Record<string, unknown>> | undefined) =>
      given === undefined || this.#values.size === 0 ? given : (this.#plain(given) as Record<string, unknown>);
    return {
      trace: (message, given) => target.trace(this.text(message), fields(given)),
      debug: (message, given) => target.debug(this.text(message), fields(given)),
      info: (message, given) => target.info(this.text(message), fields(given)),
      error: (message, given) => target.error(this.text(message), fields(given)),
      child: (given) => this.logger(target.child(fields(given) ?? {})),
    };
  }

  #plain(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (value instanceof Error) {
      const message = this.text(value.message);
      return message === value.message ? value : message;
    }
    if (Array.isArray(value)) return value.map((each) => this.#plain(each));
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.text(key), this.#plain(each)]));
  }
}

function formsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  const lines = trimmed.includes("\n") ? trimmed.split("\n").map((line) => line.trim()) : [];
  const quoted = JSON.stringify(trimmed).slice(1, -1);
  const encoded = trimmed.length < SHORTEST ? [] : [trimmed, value].map((each) => Buffer.from(each, "utf8").toString("base64"));
  return [trimmed, quoted, ...lines, ...encoded].filter(({ length }) => length >= SHORTEST);
}

function toPattern(value: string): RegExp {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(value.length < LONG ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal, "gi");
}
