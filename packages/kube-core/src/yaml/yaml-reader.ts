// SPDX-License-Identifier: Apache-2.0
// A state machine: one method for each construct of YAML, each leaving the cursor behind what it has read.
import { ExactNumber } from "../exact-number.ts";
import { readBlockScalar } from "./block-scalar.ts";
import type { Cursor } from "./cursor.ts";
import { isBlankOrEnd, isDocumentMarker, isIndentation, lineOf, NEWLINE, skipBlanks, skipToContent, syntaxError, TAB } from "./cursor.ts";
import { readPlainLine, readPlainRest } from "./plain-scalar.ts";
import { readQuoted } from "./quoted-scalar.ts";
import type { YamlFlavour } from "./resolve-plain.ts";
import { resolvePlain } from "./resolve-plain.ts";
import { resolveTagged, shortTag } from "./resolve-tagged.ts";
import { SpelledScalar } from "./spelled-scalar.ts";
import { YamlError } from "./yaml-error.ts";
import type { YamlPlaces } from "./yaml-places.ts";

export interface ReaderOptions {
  readonly flavour: YamlFlavour;
  readonly refusesDuplicates: boolean;
  /** Takes the refusals; the first of equal keys wins then. */
  readonly duplicates: Map<object, YamlError> | undefined;
  readonly keepsSpelling: boolean;
  readonly keysByText: boolean;
  readonly maxDepth: number;
  readonly places: YamlPlaces | undefined;
}

/** A value with what the collection around it wants to know. */
interface Inline {
  readonly value: unknown;
  /** Of a scalar: its text; what is no scalar cannot be a key. */
  readonly text: string | undefined;
  readonly isPlain: boolean;
  /** Where it starts. */
  readonly start: number;
}

interface Properties {
  anchor: string | undefined;
  tag: string | undefined;
}

const none: Properties = Object.freeze({ anchor: undefined, tag: undefined });

const DASH = 45;
const QUESTION = 63;
const COLON = 58;

/** Reads the documents of a text. */
export class YamlReader {
  readonly #cursor: Cursor;
  readonly #options: ReaderOptions;
  #anchors = new Map<string, unknown>();
  #hasAliases = false;
  #isFirst = true;

  constructor(text: string, options: ReaderOptions) {
    this.#cursor = { text, pos: 0, lineStart: 0, namesProblem: options.flavour === "sigs" };
    this.#options = options;
  }

  /** Whether any value stands in more than one place. */
  get hasAliases(): boolean {
    return this.#hasAliases;
  }

