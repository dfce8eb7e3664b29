// SPDX-License-Identifier: Apache-2.0
import { GoMap, Slice, type Value } from "../values.ts";
import { dottedKey } from "./toml-key.ts";

/** The type of a list that `[[…]]` makes. */
const TABLES = "[]map[string]interface {}";

/** Where the reader was before it went into an inline table. */
export interface Place {
  readonly context: readonly string[];
  readonly key: string;
}

/**
 * The tables of a document, the key at hand, and which keys were only implied: those can still be defined.
 *
 * @see BurntSushi/toml parse.go addContext, setValue
 */
export class TomlTables {
  readonly root = new GoMap();
  readonly #fail: (message: string) => never;
  /** The items of lists of tables, which still grow. */
  readonly #lists = new Map<Slice, GoMap[]>();
  readonly #implicit = new Set<string>();
  readonly #arrays = new Set<string>();
  #context: readonly string[] = [];
  #key = "";

  constructor(fail: (message: string) => never) {
    this.#fail = fail;
  }

  get context(): readonly string[] {
    return this.#context;
  }

  get contextText(): string {
    return dottedKey(this.#context);
  }

  /** The key at hand, as error messages name it. */
  get lastKey(): string {
    if (this.#key === "") return dottedKey(this.#context);
    return this.#context.length === 0 ? this.#key : `${dottedKey(this.#context)}.${this.#key}`;
  }

  /** `[key]` or `[[key]]`: what follows goes in there. */
  open(key: readonly string[], isList: boolean): void {
    this.#enter(key, isList);
    this.#arrays.delete(dottedKey(this.#context));
  }

  /** `a.b.c =`: the tables a and a.b are implied. */
  enterKey(key: readonly string[]): void {
    this.#key = key.at(-1) ?? "";
    for (const part of key.slice(0, -1)) {
      const inner = [...this.#context, part];
      this.#implicit.add(dottedKey(inner));
      this.#enter(inner, false);
    }
  }

  /** Back to the table that the key stands in. Outside of inline tables no key is at hand then. */
  leaveKey(context: readonly string[], isInline: boolean): void {
    this.#context = context;
    if (!isInline) this.#key = "";
  }

  /** The value of the key at hand is an array. */
  markList(): void {
    this.#arrays.add(dottedKey([...this.#context, this.#key]));
  }

  enterInline(isInList: boolean): Place {
    const place = { context: this.#context, key: this.#key };
    this.#context = [...this.#context, this.#key];
    this.#key = "";
    this.#implicit.add(dottedKey(this.#context));
    this.#enter(this.#context, isInList);
    return place;
  }

  leaveInline({ context, key }: Place): void {
    this.#context = context;
    this.#key = key;
  }

  /** Sets a key of the table at hand. */
  set(key: string, value: Value): void {
    this.#define(key, value);
    if (!(value instanceof Slice)) this.#arrays.delete(dottedKey([...this.#context, key]));
  }

  /** The table that a value is, or the newest of a list of them. */
  #tableIn(value: Value): GoMap | undefined {
    if (value instanceof GoMap) return value;
    return value instanceof Slice ? this.#lists.get(value)?.at(-1) : undefined;
  }

  #enter(key: readonly string[], isList: boolean): void {
    let table = this.root;
    const parents: string[] = [];
    for (const part of key.slice(0, -1)) {
      parents.push(part);
      if (!table.entries.has(part)) {
        this.#implicit.add(dottedKey(parents));
        table.entries.set(part, new GoMap());
      }
      table = this.#tableIn(table.entries.get(part)) ?? this.#fail(`Key '${dottedKey(parents)}' was already created as a hash.`);
    }
    this.#context = parents;
    const last = key.at(-1) ?? "";
    if (!isList) this.#define(last, new GoMap());
    else {
      if (!table.entries.has(last)) {
        const items: GoMap[] = [];
        const list = new Slice(items, TABLES);
        this.#lists.set(list, items);
        table.entries.set(last, list);
      }
      const list = table.entries.get(last);
      const items = list instanceof Slice ? this.#lists.get(list) : undefined;
      if (items === undefined) this.#fail(`Key '${dottedKey(key)}' was already created and cannot be used as an array.`);
      items.push(new GoMap());
    }
    this.#context = [...parents, last];
  }

  #define(key: string, value: Value): void {
    let table = this.root;
    const path: string[] = [];
    for (const part of this.#context) {
      path.push(part);
      table = this.#tableIn(table.entries.get(part)) ?? this.#fail(`Key '${dottedKey(path)}' has already been defined.`);
    }
    const text = dottedKey([...path, key]);
    if (!table.entries.has(key)) {
      table.entries.set(key, value);
      return;
    }
    if (!this.#implicit.has(text)) this.#fail(`Key '${text}' has already been defined.`);
    this.#implicit.delete(text);
    if (this.#arrays.has(text)) table.entries.set(key, value);
  }
}
