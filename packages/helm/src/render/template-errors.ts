// SPDX-License-Identifier: Apache-2.0
import { TemplateError, WARN_END, WARN_START } from "@flux-ts/gotemplate";
import { HelmError } from "../helm-error.ts";

/** One error of a chain, as Go's text/template words it. */
interface Trace {
  readonly location: string;
  readonly message: string;
  readonly executed: string;
}

/** A template that cannot be parsed, in Helm's words. @see helm.sh/helm/v4 pkg/engine cleanupParseError */
export function parseFailure(path: string, error: TemplateError): HelmError {
  const tokens = error.message.split(": ");
  const place = tokens[1] ?? path;
  const message = tokens.length === 1 ? `parse error in (${path}): ${error.message}` : `parse error at (${place}): ${tokens.at(-1) ?? ""}`;
  return new HelmError(error.code === "LIMIT" ? "LIMIT" : "TEMPLATE", message, { place, cause: error });
}

/**
 * A template that failed while it ran, in Helm's words: the message of `fail` and `required` alone, else each include down
 * to the cause on lines of their own.
 *
 * @see helm.sh/helm/v4 pkg/engine reformatExecErrorMsg
 */
export function executionFailure(path: string, error: TemplateError): HelmError {
  const code = error.code === "LIMIT" ? "LIMIT" : "TEMPLATE";
  const [, place = path] = /^[^:]*: ([^]*?): /.exec(error.message) ?? [];
  const details = { place: innermostPlace(error) ?? place, cause: error };
  const rest = afterSecondColon(error.message);
  // Go's errors that do not come from running a template are left as they are.
  if (rest === undefined || error.message.startsWith("template: no template ")) return new HelmError(code, error.message, details);
  const start = rest.indexOf(WARN_START);
  const end = rest.lastIndexOf(WARN_END);
  if (start >= 0 && end > start)
    return new HelmError(code, `execution error at (${place}): ${rest.slice(start + WARN_START.length, end)}`, details);
  return new HelmError(code, traceOf(error) ?? error.message, details);
}

function afterSecondColon(message: string): string | undefined {
  const first = message.indexOf(": ");
  const second = first < 0 ? -1 : message.indexOf(": ", first + 2);
  return second < 0 ? undefined : message.slice(second + 2);
}

/** The chain of errors, outermost first; undefined when one of them is not worded as text/template words it. */
function traceOf(error: TemplateError): string | undefined {
  let text = "";
  let last: Trace | undefined;
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    // A limit is told where it was met; what is behind it is ours alone.
    if (current !== error && current instanceof TemplateError && current.code === "LIMIT" && current.cause === undefined) break;
    const trace = parseTrace(current.message);
    if (trace === undefined) return undefined;
    if (last === undefined || trace.location !== last.location || trace.message !== last.message || trace.executed !== last.executed)
      text += `${trace.location === "" ? "" : `${trace.location}\n  `}${trace.executed === "" ? "" : `${trace.executed}\n    `}${trace.message === "" ? "" : `${trace.message}\n`}`;
    last = trace;
  }
  return text.trim();
}

function parseTrace(message: string): Trace | undefined {
  if (!message.startsWith("template: ")) return undefined;
  const rest = message.slice("template: ".length);
  if (rest.startsWith("no template ")) return { location: "", message, executed: "" };
  const executing = /^([^]*?): executing "([^"]*)" at <([^]*?)>: ([^]*)$/.exec(rest);
  if (executing !== null) {
    const [, location = "", name = "", expression = "", problem = ""] = executing;
    return { location, message: cutNext(problem), executed: `executing "${name}" at <${expression}>:` };
  }
  const colon = rest.lastIndexOf(": ");
  return colon < 0 ? undefined : { location: rest.slice(0, colon), message: cutNext(rest.slice(colon + 2)), executed: "" };
}

function cutNext(problem: string): string {
  const next = problem.indexOf(" template:");
  return next < 0 ? problem : problem.slice(0, next);
}

/** Where the innermost template of a chain failed. */
function innermostPlace(error: TemplateError): string | undefined {
  let place: string | undefined;
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const [, found] = /^template: (\S+:\d+:\d+): executing /.exec(current.message) ?? [];
    // A text that tpl runs has no place of its own in the chart.
    if (found !== undefined && !found.startsWith("gotpl:")) place = found;
  }
  return place;
}