  /** The next document; undefined behind the last one. */
  next(): { readonly value: unknown } | undefined {
    const cursor = this.#cursor;
    this.#anchors = new Map();
    // go-yaml looks at what follows a document only when the next one is asked for.
    if (!this.#isFirst) this.#requireEnd();
    this.#skipToDocument();
    this.#isFirst = false;
    if (cursor.pos >= cursor.text.length) return undefined;
    const isMarked = isDocumentMarker(cursor);
    if (isMarked) cursor.pos += 3;
    return { value: this.#block(-1, false, !isMarked, 0) };
  }

  /** Goes past directives and the ends of documents. */
  #skipToDocument(): void {
    const cursor = this.#cursor;
    for (;;) {
      skipToContent(cursor);
      const { text, pos } = cursor;
      if (text.charCodeAt(pos) === TAB) throw syntaxError(cursor, "found character that cannot start any token");
      const isAtStart = pos === cursor.lineStart;
      const isDirective = isAtStart && text.charCodeAt(pos) === 37;
      const isEnd = isDocumentMarker(cursor) && text.charCodeAt(pos) === 46;
      if (!isDirective && !isEnd) return;
      if (isEnd && this.#isFirst) throw syntaxError(cursor, "did not find expected node content", { start: pos, isStructure: true });
      const end = text.indexOf("\n", pos);
      cursor.pos = isEnd ? pos + 3 : end < 0 ? text.length : end;
    }
  }

  #requireEnd(): void {
    const cursor = this.#cursor;
    const isNewLine = skipToContent(cursor);
    if (cursor.pos >= cursor.text.length || isDocumentMarker(cursor)) return;
    const code = cursor.text.charCodeAt(cursor.pos);
    if (code === COLON && isBlankOrEnd(cursor.text.charCodeAt(cursor.pos + 1))) {
      throw syntaxError(cursor, "mapping values are not allowed in this context");
    }
    if (code === TAB && isNewLine) throw syntaxError(cursor, "found character that cannot start any token");
    throw syntaxError(cursor, "did not find expected <document start>", { start: cursor.pos, isStructure: true });
  }

  /**
   * A node of block style, behind the indicator that announces it.
   *
   * @param parent the column of the collection around it
   * @param takesSameColumn whether a list may start in that very column, as under a key
   * @param allowed whether a collection may start on this line
   */
  #block(parent: number, takesSameColumn: boolean, allowed: boolean, depth: number): unknown {
    const cursor = this.#cursor;
    const { text } = cursor;
    let canNest = allowed;
    let properties = none;
    let propertiesStart = -1;
    for (;;) {
      const isNewLine = skipToContent(cursor);
      const code = text.charCodeAt(cursor.pos);
      const column = cursor.pos - cursor.lineStart;
      if (isNewLine) {
        canNest = true;
        propertiesStart = -1;
      }
      if (Number.isNaN(code) || isDocumentMarker(cursor)) return this.#named(this.#empty(properties), properties);
      if (isNewLine || cursor.pos === cursor.lineStart) {
        const isSameColumnItem = takesSameColumn && column === parent && code === DASH && isBlankOrEnd(text.charCodeAt(cursor.pos + 1));
        if (column <= parent && !isSameColumnItem) return this.#named(this.#empty(properties), properties);
      }
      if (code !== 38 && code !== 33) break;
      if (propertiesStart < 0) propertiesStart = cursor.pos;
      properties = this.#property(properties);
    }
    if (depth > this.#options.maxDepth) {
      throw new YamlError("TOO_DEEP", `exceeded max depth of ${this.#options.maxDepth}`, this.#place(cursor.pos));
    }
    const code = text.charCodeAt(cursor.pos);
    const isIndicator = isBlankOrEnd(text.charCodeAt(cursor.pos + 1));
    if (code === DASH && isIndicator) {
      if (!canNest || propertiesStart >= 0) throw syntaxError(cursor, "block sequence entries are not allowed in this context");
      const column = cursor.pos - cursor.lineStart;
      return this.#sequence(column, takesSameColumn && column === parent, properties, depth);
    }
    if (isIndicator && (code === QUESTION || code === COLON)) {
      if (!canNest) {
        throw syntaxError(
          cursor,
          code === COLON ? "mapping values are not allowed in this context" : "mapping keys are not allowed in this context",
        );
      }
      return this.#mapping(cursor.pos - cursor.lineStart, undefined, properties, depth);
    }
    if (code === 124 || code === 62)
      return this.#named(this.#scalar(readBlockScalar(cursor, parent), false, properties.tag, cursor.pos), properties);
    return this.#inlineOrMapping(parent, canNest, properties, propertiesStart, depth);
  }

  /** A scalar, an alias or a flow collection; or a mapping of which that is the first key. */
  #inlineOrMapping(parent: number, canNest: boolean, properties: Properties, propertiesStart: number, depth: number): unknown {
    const cursor = this.#cursor;
    const { lineStart } = cursor;
    const start = cursor.pos;
    const item = this.#inlineHead(propertiesStart >= 0 ? properties : none, depth);
    const isKey = cursor.lineStart === lineStart && this.#isAtColon();
    if (isKey) {
      if (!canNest) throw syntaxError(cursor, "mapping values are not allowed in this context");
      const first = propertiesStart >= 0 ? propertiesStart : start;
      return this.#mapping(first - lineStart, item, propertiesStart >= 0 ? none : properties, depth);
    }
    const whole = item.isPlain
      ? this.#plainValue(readPlainRest(cursor, item.text ?? "", parent, false), properties, item)
      : this.#retagged(item, properties, propertiesStart);
    if (this.#isAtColon()) throw syntaxError(cursor, "mapping values are not allowed in this context");
    return this.#named(whole, properties);
  }

  /** What stands inline, of a plain scalar the first line. */
  #inlineHead(properties: Properties, depth: number): Inline {
    const cursor = this.#cursor;
    const { text } = cursor;
    const start = cursor.pos;
    const code = text.charCodeAt(start);
    switch (code) {
      case 34:
      case 39: {
        const content = readQuoted(cursor);
        return { value: this.#scalar(content, false, properties.tag, start), text: content, isPlain: false, start };
      }
      case 91:
      case 123:
        return { value: this.#flow(depth), text: undefined, isPlain: false, start };
      case 42:
        return this.#alias(start);
      default: {
        if (!canStartPlain(code, text.charCodeAt(start + 1))) throw syntaxError(cursor, "found character that cannot start any token");
        const line = readPlainLine(cursor, false);
        return { value: undefined, text: line, isPlain: true, start };
      }
    }
  }

  #plainValue(content: string, { tag }: Properties, { start }: Inline): unknown {
    return this.#scalar(content, true, tag, start);
  }

  /** A quoted scalar or a collection whose properties stand on an earlier line. */
  #retagged(item: Inline, properties: Properties, propertiesStart: number): unknown {
    if (properties.tag === undefined || propertiesStart >= 0 || item.text === undefined) return item.value;
    return this.#scalar(item.text, false, properties.tag, item.start);
  }

