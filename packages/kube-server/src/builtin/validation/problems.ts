// SPDX-License-Identifier: Apache-2.0
import type { FieldError, FieldErrorType } from "@flux-ts/kube-core";

/** Gathers what is wrong with an object, field by field. Lives as long as one validation. */
export class Problems {
  readonly #list: FieldError[] = [];

  get list(): readonly FieldError[] {
    return this.#list;
  }

  get count(): number {
    return this.#list.length;
  }

  add(...errors: readonly FieldError[]): void {
    this.#list.push(...errors);
  }

  required(field: string, detail = ""): void {
    this.#list.push({ type: "FieldValueRequired", field, detail });
  }

  forbidden(field: string, detail: string): void {
    this.#list.push({ type: "FieldValueForbidden", field, detail });
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.#push("FieldValueInvalid", field, value, detail);
  }

  duplicate(field: string, value: unknown, detail = ""): void {
    this.#push("FieldValueDuplicate", field, value, detail);
  }

  notFound(field: string, value: unknown, detail = ""): void {
    this.#push("FieldValueNotFound", field, value, detail);
  }

  /** @param supported in the order in which they are named */
  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const detail = supported.length === 0 ? "" : `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`;
    this.#push("FieldValueNotSupported", field, value, detail);
  }

  tooLong(field: string, limitBytes: number): void {
    this.#list.push({ type: "FieldValueTooLong", field, detail: `may not be more than ${limitBytes} bytes` });
  }

  tooMany(field: string, count: number, limit: number): void {
    this.#push("FieldValueTooMany", field, count, `must have at most ${limit} ${limit === 1 ? "item" : "items"}`);
  }

  /** One problem for each text. */
  invalidFor(field: string, value: unknown, details: readonly string[]): void {
    for (const detail of details) this.invalid(field, value, detail);
  }

  #push(type: FieldErrorType, field: string, value: unknown, detail: string): void {
    this.#list.push({ type, field, value, detail });
  }
}

/** `spec` and `template` → `spec.template`; a field of the object itself has no prefix. */
export function at(path: string, name: string, below = "", deeper = ""): string {
  // Called for every field of every write: no array, no join.
  const first = join(path, name);
  return below === "" ? first : join(join(first, below), deeper);
}

function join(path: string, name: string): string {
  if (name === "") return path;
  return path === "" ? name : `${path}.${name}`;
}

/** The field errors that a validation finds. */
export function problemsOf(validate: (problems: Problems) => void): readonly FieldError[] {
  const problems = new Problems();
  validate(problems);
  return problems.list;
}