  /** @param isUnderKey whether it starts in the column of the key that it is the value of: the next key ends it */
  #sequence(column: number, isUnderKey: boolean, properties: Properties, depth: number): unknown[] {
    const cursor = this.#cursor;
    const start = cursor.pos;
    const items: unknown[] = [];
    this.#named(items, properties);
    for (;;) {
      this.#options.places?.addItem(items, cursor.pos);
      cursor.pos++;
      items.push(this.#block(column, false, true, depth + 1));
      const isNewLine = this.#nextLine();
      const found = cursor.pos - cursor.lineStart;
      if (isNewLine === undefined || found < column) return items;
      const isItem =
        found === column && cursor.text.charCodeAt(cursor.pos) === DASH && isBlankOrEnd(cursor.text.charCodeAt(cursor.pos + 1));
      if (!isItem) {
        if (isUnderKey && found === column && isNewLine) return items;
        if (found === column && isNewLine) this.#requireColon(start);
        throw this.#unexpected("did not find expected '-' indicator", start);
      }
      if (!isNewLine) throw this.#unexpected("did not find expected '-' indicator", start);
    }
  }

  #mapping(column: number, firstKey: Inline | undefined, properties: Properties, depth: number): Record<string, unknown> {
    const cursor = this.#cursor;
    const { text } = cursor;
    const start = firstKey?.start ?? cursor.pos;
    const builder = new MappingBuilder(this.#options, this.#cursor, depth === 0);
    this.#named(builder.mapping, properties);
    let key = firstKey;
    for (;;) {
      if (key === undefined && text.charCodeAt(cursor.pos) === QUESTION && isBlankOrEnd(text.charCodeAt(cursor.pos + 1))) {
        this.#explicitEntry(column, builder, depth);
      } else {
        key ??= this.#key(start, depth);
        skipBlanks(cursor);
        // At the colon.
        cursor.pos++;
        const value = this.#block(column, true, false, depth + 1);
        builder.set(key, value);
      }
      key = undefined;
      const isNewLine = this.#nextLine();
      const found = cursor.pos - cursor.lineStart;
      if (isNewLine === undefined || found < column) break;
      if (found > column || !isNewLine || (text.charCodeAt(cursor.pos) === DASH && isBlankOrEnd(text.charCodeAt(cursor.pos + 1)))) {
        throw this.#unexpected("did not find expected key", start);
      }
    }
    return builder.finish();
  }

  /** `? key` and, on a line of its own, `: value`. */
  #explicitEntry(column: number, builder: MappingBuilder, depth: number): void {
    const cursor = this.#cursor;
    const start = cursor.pos;
    cursor.pos++;
    const value = this.#block(column, false, true, depth + 1);
    const key: Inline = { value, text: keyText(value), isPlain: typeof value !== "string", start };
    this.#nextLine();
    const isValue = cursor.pos - cursor.lineStart === column && this.#isAtColon();
    if (isValue) cursor.pos++;
    builder.set(key, isValue ? this.#block(column, true, true, depth + 1) : null);
  }

  /** A key on its line, up to the colon. */
  #key(mappingStart: number, depth: number): Inline {
    const cursor = this.#cursor;
    const { lineStart } = cursor;
    let properties = none;
    for (;;) {
      const code = cursor.text.charCodeAt(cursor.pos);
      if (code !== 38 && code !== 33) break;
      properties = this.#property(properties);
      skipBlanks(cursor);
    }
    if (this.#isAtColon()) return { value: null, text: "", isPlain: true, start: cursor.pos };
    const key = this.#inlineHead(properties, depth);
    if (cursor.lineStart !== lineStart || !this.#isAtColon()) throw this.#missingColon(key, lineStart, mappingStart);
    this.#named(key.isPlain ? key.text : key.value, properties);
    return key;
  }

  #missingColon(key: Inline, lineStart: number, mappingStart: number): YamlError {
    const cursor = this.#cursor;
    if (key.text === undefined || cursor.lineStart !== lineStart) return this.#unexpected("did not find expected key", mappingStart);
    skipToContent(cursor);
    return syntaxError(cursor, "could not find expected ':'", {
      start: key.start,
      isStructure: false,
      isAtEnd: cursor.pos >= cursor.text.length,
    });
  }

  /** Where only a key could stand, whatever starts here must have its colon on this line. */
  #requireColon(start: number): void {
    const cursor = this.#cursor;
    const { pos, lineStart } = cursor;
    this.#key(start, 0);
    cursor.pos = pos;
    cursor.lineStart = lineStart;
  }

  #isAtColon(): boolean {
    const { text, pos } = this.#cursor;
    let at = pos;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === TAB) at++;
    if (text.charCodeAt(at) !== COLON || !isBlankOrEnd(text.charCodeAt(at + 1))) return false;
    this.#cursor.pos = at;
    return true;
  }

  /** Goes to the next content; undefined at the end of the document, else whether it is at the start of its line. */
  #nextLine(): boolean | undefined {
    const cursor = this.#cursor;
    skipToContent(cursor);
    if (cursor.pos >= cursor.text.length || isDocumentMarker(cursor)) return undefined;
    return isIndentation(cursor);
  }

  #unexpected(problem: string, start: number): YamlError {
    const cursor = this.#cursor;
    const code = cursor.text.charCodeAt(cursor.pos);
    if (code === TAB || code === 64 || code === 96 || code === 37)
      return syntaxError(cursor, "found character that cannot start any token");
    if (code === COLON && isBlankOrEnd(cursor.text.charCodeAt(cursor.pos + 1)))
      return syntaxError(cursor, "mapping values are not allowed in this context");
    return syntaxError(cursor, problem, { start, isStructure: true });
  }

  // Flow style.

  #flow(depth: number): unknown {
    const cursor = this.#cursor;
    if (depth > this.#options.maxDepth) {
      throw new YamlError("TOO_DEEP", `exceeded max depth of ${this.#options.maxDepth}`, this.#place(cursor.pos));
    }
    return cursor.text.charCodeAt(cursor.pos) === 91 ? this.#flowSequence(depth) : this.#flowMapping(depth);
  }

  #flowSequence(depth: number): unknown[] {
    const cursor = this.#cursor;
    const start = cursor.pos;
    const items: unknown[] = [];
    cursor.pos++;
    for (;;) {
      this.#skipInFlow(start);
      const code = cursor.text.charCodeAt(cursor.pos);
      if (code === 93) {
        cursor.pos++;
        return items;
      }
      this.#options.places?.addItem(items, cursor.pos);
      const isExplicit = code === QUESTION;
      if (isExplicit) {
        cursor.pos++;
        this.#skipInFlow(start);
      }
      const item = this.#flowNode(depth + 1);
      this.#skipInFlow(start, "did not find expected ',' or ']'");
      if (isExplicit || cursor.text.charCodeAt(cursor.pos) === COLON) items.push(this.#singlePair(item, depth, start));
      else items.push(item.value);
      this.#flowSeparator(93, "did not find expected ',' or ']'", start);
    }
  }

  /** `[a: b]`: an item that is a mapping of one key. */
  #singlePair(key: Inline, depth: number, start: number): unknown {
    const builder = new MappingBuilder(this.#options, this.#cursor, false);
    builder.set(key, this.#flowValue(depth + 1, start));
    return builder.finish();
  }

  #flowMapping(depth: number): Record<string, unknown> {
    const cursor = this.#cursor;
    const start = cursor.pos;
    const builder = new MappingBuilder(this.#options, this.#cursor, depth === 0);
    cursor.pos++;
    for (;;) {
      this.#skipInFlow(start);
      const code = cursor.text.charCodeAt(cursor.pos);
      if (code === 125) {
        cursor.pos++;
        return builder.finish();
      }
      if (code === QUESTION) {
        cursor.pos++;
        this.#skipInFlow(start);
      }
      const { lineStart } = cursor;
      const isExplicit = code === QUESTION;
      const key = this.#flowNode(depth + 1);
      const isOneLine = isExplicit || cursor.lineStart === lineStart;
      this.#skipInFlow(start, "did not find expected ',' or '}'");
      if (!isOneLine && cursor.text.charCodeAt(cursor.pos) === COLON) {
        throw syntaxError(cursor, "did not find expected ',' or '}'", { start, isStructure: true });
      }
      builder.set(key, this.#flowValue(depth + 1, start));
      this.#flowSeparator(125, "did not find expected ',' or '}'", start);
    }
  }

  /** What follows the colon, if there is one. */
  #flowValue(depth: number, start: number): unknown {
    const cursor = this.#cursor;
    if (cursor.text.charCodeAt(cursor.pos) !== COLON) return null;
    cursor.pos++;
    this.#skipInFlow(start);
    return this.#flowNode(depth).value;
  }

  #flowSeparator(close: number, problem: string, start: number): void {
    const cursor = this.#cursor;
    this.#skipInFlow(start, problem);
    const code = cursor.text.charCodeAt(cursor.pos);
    if (code === 44) cursor.pos++;
    else if (code !== close) throw syntaxError(cursor, problem, { start, isStructure: true });
  }

  #skipInFlow(start: number, problem = "did not find expected node content"): void {
    const cursor = this.#cursor;
    do {
      skipBlanks(cursor);
    } while (skipToContent(cursor) && cursor.text.charCodeAt(cursor.pos) === TAB);
    if (cursor.pos >= cursor.text.length || isDocumentMarker(cursor)) {
      throw syntaxError(cursor, problem, { start, isStructure: true, isAtEnd: true });
    }
  }

  #flowNode(depth: number): Inline {
    const cursor = this.#cursor;
    let properties = none;
    for (;;) {
      const code = cursor.text.charCodeAt(cursor.pos);
      if (code !== 38 && code !== 33) break;
      properties = this.#property(properties);
      this.#skipInFlow(cursor.pos);
    }
    const start = cursor.pos;
    const code = cursor.text.charCodeAt(start);
    // Nothing before a separator: an empty node.
    if (code === 44 || code === 93 || code === 125 || code === COLON) {
      if (code === COLON && !isBlankOrEnd(cursor.text.charCodeAt(start + 1)) && properties === none) {
        throw syntaxError(cursor, "did not find expected node content", { start, isStructure: true });
      }
      return { value: this.#named(this.#empty(properties), properties), text: "", isPlain: true, start };
    }
    if (code === 91 || code === 123) return { value: this.#named(this.#flow(depth), properties), text: undefined, isPlain: false, start };
    if (code === 34 || code === 39) {
      const content = readQuoted(cursor);
      return { value: this.#named(this.#scalar(content, false, properties.tag, start), properties), text: content, isPlain: false, start };
    }
    if (code === 42) return this.#alias(start);
    if (!canStartPlain(code, cursor.text.charCodeAt(start + 1))) throw syntaxError(cursor, "found character that cannot start any token");
    const content = readPlainRest(cursor, readPlainLine(cursor, true), -1, true);
    return { value: this.#named(this.#scalar(content, true, properties.tag, start), properties), text: content, isPlain: true, start };
  }

  // Scalars, anchors and tags.

  #scalar(content: string, isPlain: boolean, tag: string | undefined, start: number): unknown {
    if (tag !== undefined) return this.#requireJson(resolveTagged(content, tag, isPlain, this.#options.flavour, this.#place(start)), start);
    if (!isPlain) return content;
    const resolved = resolvePlain(content, this.#options.flavour);
    if (resolved === undefined) return content;
    if (!resolved.canonical && this.#options.keepsSpelling) return new SpelledScalar(content, this.#requireJson(resolved.value, start));
    return this.#requireJson(resolved.value, start);
  }

  #requireJson(value: unknown, start: number): unknown {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new YamlError("NOT_JSON", `json: unsupported value: ${name}`, { ...this.#place(start), shown: 0 });
  }

  #empty({ tag }: Properties): unknown {
    if (tag === "!!str" || (tag !== undefined && !tag.startsWith("!!"))) return "";
    return this.#options.keepsSpelling ? emptyNull : null;
  }

  /** Remembers a value under its anchor. */
  #named<T>(value: T, { anchor }: Properties): T {
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #alias(start: number): Inline {
    const name = this.#name();
    if (!this.#anchors.has(name)) throw new YamlError("SYNTAX", `unknown anchor '${name}' referenced`, { ...this.#place(start), shown: 0 });
    const value = this.#anchors.get(name);
    this.#hasAliases = true;
    return { value, text: keyText(value), isPlain: false, start };
  }

  /** An anchor or a tag. */
  #property(properties: Properties): Properties {
    const cursor = this.#cursor;
    if (cursor.text.charCodeAt(cursor.pos) === 38) return { ...properties, anchor: this.#name() };
    const start = cursor.pos;
    const isVerbatim = cursor.text.charCodeAt(start + 1) === 60;
    for (;;) {
      const code = cursor.text.charCodeAt(cursor.pos);
      if (isVerbatim && code === 62) {
        cursor.pos++;
        break;
      }
      if (isBlankOrEnd(code) || (!isVerbatim && (code === 44 || code === 91 || code === 93 || code === 123 || code === 125))) break;
      cursor.pos++;
    }
    const tag = cursor.text.slice(start, cursor.pos);
    if (!/^![\w;/?:@&=+$,.!~*'()%<>-]*$/.test(tag)) {
      throw syntaxError(cursor, "did not find expected whitespace or line break", { start, isStructure: false });
    }
    return { ...properties, tag: shortTag(tag) };
  }

  /** The name behind `&` or `*`. */
  #name(): string {
    const cursor = this.#cursor;
    const start = cursor.pos + 1;
    const pattern = /[\w-]*/y;
    pattern.lastIndex = start;
    const name = pattern.exec(cursor.text)?.[0] ?? "";
    cursor.pos = start + name.length;
    if (name === "")
      throw syntaxError(cursor, "did not find expected alphabetic or numeric character", { start: start - 1, isStructure: false });
    return name;
  }

  #place(start: number): { readonly line: number; readonly column: number } {
    const { text } = this.#cursor;
    return { line: lineOf(text, start) + 1, column: start - (text.lastIndexOf("\n", start - 1) + 1) + 1 };
  }
}

/** `key:` without a value, for who wants to know it from `key: null`. */
const emptyNull = new SpelledScalar("", null);

function canStartPlain(code: number, next: number): boolean {
  switch (code) {
    case DASH:
    case QUESTION:
    case COLON:
      return !isBlankOrEnd(next);
    // , [ ] { } # & * ! | > ' " % @ `
    case 44:
    case 91:
    case 93:
    case 123:
    case 125:
    case 35:
    case 38:
    case 42:
    case 33:
    case 124:
    case 62:
    case 39:
    case 34:
    case 37:
    case 64:
    case 96:
    case TAB:
    case NEWLINE:
      return false;
    default:
      return true;
  }
}

/** A value as the text of a key; undefined for what cannot be one. */
function keyText(value: unknown): string | undefined {
  if (value === null) return "null";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return value instanceof SpelledScalar || value instanceof ExactNumber ? String(value) : undefined;
}

/** A mapping that is being read: keys in their order, merges at the end. */
class MappingBuilder {
  readonly mapping: Record<string, unknown> = {};
  readonly #options: ReaderOptions;
  readonly #cursor: Cursor;
  readonly #isRoot: boolean;
  readonly #starts: number[] = [];
  readonly #keys: string[] = [];
  #merged: unknown[] | undefined;
  #hasDuplicates = false;

  constructor(options: ReaderOptions, cursor: Cursor, isRoot: boolean) {
    this.#options = options;
    this.#cursor = cursor;
    this.#isRoot = isRoot;
  }

  set(key: Inline, value: unknown): void {
    if (key.text === "<<" && (key.isPlain || this.#options.flavour === "kyaml")) {
      // kustomize takes every such key away, and merges those that are not quoted.
      if (!key.isPlain) return;
      if (this.#merged !== undefined && this.#options.flavour === "kyaml") throw this.#notJson("duplicate merge key", key.start);
      this.#merged = [...(this.#merged ?? []), ...this.#mappingsOf(value, key.start)];
      return;
    }
    const name = this.#nameOf(key);
    if (this.#options.refusesDuplicates) {
      if (Object.hasOwn(this.mapping, name)) this.#hasDuplicates = true;
      this.#keys.push(name);
      this.#starts.push(key.start);
    }
    if (this.#hasDuplicates && this.#options.duplicates !== undefined && Object.hasOwn(this.mapping, name)) return;
    this.#options.places?.addKey(this.mapping, name, key.start);
    assign(this.mapping, name, value);
  }

  #nameOf({ text, isPlain, start }: Inline): string {
    if (text === undefined) throw this.#notJson("invalid map key: a list or a mapping", start);
    if (!isPlain || this.#options.keysByText) return text;
    const resolved = resolvePlain(text, this.#options.flavour);
    if (resolved === undefined) return text;
    if (this.#options.flavour === "kyaml") {
      // kustomize reads the outermost mapping by text; further in, only strings can be keys of JSON.
      if (this.#isRoot) return text;
      throw this.#notJson("json: unsupported type: map[interface {}]interface {}", start);
    }
    if (resolved.value === null) throw this.#notJson("unsupported map key of type: %!s(<nil>), key: <nil>", start);
    return keyText(resolved.value) ?? text;
  }

  #notJson(problem: string, start: number): YamlError {
    return new YamlError("NOT_JSON", problem, { ...this.#placeOf(start), shown: 0 });
  }

  /** Every pair of keys that are the same. */
  #duplicates(): YamlError {
    const lines: string[] = [];
    let first: number | undefined;
    for (const [index, name] of this.#keys.entries()) {
      for (let other = index + 1; other < this.#keys.length; other++) {
        if (this.#keys[other] !== name) continue;
        const start = this.#starts[other] ?? 0;
        first ??= start;
        const before = this.#placeOf(this.#starts[index] ?? 0).line;
        const rest =
          this.#options.flavour === "kyaml"
            ? `mapping key ${JSON.stringify(name)} already defined at line ${before}`
            : `key ${JSON.stringify(name)} already set in map`;
        lines.push(`\n  line ${this.#placeOf(start).line}: ${rest}`);
      }
    }
    return new YamlError("DUPLICATE_KEY", `unmarshal errors:${lines.join("")}`, { ...this.#placeOf(first ?? 0), shown: 0 });
  }

  #placeOf(start: number): { readonly line: number; readonly column: number } {
    const { text } = this.#cursor;
    return { line: lineOf(text, start) + 1, column: start - (text.lastIndexOf("\n", start - 1) + 1) + 1 };
  }

  /** What `<<` merges: a mapping, or a list of mappings of which the first wins. */
  #mappingsOf(value: unknown, start: number): readonly unknown[] {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of list) {
      if (typeof one !== "object" || one === null || Array.isArray(one) || one instanceof SpelledScalar || one instanceof ExactNumber) {
        throw new YamlError("SYNTAX", "map merge requires map or sequence of maps as the value", { ...this.#placeOf(start), shown: 0 });
      }
    }
    return list;
  }

  finish(): Record<string, unknown> {
    if (this.#hasDuplicates) {
      if (this.#options.duplicates === undefined) throw this.#duplicates();
      this.#options.duplicates.set(this.mapping, this.#duplicates());
    }
    for (const source of this.#merged ?? []) {
      for (const [key, value] of Object.entries(source as Record<string, unknown>)) {
        if (!Object.hasOwn(this.mapping, key)) assign(this.mapping, key, value);
      }
    }
    return this.mapping;
  }
}

/** `__proto__` is a key like any other. */
function assign(mapping: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(mapping, key, { value, enumerable: true, configurable: true, writable: true });
  else mapping[key] = value;
}
